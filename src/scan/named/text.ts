// Patterns of addresses and identifiers.
import { isIPv6 } from 'node:net';

import type { NamedPattern } from './named-pattern.ts';

export const url: NamedPattern = {
  takes: 'scheme://host/…, of the characters that RFC 3986 allows, without closing punctuation',
  expression:
    /(?<![A-Za-z0-9+.-])[A-Za-z][A-Za-z0-9+.-]{0,31}:\/\/[A-Za-z0-9_[](?:[A-Za-z0-9\-._~:/?#[\]@!$&()*+,;=%]{0,8190}[A-Za-z0-9\-_~/#@$&*+=%])?/u,
};

// icon@2x.png, module@1.js: the part that resembles a domain is a file name.
const FILE_NAMES =
  'png|jpe?g|gif|svg|webp|ico|bmp|css|[cm]?[jt]sx?|json|map|html?|xml|ya?ml|md|txt|t?gz|zip|jar|class|dll|exe';

export const email: NamedPattern = {
  takes: 'local@domain.tld, of ASCII; not the name of a file (icon@2x.png)',
  expression: new RegExp(
    String.raw`(?<![A-Za-z0-9._%+@-])[A-Za-z0-9_](?:[A-Za-z0-9._%+-]{0,62}[A-Za-z0-9_%+-])?` +
      String.raw`@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,8}(?!(?:${FILE_NAMES})(?![A-Za-z0-9.-]))[A-Za-z]{2,24}(?![A-Za-z0-9@]|[.-][A-Za-z0-9])`,
    'u',
  ),
};

const OCTET = '(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])';
// Browsers write their versions in this form: Chrome/120.0.0.0.
const PRODUCT =
  '(?:Chrom(?:e|ium)|CriOS|Edg[A-Za-z]*|OPR|OPT|Browser|Vivaldi|Brave|Electron|Messenger|Version|Safari)';
const VERSION = String.raw`(?<![A-Za-z])(?:[Vv]er(?:sion)?|VERSION)["']?[ :=]{1,3}["']?`;

export const ipv4: NamedPattern = {
  takes:
    'four octets; not where it is a version: after "version" or a browser, X.0.0.0, and single digits (1.2.3.4) but of well-known resolvers or with port or prefix length',
  expression: new RegExp(
    String.raw`(?<![\p{L}\p{N}_.-]|${PRODUCT}\/|${VERSION})(?:${OCTET}\.){3}${OCTET}(?![\p{L}\p{N}_]|[.-][\p{L}\p{N}_])`,
    'u',
  ),
  endOf: (text, begin, end) =>
    hasNetwork(text, end) || !looksLikeVersion(text.slice(begin, end)) ? end : undefined,
};

const hasNetwork = (text: string, end: number): boolean =>
  /^(?::[1-9]\d{0,4}|\/(?:[12]?\d|3[0-2]))(?!\w|\.\w)/.test(text.slice(end, end + 8));

const RESOLVERS = new Set(['1.1.1.1', '1.0.0.1', '8.8.8.8', '8.8.4.4', '9.9.9.9', '0.0.0.0']);

const looksLikeVersion = (address: string): boolean =>
  !RESOLVERS.has(address) && (/^\d(?:\.\d){3}$/.test(address) || address.endsWith('.0.0.0'));

export const ipv6: NamedPattern = {
  takes:
    'eight groups, or shortened by "::"; not a::b and the like, of which no group before "::" has a digit',
  expression:
    /(?<![\p{L}\p{N}_:.])(?:[0-9A-Fa-f]{0,4}:){2,7}(?:[0-9A-Fa-f]{1,4}|(?:[0-9]{1,3}\.){3}[0-9]{1,3})?(?![\p{L}\p{N}_:]|\.[\p{L}\p{N}_])/u,
  parts: [/::/u, /[0-9A-Fa-f:]{15}/u],
  endOf: (text, begin, end) => (isAddress(text.slice(begin, end)) ? end : undefined),
};

function isAddress(text: string): boolean {
  if (!isIPv6(text)) return false;
  const [before = '', after] = text.split('::');
  // Eight pairs of digits are another identifier: EUI-64, InfiniBand.
  if (after === undefined) return !/^(?:[0-9A-Fa-f]{2}:){7}[0-9A-Fa-f]{2}$/.test(text);
  if (before === '') return after === '1' || /^(?:ffff:)?(?:\d+\.){3}\d+$/i.test(after);
  return /\d/.test(before) && before.split(':').some(({ length }) => length >= 2);
}

export const uuid: NamedPattern = {
  takes: '8-4-4-4-12 hexadecimal digits of RFC 9562 (versions 1 to 8), of Microsoft, nil or max',
  expression:
    /(?<![0-9A-Za-z])(?:[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-(?:[1-8][0-9A-Fa-f]{3}-[89ABab]|[0-9A-Fa-f]{4}-[CDcd])[0-9A-Fa-f]{3}-[0-9A-Fa-f]{12}|0{8}-0{4}-0{4}-0{4}-0{12}|[Ff]{8}-[Ff]{4}-[Ff]{4}-[Ff]{4}-[Ff]{12})(?![0-9A-Za-z])/u,
};
