import { MemscanError } from '../base/errors.ts';
import { addon } from './addon.ts';
import { readTables } from './load-addon.ts';

let hasTables = false;

/** What a scan for other strings than those of ASCII alone, or of UTF-8 alone, needs first. Throws NO_ADDON. */
export function loadTables(): void {
  try {
    hasTables ||= addon.loadTables(readTables());
  } catch (cause) {
    throw noTables((cause as Error).message.split('\n')[0]!, cause);
  }
  if (!hasTables) throw noTables('they are not those that the addon was built for');
}

const noTables = (why: string, cause?: unknown): MemscanError =>
  new MemscanError('NO_ADDON', `memscan's tables of encodings do not load: ${why}`, 'install memscan again', {
    cause,
  });
