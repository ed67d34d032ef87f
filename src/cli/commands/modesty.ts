import { ownProcess } from '../../native/own-process.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { keepPrivileges, type Privileges } from './drop-privileges.ts';

/** Gives up the rights that the work does not need and, unless it runs at full speed, lets others on the machine go first. */
export function beModest(privileges: Privileges, fullSpeed: boolean, { stderr }: Terminal): void {
  const warning = keepPrivileges(privileges);
  if (warning !== undefined) stderr.write(`memscan: ${warning}\n`);
  if (!fullSpeed) ownProcess.standBack();
}
