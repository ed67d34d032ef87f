import { applyParts } from '../memory/parts.ts';
import type { Region } from '../memory/region.ts';
import { glibc } from './glibc/malloc.ts';
import { hotspot } from './hotspot/hotspot.ts';
import { jit } from './jit/jit.ts';
import type { Detector } from './runtime.ts';
import { threads } from './threads/threads.ts';
import type { ProcessView } from './view.ts';

/**
 * All runtimes that memscan knows. Of a stage, the first that claims memory has it. A stage sees regions as the stages
 * before it left them: the kernel may show a stack, or HotSpot's memory, and malloc's right behind it as one region.
 */
const STAGES: readonly (readonly Detector[])[] = [
  [hotspot, threads],
  [glibc, jit],
];

/**
 * The regions of a process, told apart by what is in them, beyond what their line of maps says. Nothing in the target's
 * memory makes this fail: what is not recognised stays as vague as it was.
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
