import { checkTogether } from './rules.ts';
import { dashed, type Given, optionAt, type OptionName } from './table.ts';
import { commaSeparated } from './values.ts';

/** The text that a word in place of an option's value asks for, as `--find list` does. */
export function answerTo(given: Given): string | undefined {
  for (const [key, texts] of given) {
    const option = optionAt(key);
    if (option.kind === 'flag' || !option.answers) continue;
    const { answers } = option;
    const word = commaSeparated(texts).find((text) => Object.hasOwn(answers, text));
    if (word !== undefined) return answers[word]!();
  }
  return undefined;
}

/** What each of the options is: parsed, its default, or undefined. Throws BAD_OPTION and BAD_PATTERN. */
export function parseOptions(keys: readonly OptionName[], given: Given): Readonly<Record<string, unknown>> {
  checkTogether(given);
  return Object.fromEntries(keys.map((key) => [key, valueOf(key, given.get(key))]));
}

function valueOf(key: OptionName, texts: readonly string[] | undefined): unknown {
  const option = optionAt(key);
  if (option.kind === 'flag') return texts !== undefined;
  if (option.kind === 'list') return option.parse(texts ?? [], dashed(key));
  const text = texts?.at(-1) ?? option.default;
  return text === undefined ? undefined : option.parse(text, dashed(key));
}
