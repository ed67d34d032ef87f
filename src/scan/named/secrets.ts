// Patterns of secrets, which are masked when shown.
import type { Hidden } from '../pattern.ts';
import type { NamedPattern } from './named-pattern.ts';

const allBut =
  (first: number, last: number) =>
  ({ length }: string): Hidden => {
    const begin = Math.min(first, length);
    return { begin, end: Math.max(begin, length - last) };
  };

const ofKey = allBut(4, 4);

export const jwt: NamedPattern = {
  takes: 'a JSON Web Token: header.payload.signature, of which the header is JSON that names its algorithm',
  expression: /(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,4096}\.eyJ[A-Za-z0-9_-]{4,65536}\.[A-Za-z0-9_-]{0,4096}/u,
  endOf: (text, begin, end) =>
    namesAlgorithm(text.slice(begin, text.indexOf('.', begin))) ? end : undefined,
  hides: ofKey,
  rest: /^[\w.-]*/u,
};

function namesAlgorithm(header: string): boolean {
  try {
    const { alg } = JSON.parse(Buffer.from(header, 'base64url').toString()) as { alg?: unknown };
    return typeof alg === 'string';
  } catch {
    return false;
  }
}

/** About the longest secret, a token, in characters; in UTF-16 each takes two bytes. */
export const LONGEST_SECRET = 74_000;

const KIND = '(?:[A-Z0-9]{2,10} )?PRIVATE KEY(?: BLOCK)?';

// Strings hold no line feed, so a key of several lines spans several strings. The memory around a hit may hold line
// feeds.
export const pemKey: NamedPattern = {
  takes: 'a private key: -----BEGIN … PRIVATE KEY-----, as much of it as is in the same string',
  expression: new RegExp(
    String.raw`-----BEGIN ${KIND}-----(?:[A-Za-z0-9+/=\s]|\\[nr]){0,32768}(?:-----END ${KIND}-----)?`,
    'u',
  ),
  // The first line is no secret.
  hides: (secret) => {
    const begin = secret.indexOf('-----', 5) + 5;
    const end = secret.includes('-----END') ? secret.lastIndexOf('-----END') : secret.length;
    const body = ofKey(secret.slice(begin, end));
    return { begin: begin + body.begin, end: begin + body.end };
  },
  // Of its first line, too: without all of that, what follows is not found.
  rest: /^[A-Z0-9 -]{0,43}(?:[A-Za-z0-9+/=\s]|\\[nr]){0,32768}/u,
};

export const awsKey: NamedPattern = {
  takes: 'an AWS access key id (AKIA…, ASIA…), or a secret access key behind its name',
  expression: new RegExp(
    String.raw`(?<![A-Za-z0-9+/])(?:AKIA|ASIA)[A-Z2-7]{16}(?![A-Za-z0-9+/=])` +
      String.raw`|(?<=(?:secret_access_key|SECRET_ACCESS_KEY|secretAccessKey|SecretAccessKey|SecretKey|secret_key)["'\\]{0,2} {0,4}[:=] {0,4}["'\\]{0,2})[A-Za-z0-9+/]{40}(?![A-Za-z0-9+/=])`,
    'u',
  ),
  hides: ofKey,
  // Of the name before it, too.
  rest: /^(?:[\w"'\\:= ]{0,30}[A-Za-z0-9+/]{40}|[A-Za-z0-9+/]{0,40})/u,
};

// Track 1 of a magnetic stripe has a letter before the number: %B4111…
const CARD_BEGIN = String.raw`(?<![0-9A-Za-z_.]|[0-9][ -])|(?<=%B)`;
const GROUPED = [
  '[0-9]{14,19}',
  ...[' ', '-'].flatMap((by) => [
    `[0-9]{4}(?:${by}[0-9]{4}){3}(?:${by}[0-9]{3})?`,
    `[0-9]{4}${by}[0-9]{6}${by}[0-9]{4,5}`,
    `[0-9]{6}${by}[0-9]{13}`,
  ]),
];

export const creditCard: NamedPattern = {
  takes:
    'a card number of Visa, Mastercard, American Express, Discover, JCB, Diners, UnionPay or Mir, by prefix, length and Luhn digit',
  expression: new RegExp(
    String.raw`(?:${CARD_BEGIN})(?:${GROUPED.join('|')})(?![0-9A-Za-z_]|[ -][0-9]{4}|\.[0-9])`,
    'u',
  ),
  endOf: (text, begin, end) => (isCard(text.slice(begin, end).replace(/[ -]/g, '')) ? end : undefined),
  hides: allBut(6, 4),
  rest: /^[\d -]*\d/u,
};

const ISSUERS: readonly RegExp[] = [
  /^4\d{15}$/, // Visa
  /^(?:5[1-5]\d{2}|222[1-9]|22[3-9]\d|2[3-6]\d{2}|27[01]\d|2720)\d{12}$/, // Mastercard
  /^3[47]\d{13}$/, // American Express
  /^(?:6011|64[4-9]\d|65\d{2})\d{12}$/, // Discover
  /^35(?:2[89]|[3-8]\d)\d{12}$/, // JCB
  /^3(?:0[0-5]|[689]\d)\d{11}$/, // Diners
  /^62\d{14,17}$/, // UnionPay
  /^220[0-4]\d{12}$/, // Mir
];

const isCard = (digits: string): boolean =>
  ISSUERS.some((issuer) => issuer.test(digits)) && hasLuhnDigit(digits);

/** ISO/IEC 7812-1: every second digit, beginning with the last but one, is doubled. */
function hasLuhnDigit(digits: string): boolean {
  const values = [...digits].toReversed().map((digit, i) => Number(digit) * (i % 2 ? 2 : 1));
  return values.reduce((sum, value) => sum + (value > 9 ? value - 9 : value), 0) % 10 === 0;
}
