/** Random access to a target's memory. */
export interface Memory {
  /**
   * Reads `length` bytes (1 to 1 GiB) at `address`. Returns undefined unless all of them are resident and readable now:
   * no page is faulted in. Never take `length` unchecked from the target's memory. Throws BAD_OPTION.
   */
  read(address: bigint, length: number): Buffer | undefined;
  /**
   * Reads `length` bytes at each of `addresses`, which are in order with no two in one page; at most 1 GiB in total. Much
   * faster than one read() each. An entry is undefined unless all its bytes are resident and readable. Throws BAD_OPTION.
   */
  readEach?(addresses: readonly bigint[], length: number): readonly (Buffer | undefined)[];
}
