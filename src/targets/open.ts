import { openFile } from './file.ts';
import { openProcess } from './process.ts';
import type { Target } from './target.ts';

/**
 * Opens a target: a process by its pid (a number), or a core or another file by its path (a string). Reads the target's map,
 * but no memory yet.
 *
 * @throws MemscanError NO_SUCH_PROCESS, NO_MEMORY_OF_ITS_OWN (a kernel thread or zombie), NOT_PERMITTED, NO_SUCH_FILE,
 * NOT_A_FILE, READ_FAILED
 */
export async function openTarget(target: number | string): Promise<Target> {
  return typeof target === 'number' ? openProcess(target) : openFile(target);
}
