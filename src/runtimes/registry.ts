import { applyParts } from '../memory/parts.ts';
import type { Region } from '../memory/region.ts';
import { glibc } from './glibc/glibc.ts';
import { hotspot } from './hotspot/hotspot.ts';
import { jit } from './jit/jit.ts';
import type { Detector } from './runtime.ts';
import { threads } from './threads/threads.ts';
import type { ProcessView } from './view.ts';

/**
 * All runtimes that memscan knows. Within a stage, the first detector that claims memory gets it. Each stage sees the regions
 * as earlier stages cut them: the kernel may show a stack, or HotSpot's memory, and malloc's next to it as one region.
 */
const STAGES: readonly (readonly Detector[])[] = [
  [hotspot, threads],
  [glibc, jit],
];

/**
 * Returns the regions of a process, cut and given kinds and facts by what is in their memory, beyond what maps shows. Nothing
 * in the target's memory makes this fail: memory that no detector recognises keeps its kind.
 */
export function classifyRegions(view: ProcessView): readonly Region[] {
  return STAGES.reduce((regions, detectors) => {
    const seen = { ...view, regions };
    return applyParts(
      regions,
      detectors.map((detector) => detector.detect(seen)?.parts() ?? []),
    );
  }, view.regions);
}
