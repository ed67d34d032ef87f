import type { Pattern } from '../pattern.ts';

/** What engineers look for often enough for it to have a name. */
export interface NamedPattern {
  /** For people: what it takes for one. */
  readonly takes: string;
  /** Of the flag u. What stands beside a match is looked at in ASCII, where it is a secret's: bytes are searched too. */
  readonly expression: RegExp;
  /** Expressions of which one matches in every match, where the whole says too little of what a match holds. */
  readonly parts?: readonly RegExp[];
  readonly endOf?: Pattern['endOf'];
  readonly hides?: Pattern['hides'];
  readonly rest?: Pattern['rest'];
}
