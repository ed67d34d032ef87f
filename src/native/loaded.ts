import { MemscanError } from '../base/errors.ts';
import { ADDON_ADVICE, loadAddon } from './load-addon.ts';

/** All that the addon exports: see Addon (addon.ts) and OwnProcess (own-process.ts). Loading this module throws NO_ADDON. */
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
