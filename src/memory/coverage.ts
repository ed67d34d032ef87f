/** Bytes of the target's selected address space, by what became of them. They add up to `mapped`. */
export interface Coverage {
  mapped: number;
  scanned: number;
  notResident: number;
  swapped: number;
  /** In memory, but pages of a file. */
  fileBacked: number;
  /** Of kinds, or in regions of a size, that were not chosen. */
  notChosen: number;
  /** Memory that the target has mapped at several places, but for the first. */
  otherViews: number;
  /** Regions that are no memory of the process: vvar, vsyscall, devices, userfaultfd. */
  special: number;
  /** No read permission, or gone when they were to be read. */
  unreadable: number;
  /** Not looked at (yet): what a scan that was stopped leaves. */
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

/** Bytes of which more has become known. */
export function moveBytes(coverage: Coverage, from: keyof Coverage, to: keyof Coverage, bytes: number): void {
  coverage[from] -= bytes;
  coverage[to] += bytes;
}
