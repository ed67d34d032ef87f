import { joinRanges } from '../memory/ranges.ts';
import type { Target } from '../targets/target.ts';

/** Where a pointer of a target may point: its mapped addresses, as [start, end) pairs in order, without overlap. */
export const pointerRanges = (target: Target): BigUint64Array<ArrayBuffer> =>
  BigUint64Array.from(joinRanges(target.classifyRegions()).flatMap(({ start, end }) => [start, end]));
