import { NO_FACTS, type RegionFacts } from '../../memory/facts.ts';
import type { Part } from '../../memory/parts.ts';
import { firstEndingAfter, type Range } from '../../memory/ranges.ts';
import type { Region } from '../../memory/region.ts';
import { type LoadedClass, sampleClasses } from './classes.ts';
import { nodesFrom } from './nodes.ts';
import type { Vm } from './vm.ts';

/** Loaders that are started from to find what none of those before led to. */
const MAX_SEARCHES = 8;

/** What a class is made of, and the ClassLoaderData that owns it. */
interface Evidence {
  readonly address: bigint;
  readonly loader: bigint;
}

/** The nodes of one kind of metaspace. */
type List = readonly Range[];

/** Metaspace: all reserves of which some are known to hold what classes are made of. */
export function metaspaceParts(vm: Vm, regions: readonly Region[]): Part[] {
  const isOwn = (address: bigint): boolean => isWritable(regionOf(regions, address));
  const classes = sampleClasses(vm, isOwn); // not those of an archive, which are a file's
  const klasses = classes.map(({ klass, loader }) => ({ address: klass, loader }));
  const contents = classes.flatMap((one) => contentsOf(vm, one)).filter(({ address }) => isOwn(address));
  const lists = findLists(vm, [...contents, ...klasses], isOwn);
  return [
    // The class space has but classes in it. (There is none without compressed class pointers.)
    ...partsOf(lists, contents, NO_FACTS),
    ...partsOf(lists, klasses, { use: 'class-space' }),
    ...guesses(regions, lists, [...contents, ...klasses]),
  ];
}

/** What belongs to a class, and is never in the space of classes: its constants, and the array of what it extends. */
function contentsOf(vm: Vm, { klass, loader }: LoadedClass): Evidence[] {
  const isInstance = (vm.int(klass, 'Klass::_layout_helper') ?? 0) > 0; // not an array's, which has no constants
  const constants = isInstance ? vm.get(klass, 'InstanceKlass::_constants') : undefined;
  return [constants, vm.get(klass, 'Klass::_secondary_supers')].flatMap((address) =>
    address === undefined ? [] : [{ address, loader }],
  );
}

function findLists(vm: Vm, evidence: readonly Evidence[], isOwn: (address: bigint) => boolean): List[] {
  const lists: List[] = [];
  const isFound = ({ address }: Evidence): boolean => lists.some((list) => holds(list, address));
  const loaders = new Set(evidence.map(({ loader }) => loader));
  for (const loader of [...loaders].slice(0, MAX_SEARCHES)) {
    const wanted = evidence.filter((one) => one.loader === loader);
    if (wanted.every(isFound)) continue;
    for (const list of nodesFrom(vm, loader, isOwn)) {
      lists.push(list);
      if (wanted.every(isFound)) break;
    }
  }
  return lists;
}

const partsOf = (lists: readonly List[], evidence: readonly Evidence[], facts: RegionFacts): Part[] =>
  lists
    .filter((list) => evidence.some(({ address }) => holds(list, address)))
    .flatMap((list) => list.map(({ start, end }): Part => ({ start, end, kind: 'metaspace', facts })));

/** Where no node tells the bounds, those of the region: neighbours may have merged into it. */
function guesses(regions: readonly Region[], lists: readonly List[], evidence: readonly Evidence[]): Part[] {
  const unknown = evidence.filter(({ address }) => !lists.some((list) => holds(list, address)));
  const found = new Set(unknown.flatMap(({ address }) => regionOf(regions, address) ?? []));
  return [...found]
    .filter(({ kind }) => kind === 'anon')
    .filter((region) => !lists.flat().some((node) => node.start < region.end && region.start < node.end))
    .map(({ start, end }): Part => ({ start, end, kind: 'metaspace', facts: { isGuess: true } }));
}

const holds = (ranges: readonly Range[], address: bigint): boolean =>
  ranges.some(({ start, end }) => address >= start && address < end);

function regionOf(regions: readonly Region[], address: bigint): Region | undefined {
  const region = regions[firstEndingAfter(regions, address)];
  return region && region.start <= address ? region : undefined;
}

/** Metaspace, and the heap that malloc takes its memory from, are the process's own. */
const isWritable = (region: Region | undefined): boolean =>
  region?.perms === 'rw-p' && (region.kind === 'anon' || region.kind === 'heap');
