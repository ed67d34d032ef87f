/** Shortest string, in characters, where the user names none. */
export const DEFAULT_MIN = 10;
