import { broken } from '../show/table.ts';
import { LEAST_COLUMNS } from './terminal.ts';

/** Writes lines, each with its line feed, to stderr; on a terminal broken so that they fit. */
export function report(stderr: NodeJS.WriteStream, text: string): void {
  const width = stderr.isTTY && stderr.columns ? Math.max(LEAST_COLUMNS, stderr.columns) : Infinity;
  const lines = text.split('\n').flatMap((line) => broken(line, width));
  stderr.write(lines.join('\n'));
}
