import type { CompletionOptions } from '../options/completion.ts';
import type { Terminal } from '../terminal.ts';

/** `memscan completion`: prints what makes a shell complete memscan's words. Returns true. Throws BrokenPipe. */
export async function completion({ shell }: CompletionOptions, { stdout }: Terminal): Promise<boolean> {
  const script =
    shell === 'bash' ? await import('../completion/bash.ts') : await import('../completion/zsh.ts');
  await stdout.write([Buffer.from(await script.script())]);
  return true;
}
