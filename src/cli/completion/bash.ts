import { type CommandWords, commandWords, FILES, LISTS, VALUES } from './words.ts';

/** For bash: to be sourced. It needs no other package. */
export async function script(): Promise<string> {
  const commands = await commandWords();
  const named = commands.filter(({ name }) => name !== '').map(({ name }) => name);
  return `# Completes memscan: source <(memscan completion bash)
_memscan() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD - 1]}
  # bash takes --option=value for three words.
  if [[ $word == = ]]; then
    word=
  elif [[ $before == = ]]; then
    before=\${COMP_WORDS[COMP_CWORD - 2]}
  fi
  local head=\${word%"\${word##*,}"}
  local options positional
  COMPREPLY=()
  case \${COMP_WORDS[1]} in
${commands
  .toSorted((a, b) => b.name.length - a.name.length)
  .map(caseOf)
  .join('\n')}
  esac
  case $before in
${[...VALUES].map(valuesCase).join('\n')}
    ${FILES.flatMap((name) => namesOf(commands, name)).join(' | ')})
      compopt -o filenames
      mapfile -t COMPREPLY < <(compgen -f -- "$word")
      return
      ;;
    ${otherTaking(commands).join(' | ')}) return ;;
  esac
  if [[ $word == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$options" -- "$word")
    return
  fi
  if ((COMP_CWORD == 1)); then positional+=' ${named.join(' ')}'; fi
  mapfile -t COMPREPLY < <(compgen -W "\${positional/PID/$(cd /proc && echo [0-9]*)}" -- "$word")
  if [[ $positional == FILE* ]]; then
    compopt -o filenames
    mapfile -t -O \${#COMPREPLY[@]} COMPREPLY < <(compgen -f -- "$word")
  fi
}
complete -F _memscan memscan
`;
}

function caseOf({ name, options, positional }: CommandWords): string {
  const words = options.flatMap(({ names }) => names).join(' ');
  return `    ${name === '' ? '*' : name}) options='${words}' positional='${positionalWords(positional)}' ;;`;
}

function positionalWords(positional: CommandWords['positional']): string {
  if (typeof positional !== 'string') return positional.join(' ');
  return positional === 'pid' ? 'PID' : 'FILE PID';
}

function valuesCase([name, words]: readonly [string, readonly string[]]): string {
  const [prefix, word] = LISTS.includes(name) ? ['-P "$head" ', '${word##*,}'] : ['', '$word'];
  return `    ${name})
      mapfile -t COMPREPLY < <(compgen ${prefix}-W '${words.join(' ')}' -- "${word}")
      return
      ;;`;
}

/** All names of an option. */
const namesOf = (commands: readonly CommandWords[], name: string): readonly string[] =>
  commands.flatMap(({ options }) => options).find(({ names }) => names.includes(name))?.names ?? [];

/** Options whose values are not known. */
function otherTaking(commands: readonly CommandWords[]): string[] {
  const isKnown = ({ names }: { readonly names: readonly string[] }): boolean =>
    names.some((name) => VALUES.has(name) || FILES.includes(name));
  const taking = commands
    .flatMap(({ options }) => options)
    .filter((option) => option.takesValue && !isKnown(option));
  return [...new Set(taking.flatMap(({ names }) => names))];
}
