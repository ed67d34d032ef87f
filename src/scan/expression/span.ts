/** Code points from the first to the last, both included; in order and apart where there are several. */
export type Span = readonly [first: number, last: number];
