import { type CommandText, optionsOf } from '../command-text.ts';
import { hasCommas, type OptionName, spellings, takesValue, valuesOf } from '../options/table.ts';

/** A script for bash, to be sourced. It needs no other package. */
export function bashScript(commands: readonly CommandText[]): string {
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
${valueCases(commands).join('\n')}
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

function caseOf(command: CommandText): string {
  const { name, operands } = command;
  const words = optionsOf(command).flatMap(spellings).join(' ');
  return `    ${name === '' ? '*' : name}) options='${words}' positional='${operandWords(operands)}' ;;`;
}

function operandWords(operands: CommandText['operands']): string {
  if (typeof operands !== 'string') return operands.join(' ');
  return operands === 'pid' ? 'PID' : 'FILE PID';
}

/** One for each option with a value. Two of one name, of different commands, have no words. */
function valueCases(commands: readonly CommandText[]): string[] {
  const keys = [...new Set(commands.flatMap(optionsOf))].filter(takesValue);
  return keys.map((key) => `    ${spellings(key).join(' | ')})\n${offer(key)}      return\n      ;;`);
}

function offer(key: OptionName): string {
  const values = valuesOf(key);
  if (values === undefined) return '';
  if (values === 'file')
    return `      compopt -o filenames\n      mapfile -t COMPREPLY < <(compgen -f -- "$word")\n`;
  const [prefix, word] = hasCommas(key) ? ['-P "$head" ', '${word##*,}'] : ['', '$word'];
  return `      mapfile -t COMPREPLY < <(compgen ${prefix}-W '${values.join(' ')}' -- "${word}")\n`;
}
