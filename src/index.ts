export {
  type Change,
  type ClassChange,
  type Comparison,
  compareSnapshots,
  type FamilyChange,
  type KindChange,
  type RegionChange,
} from './content/compare.ts';
export type { Family, Sample } from './content/family.ts';
export type { Location } from './content/locations.ts';
export type { Placeholder, ShapePart } from './content/shape.ts';
export { shapeText } from './content/shape.ts';
export {
  type FamilyLocations,
  type Snapshot,
  type SnapshotFamily,
  type SnapshotOptions,
  type SnapshotRegion,
  type SnapshotTarget,
  takeSnapshot,
} from './content/snapshot.ts';
export {
  type SampleContent,
  type SampledFamily,
  sampleFamilies,
  type SampleOptions,
} from './content/sample.ts';
export type { Estimate } from './content/sample-estimate.ts';
export { type KeptSnapshots, readSnapshot, readSnapshots, writeSnapshot } from './content/snapshot-file.ts';
export { type TopContent, topFamilies, type TopOptions } from './content/top.ts';
export {
  type Watch,
  type WatchedEnd,
  type WatchOptions,
  type WatchRound,
  watchTarget,
} from './content/watch.ts';
export { type ErrorCode, MemscanError } from './base/errors.ts';
export type { Encoding } from './base/encodings.ts';
export type { PageClass, Signature } from './native/content.ts';
export type { PatternName } from './scan/named/named.ts';
export type { Mode } from './scan/patterns.ts';
export type { PassOptions } from './scan/pass.ts';
export {
  countBytes,
  countPointers,
  type FoundBytes,
  type FoundPointer,
  type HitScan,
  type HitStats,
  scanBytes,
  scanPointers,
} from './scan/hits.ts';
export { type ScanOptions, type ScanStats } from './scan/scan.ts';
export {
  countStrings,
  type FoundString,
  scanStrings,
  type StringOptions,
  type StringScan,
} from './scan/strings.ts';
export type { ProgramEnd } from './proc/lifetime.ts';
export type { KindUsage } from './memory/usage.ts';
export { openTarget } from './targets/open.ts';
export type { HotspotUse, RegionFacts, ThreadFacts } from './memory/facts.ts';
export type { Range } from './memory/ranges.ts';
export type { Coverage } from './memory/coverage.ts';
export type { Region, RegionKind } from './memory/region.ts';
export type { Selection, SelectionOptions } from './memory/selection.ts';
export type { Target } from './targets/target.ts';
