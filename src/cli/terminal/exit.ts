/** Exit codes: those of grep, and 128 + SIGINT, as shells report Ctrl-C. */
export const EXIT = { found: 0, nothing: 1, error: 2, interrupted: 130 } as const;

/** Ctrl-C, SIGTERM or SIGHUP came before there was anything to show. */
export class Interrupted extends Error {}
