/** A value of a file is invalid. The message says where it is and why. */
export class BadValue extends Error {}

/** Copies a value of a file to a new value of the type, or throws BadValue. `where` names the value in messages. */
export type Checked<Value> = (value: unknown, where: string) => Value;

export const numberTo =
  (most: number): Checked<number> =>
  (value, where) => {
    if (Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= most)
      return value as number;
    throw new BadValue(`${where} is not a whole number from 0 to ${most}`);
  };

export const wholeNumber = numberTo(Number.MAX_SAFE_INTEGER);

export const textOf =
  (longest: number): Checked<string> =>
  (value, where) => {
    if (typeof value === 'string' && value.length <= longest) return value;
    throw new BadValue(`${where} is not a text of at most ${longest} characters`);
  };

export const textLike =
  (pattern: RegExp, what: string): Checked<string> =>
  (value, where) => {
    if (typeof value === 'string' && value.length <= 64 && pattern.test(value)) return value;
    throw new BadValue(`${where} is not ${what}`);
  };

const hexadecimal = textLike(/^0x[0-9a-f]{1,16}$/, 'an address');
export const address: Checked<bigint> = (value, where) => BigInt(hexadecimal(value, where));

export const oneOf =
  <Word extends string>(words: readonly Word[]): Checked<Word> =>
  (value, where) => {
    const found = words.find((word) => word === value);
    if (found !== undefined) return found;
    throw new BadValue(`${where} is not one of ${words.join(', ')}`);
  };

export const listOf =
  <Value>(item: Checked<Value>, most: number): Checked<Value[]> =>
  (value, where) => {
    if (Array.isArray(value) && value.length <= most)
      return value.map((one, i) => item(one, `${where}[${i}]`));
    throw new BadValue(`${where} is not a list of at most ${most}`);
  };

type Fields<Value> = { readonly [Name in keyof Value]-?: Checked<Value[Name]> };

/** Reads only the named fields. */
export const objectOf =
  <Value>(fields: Fields<Value>): Checked<Value> =>
  (value, where) => {
    const own = ownFields(value, where);
    const result: Partial<Value> = {};
    for (const name of Object.keys(fields) as (keyof Value & string)[]) {
      const field = fields[name](own(name), `${where}.${name}`);
      if (field !== undefined) result[name] = field;
    }
    return result as Value;
  };

export const optional =
  <Value>(check: Checked<Value>): Checked<Value | undefined> =>
  (value, where) =>
    value === undefined ? undefined : check(value, where);

export const withDefault =
  <Value>(check: Checked<Value>, value: Value): Checked<Value> =>
  (given, where) =>
    given === undefined ? value : check(given, where);

/** A whole number for each of the words, or for some of them. */
export const numbersBy = <Word extends string>(words: readonly Word[]): Checked<Record<Word, number>> =>
  objectOf(Object.fromEntries(words.map((word) => [word, wholeNumber])) as Fields<Record<Word, number>>);

export const someNumbersBy =
  <Word extends string>(words: readonly Word[]): Checked<Partial<Record<Word, number>>> =>
  (value, where) => {
    const own = ownFields(value, where);
    const there = words.filter((word) => own(word) !== undefined);
    return numbersBy(there)(value, where);
  };

/** Reads only own properties: inherited ones do not come from the file. */
function ownFields(value: unknown, where: string): (name: string) => unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new BadValue(`${where} is not an object`);
  return (name) => (Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined);
}
