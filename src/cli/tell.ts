import { broken } from './table.ts';
import { LEAST_COLUMNS } from './terminal.ts';

/** Writes what there is to tell to stderr, lines with their ends; on a terminal so broken that they fit. */
export function tell(stderr: NodeJS.WriteStream, text: string): void {
  const width = stderr.isTTY && stderr.columns ? Math.max(LEAST_COLUMNS, stderr.columns) : Infinity;
  const lines = text.split('\n').flatMap((line) => broken(line, width));
  stderr.write(lines.join('\n'));
}
