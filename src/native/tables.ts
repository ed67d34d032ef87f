import { MemscanError } from '../base/errors.ts';
import { addon } from './addon.ts';
import { readTables } from './load-addon.ts';

let hasTables = false;

/** Loads the tables of encodings. Needed before a scan for other strings than only ASCII or only UTF-8. Throws NO_ADDON. */
export function loadTables(): void {
  try {
    hasTables ||= addon.loadTables(readTables());
  } catch (cause) {
    throw noTables((cause as Error).message.split('\n')[0]!, cause);
  }
  if (!hasTables) throw noTables('the addon was built for other tables');
}

const noTables = (why: string, cause?: unknown): MemscanError =>
  new MemscanError('NO_ADDON', `memscan's tables of encodings do not load: ${why}`, 'install memscan again', {
    cause,
  });
