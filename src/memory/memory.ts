/** Looks into a target's memory, for evidence of what it is. */
export interface Memory {
  /**
   * The bytes at `address`. Undefined where not all of them are in memory and readable now: no page is brought in for it.
   * `length` is from 1 byte to 1 GiB; what the target wrote is no measure for it. Throws BAD_OPTION.
   */
  read(address: bigint, length: number): Buffer | undefined;
  /** The same at many addresses, in order and no two in one page, in a fraction of the time: 1 GiB of all together. */
  readEach?(addresses: readonly bigint[], length: number): readonly (Buffer | undefined)[];
}
