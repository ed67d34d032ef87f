import { describe, expect, it } from 'vitest';

import { MAY_BE_SKIPPED, skipText, unlistedSkips, unusedReasons } from './skips.ts';

const LISTED = 'swap > tells swapped memory';

describe('a skip', () => {
  it('is told with what the test says, else with the reason that is listed', () => {
    expect(skipText({ fullName: LISTED, note: 'no swap: EPERM' })).toBe(`${LISTED}: no swap: EPERM`);
    expect(skipText({ fullName: LISTED, note: undefined })).toBe(
      `${LISTED}: there may be no swap, nor the right to make some`,
    );
    expect(skipText({ fullName: 'a test', note: undefined })).toBe('a test: it does not say why');
  });

  it('is listed by the name of its test, whatever the test says', () => {
    const unlisted = { fullName: 'a test', note: 'gdb is not installed' };
    expect(unlistedSkips([{ fullName: LISTED, note: 'no swap' }, unlisted])).toEqual([unlisted]);
    expect(unlistedSkips([])).toEqual([]);
  });
});

describe('a reason', () => {
  it('is unused where no test has its name', () => {
    expect(unusedReasons([])).toHaveLength(MAY_BE_SKIPPED.length);
    const unused = unusedReasons([LISTED, 'a test']);
    expect(unused).toHaveLength(MAY_BE_SKIPPED.length - 1);
    expect(unused).not.toContain(String(/tells swapped memory$/));
    expect(unused).toContain(String(/does not replace a file of another user$/));
  });
});
