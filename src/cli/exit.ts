/** Exit codes: as grep has them, and what a shell says of Ctrl-C. */
export const EXIT = { found: 0, nothing: 1, error: 2, interrupted: 130 } as const;

/** Ctrl-C, or another signal that asks to end, came before there was anything to tell. */
export class Interrupted extends Error {}
