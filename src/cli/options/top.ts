import { choice, type Options } from './option.ts';

const FAMILY_ORDERS = ['bytes', 'count', 'growth'] as const;
const REGION_ORDERS = ['resident', 'size', 'address'] as const;

export type FamilyOrder = (typeof FAMILY_ORDERS)[number];
export type RegionOrder = (typeof REGION_ORDERS)[number];

/** How an overview is made, and in which order it is shown. */
export const topOptions = {
  sample: {
    kind: 'flag',
    text: 'By a sample of pages, within half a second: shares with what they may be off by',
  },
  exact: {
    kind: 'flag',
    text: 'By all pages at once; on a terminal, a sample tells first what is about there',
    conflicts: [
      { with: ['sample'], message: '--exact is given, and --sample too', advice: 'give one of them' },
    ],
  },
  by: {
    kind: 'value',
    metavar: 'ORDER',
    default: 'bytes',
    text: 'bytes of text, count of strings, or growth a minute, of a live process',
    ...choice(FAMILY_ORDERS),
  },
  sort: {
    kind: 'value',
    metavar: 'ORDER',
    default: 'resident',
    text: 'resident, size or address',
    ...choice(REGION_ORDERS),
  },
} as const satisfies Options;
