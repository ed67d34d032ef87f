import { MemscanError } from '../base/errors.ts';
import { ADDON_ADVICE, loadAddon } from './load-addon.ts';

/** The addon's exports: see Addon (addon.ts) and OwnProcess (own-process.ts). Importing this module may throw NO_ADDON. */
export const loaded: unknown = load();

function load(): unknown {
  try {
    return loadAddon();
  } catch (cause) {
    throw new MemscanError(
      'NO_ADDON',
      `memscan's addon does not load: ${(cause as Error).message.split('\n')[0]}`,
      ADDON_ADVICE,
      { cause },
    );
  }
}
