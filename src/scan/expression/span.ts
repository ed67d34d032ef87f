/** Code points from the first to the last, both inclusive. Lists of spans are ordered and do not touch. */
export type Span = readonly [first: number, last: number];
