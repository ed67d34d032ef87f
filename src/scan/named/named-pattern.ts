import type { Pattern } from '../pattern.ts';

/** A pattern that is searched for often enough to have a name. */
export interface NamedPattern {
  /** For people: what the pattern accepts. */
  readonly takes: string;
  /**
   * With the flag u. Expressions for secrets test the characters beside a match in ASCII, because they also search
   * bytes.
   */
  readonly expression: RegExp;
  /**
   * Expressions of which at least one matches inside every match. Needed where the whole expression implies too little
   * about the match.
   */
  readonly parts?: readonly RegExp[];
  readonly endOf?: Pattern['endOf'];
  readonly hides?: Pattern['hides'];
  readonly rest?: Pattern['rest'];
}
