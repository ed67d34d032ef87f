import { choice, type Options } from './option.ts';

const FAMILY_ORDERS = ['bytes', 'count', 'growth'] as const;
const REGION_ORDERS = ['resident', 'size', 'address'] as const;

export type FamilyOrder = (typeof FAMILY_ORDERS)[number];
export type RegionOrder = (typeof REGION_ORDERS)[number];

/** How an overview is made, and in which order it is shown. */
export const overviewOptions = {
  sample: {
    kind: 'flag',
    text: 'Estimate from a sample of pages, within half a second, with error bounds',
  },
  exact: {
    kind: 'flag',
    text: 'Show only the exact answer; without it, a terminal gets an estimate first',
    conflicts: [{ with: ['sample'], advice: 'give one of them' }],
  },
  by: {
    kind: 'value',
    metavar: 'ORDER',
    default: 'bytes',
    text: 'Order by bytes of text, count of strings, or growth per minute of a live process',
    ...choice(FAMILY_ORDERS),
  },
  sort: {
    kind: 'value',
    metavar: 'ORDER',
    default: 'resident',
    text: 'Order by resident, size or address',
    ...choice(REGION_ORDERS),
  },
} as const satisfies Options;
