import { type CommandText, optionsOf, textOf } from '../command-text.ts';
import { hasCommas, metavarOf, type OptionName, spellings, valuesOf } from '../options/table.ts';

/** A script for zsh, to be sourced, or to be put into $fpath as _memscan. */
export function zshScript(commands: readonly CommandText[]): string {
  const named = commands.filter(({ name }) => name !== '');
  return `#compdef memscan
# Completes memscan: source <(memscan completion zsh), or put it into a folder of $fpath as _memscan.
_memscan_pids() {
  local -a pids=(/proc/<->(N:t))
  compadd -a pids
}
_memscan_targets() {
  _alternative 'pids:pid:_memscan_pids' 'files:file:_files'
}
_memscan_first() {
  local -a commands=(
${named.map(({ name, summary }) => `    ${quoted(`${name}:${summary}`)}`).join('\n')}
  )
  _describe command commands
  _memscan_targets
}
_memscan() {
  local command=$words[2]
  case $command in
    ${named.map(({ name }) => name).join(' | ')})
      if ((CURRENT > 2)); then
        shift words
        ((CURRENT--))
      else
        command=
      fi
      ;;
    *) command= ;;
  esac
  case $command in
${commands
  .toSorted((a, b) => b.name.length - a.name.length)
  .map(caseOf)
  .join('\n')}
  esac
}
if [[ $funcstack[1] == _memscan ]]; then _memscan "$@"; else compdef _memscan memscan; fi
`;
}

function caseOf(command: CommandText): string {
  const specs = [...optionsOf(command).flatMap((key) => optionSpecs(command, key)), operandSpec(command)];
  const lines = specs.map((spec) => `        ${quoted(spec)}`).join(' \\\n');
  return `    ${command.name === '' ? "''" : command.name})
      _arguments -s \\
${lines}
      ;;`;
}

function operandSpec({ name, operands }: CommandText): string {
  if (typeof operands !== 'string') return `1: :(${operands.join(' ')})`;
  if (name === '') return '1:target:_memscan_first';
  return `1:target:${operands === 'pid' ? '_memscan_pids' : '_memscan_targets'}`;
}

/** One for each name: `*--min=[Shortest string]:N:`; options may be given again. */
function optionSpecs(command: CommandText, key: OptionName): string[] {
  const explanation = `[${escaped(textOf(command, key))}]`;
  const metavar = metavarOf(key);
  const value = metavar === undefined ? '' : `:${escaped(metavar)}:${valueAction(key)}`;
  return spellings(key).map((name) => {
    const assigned = metavar === undefined ? '' : name.startsWith('--') ? '=' : '+';
    return `*${name}${assigned}${explanation}${value}`;
  });
}

const escaped = (text: string): string => text.replace(/[\\[\]:]/g, '\\$&');

function valueAction(key: OptionName): string {
  const values = valuesOf(key);
  if (values === undefined) return ' ';
  if (values === 'file') return '_files';
  return hasCommas(key) ? `_sequence compadd - ${values.join(' ')}` : `(${values.join(' ')})`;
}

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
