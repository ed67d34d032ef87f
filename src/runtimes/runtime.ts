import type { Part } from '../memory/parts.ts';
import type { ProcessView } from './view.ts';

/** A runtime, or an allocator, that was found in a process: whose memory is what. */
export interface Runtime {
  /**
   * The parts of the address space that are its own, and what they are, in any order. They may reach over several regions.
   * What it reads of the target is bounded, whatever the target wrote there.
   */
  parts(): readonly Part[];
}

/** Recognises one runtime. */
export interface Detector {
  readonly name: string;
  /** Undefined where the process has no such runtime. */
  detect(view: ProcessView): Runtime | undefined;
}
