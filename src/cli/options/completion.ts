import { oneOf } from '../../base/options.ts';
import { badOption, newParser, parseArguments } from '../arguments.ts';

export const SHELLS = ['bash', 'zsh'] as const;

export interface CompletionOptions {
  readonly shell: (typeof SHELLS)[number];
}

/** The options, or text to print instead (help, version). Throws BAD_OPTION. */
export async function parseCompletionOptions(args: readonly string[]): Promise<CompletionOptions | string> {
  const given = await parseArguments(describe(), args, []);
  if (typeof given === 'string') return given;
  const [shell, extra] = given._;
  if (shell === undefined || extra !== undefined) {
    throw badOption('one shell is to be named', 'memscan completion bash, or memscan completion zsh');
  }
  return { shell: oneOf('shell', shell, SHELLS) };
}

const USAGE = `memscan completion bash|zsh

Prints what makes the shell complete commands, options and pids.`;

/** The parser of its options. */
export const describe = () =>
  newParser(USAGE)
    .example('source <(memscan completion bash)', 'in ~/.bashrc')
    .example('source <(memscan completion zsh)', 'in ~/.zshrc, after compinit')
    .epilogue('Exit status: 0 printed, 2 error.');
