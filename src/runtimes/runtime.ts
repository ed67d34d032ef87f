import type { Part } from '../memory/parts.ts';
import type { ProcessView } from './view.ts';

/** A runtime or an allocator that was detected in a process. */
export interface Runtime {
  /**
   * Returns the parts of the address space that it owns, in any order. A part may span several regions. Reads a bounded
   * amount of memory, whatever the target wrote there.
   */
  parts(): readonly Part[];
}

/** Detects one runtime. */
export interface Detector {
  /** Returns undefined if the process does not have the runtime. */
  detect(view: ProcessView): Runtime | undefined;
}
