import { MemscanError } from '../base/errors.ts';
import { readEach } from '../memory/reads.ts';
import type { Source } from '../native/source.ts';
import { Opened } from './opened.ts';

/** The common part of targets that are files: cores and others. All their memory can be read at any time. */
export abstract class StoredTarget {
  abstract readonly kind: 'core' | 'file';

  private readonly opened: Opened;

  constructor(
    readonly name: string,
    source: Source,
  ) {
    this.opened = new Opened(`the file ${name}`, source);
  }

  get source(): Source {
    return this.opened.source;
  }

  get title(): string {
    return `${this.kind} ${this.name}`;
  }

  memoryLimit(): undefined {
    return undefined;
  }

  read(address: bigint, length: number): Buffer | undefined {
    return this.readEach([address], length)[0];
  }

  readEach(addresses: readonly bigint[], length: number): readonly (Buffer | undefined)[] {
    return readEach(this.source, addresses, length, false);
  }

  endedError(): MemscanError {
    return new MemscanError(
      'TARGET_ENDED',
      `the ${this.kind} ${this.name} ended during the scan`,
      'scan it again',
    );
  }

  notPermittedError(): MemscanError {
    return new MemscanError(
      'NOT_PERMITTED',
      `not permitted to read the file ${this.name}`,
      'run memscan as its owner',
    );
  }

  close(): void {
    this.opened.close();
  }
}
