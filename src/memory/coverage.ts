/** Bytes of the selected address space, by outcome. The outcomes add up to `mapped`. */
export interface Coverage {
  mapped: number;
  scanned: number;
  notResident: number;
  swapped: number;
  /** Resident pages of mapped files, which the selection leaves out. */
  fileBacked: number;
  /** In regions whose kind or size the selection leaves out. */
  notChosen: number;
  /** Further mappings of memory that is mapped at several addresses and was counted at the first. */
  otherViews: number;
  /** Regions that memscan never reads: vvar, vsyscall, devices, memory registered with userfaultfd. */
  special: number;
  /** Without read permission, or gone before they were read. */
  unreadable: number;
  /** Not read yet; after a stopped scan, what it left unread. */
  notReached: number;
}

export const noCoverage = (): Coverage => ({
  mapped: 0,
  scanned: 0,
  notResident: 0,
  swapped: 0,
  fileBacked: 0,
  notChosen: 0,
  otherViews: 0,
  special: 0,
  unreadable: 0,
  notReached: 0,
});

/** Moves bytes from one outcome to another. */
export function moveBytes(coverage: Coverage, from: keyof Coverage, to: keyof Coverage, bytes: number): void {
  coverage[from] -= bytes;
  coverage[to] += bytes;
}
