// Starts the service of demo/, whose leak memscan is shown with.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../demo/leak.mjs', import.meta.url));

/** Resolves when its memory is full. It ends with this process. */
export async function startLeakingService() {
  // The service ends with its standard input, too: whatever becomes of this script, it is not left behind.
  const service = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'inherit'] });
  process.on('exit', () => service.kill('SIGKILL'));
  const [ready] = await once(createInterface({ input: service.stdout }), 'line');
  const [, pid, messages] = ready.split(' ');
  return { pid, messages };
}
