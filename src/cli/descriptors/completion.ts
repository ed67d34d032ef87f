import { oneOf } from '../../base/option-checks.ts';
import { defineCommand } from '../command.ts';
import type { CompletionOptions } from '../completion/completion.ts';
import { badOption } from '../mistake.ts';

const SHELLS = ['bash', 'zsh'] as const;

export const completion = defineCommand({
  name: 'completion',
  usage: ['memscan completion bash|zsh'],
  summary: 'prints the completion script of a shell',
  description: 'Prints a script that makes the shell complete commands, options and pids.',
  operands: SHELLS,
  groups: [['Other', ['help', 'version']]],
  examples: [
    ['source <(memscan completion bash)', 'in ~/.bashrc'],
    ['source <(memscan completion zsh)', 'in ~/.zshrc, after compinit'],
  ],
  exitStatus: '0 printed, 2 error',
  parse: (_given, [shell, extra]): CompletionOptions => {
    if (shell !== undefined && extra === undefined) return { shell: oneOf('shell', shell, SHELLS) };
    throw badOption('name one shell', 'memscan completion bash, or memscan completion zsh');
  },
  load: async () => (await import('../completion/completion.ts')).completion,
});
