import type { OptionHelp } from '../help.ts';
import { type CommandWords, commandWords, FILES, LISTS, VALUES } from './words.ts';

/** For zsh: to be sourced, or to be put into $fpath as _memscan. */
export async function script(): Promise<string> {
  const commands = await commandWords();
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
${named.map(({ name, text }) => `    ${quoted(`${name}:${text}`)}`).join('\n')}
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

function caseOf({ name, options, positional }: CommandWords): string {
  const specs = [...options.flatMap(optionSpecs), positionalSpec(name, positional)];
  const lines = specs.map((spec) => `        ${quoted(spec)}`).join(' \\\n');
  return `    ${name === '' ? "''" : name})
      _arguments -s \\
${lines}
      ;;`;
}

function positionalSpec(name: string, positional: CommandWords['positional']): string {
  if (typeof positional !== 'string') return `1: :(${positional.join(' ')})`;
  if (name === '') return '1:target:_memscan_first';
  return `1:target:${positional === 'pid' ? '_memscan_pids' : '_memscan_targets'}`;
}

/** One for each name: `--min=[Shortest string]:value:`; all but flags may be given again. */
function optionSpecs({ names, takesValue, text }: OptionHelp): string[] {
  const explanation = `[${text.replace(/[\\[\]:]/g, '\\$&')}]`;
  const long = names.at(-1)!;
  const value = takesValue ? `:value:${valueAction(long)}` : '';
  return names.map((name) => {
    const assigned = takesValue ? (name.startsWith('--') ? '=' : '+') : '';
    return `*${name}${assigned}${explanation}${value}`;
  });
}

function valueAction(name: string): string {
  const words = VALUES.get(name);
  if (FILES.includes(name)) return '_files';
  if (!words) return ' ';
  return LISTS.includes(name) ? `_sequence compadd - ${words.join(' ')}` : `(${words.join(' ')})`;
}

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
