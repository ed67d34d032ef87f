// Starts the service of demo/, on whose leak memscan is demonstrated.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../demo/leak.mjs', import.meta.url));

/** Resolves when the service's memory is full. The service ends with this process. */
export async function startLeakingService() {
  // The service also ends when its standard input closes, so that it never outlives this script.
  const service = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'inherit'] });
  process.on('exit', () => service.kill('SIGKILL'));
  const [ready] = await once(createInterface({ input: service.stdout }), 'line');
  const [, pid, messages] = ready.split(' ');
  return { pid, messages };
}
