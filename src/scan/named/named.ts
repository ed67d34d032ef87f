import { MemscanError } from '../../base/errors.ts';
import { unionOf } from '../condition-lists.ts';
import { expressionPattern, type Pattern } from '../pattern.ts';
import { httpRequest, json, sql } from './formats.ts';
import type { NamedPattern } from './named-pattern.ts';
import { awsKey, creditCard, jwt, pemKey } from './secrets.ts';
import { email, ipv4, ipv6, url, uuid } from './text.ts';

export const NAMED = {
  url,
  email,
  ipv4,
  ipv6,
  uuid,
  jwt,
  'pem-key': pemKey,
  'aws-key': awsKey,
  'credit-card': creditCard,
  'http-request': httpRequest,
  json,
  sql,
} as const satisfies Record<string, NamedPattern>;

export type PatternName = keyof typeof NAMED;

export const PATTERN_NAMES = Object.keys(NAMED) as readonly PatternName[];

/** Returns a named pattern. For `linear` see PatternOptions. Throws BAD_OPTION. */
export async function findNamed(
  name: PatternName,
  options: { readonly linear?: boolean } = {},
): Promise<Pattern> {
  if (!Object.hasOwn(NAMED, name)) {
    throw new MemscanError('BAD_OPTION', `unknown pattern: ${name}`, `one of: ${PATTERN_NAMES.join(', ')}`);
  }
  const { expression, parts = [], endOf, hides, rest }: NamedPattern = NAMED[name];
  const whole = await expressionPattern(name, expression, options.linear);
  const some = await Promise.all(parts.map((part) => expressionPattern(name, part)));
  const conditions = unionOf((some.length > 0 ? some : [whole]).map((pattern) => pattern.conditions));
  // A string that meets a condition need not match: endOf() decides.
  return {
    ...whole,
    conditions: conditions.map((condition) => ({ ...condition, isExact: false })),
    endOf,
    hides,
    rest,
  };
}
