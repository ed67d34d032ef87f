import type { CommandText } from '../command-text.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { bashScript } from './bash.ts';
import { zshScript } from './zsh.ts';

export interface CompletionOptions {
  readonly shell: 'bash' | 'zsh';
}

/** `memscan completion`: prints the script that completes memscan's words in a shell. Returns true. Throws BrokenPipe. */
export async function completion(
  { shell }: CompletionOptions,
  { stdout }: Terminal,
  commands: readonly CommandText[],
): Promise<boolean> {
  const script = shell === 'bash' ? bashScript(commands) : zshScript(commands);
  await stdout.write([Buffer.from(script)]);
  return true;
}
