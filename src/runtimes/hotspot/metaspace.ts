import { NO_FACTS, type RegionFacts } from '../../memory/facts.ts';
import type { Part } from '../../memory/parts.ts';
import type { Range } from '../../memory/ranges.ts';
import { type Region, regionAt } from '../../memory/region.ts';
import { type LoadedClass, sampleClasses } from './classes.ts';
import { nodesFrom } from './nodes.ts';
import type { Vm } from './vm.ts';

/** Most loaders from which to search. */
const MAX_SEARCHES = 8;

/** Addresses of a class's metadata and of the ClassLoaderData that owns it. */
interface Evidence {
  readonly address: bigint;
  readonly loader: bigint;
}

/** Nodes that are linked to each other: all reserves of one kind of metaspace. */
type List = readonly Range[];

/** Returns metaspace: the lists of reserves that hold metadata of sampled classes, and guesses where no list is found. */
export function metaspaceParts(vm: Vm, regions: readonly Region[]): Part[] {
  const isOwn = (address: bigint): boolean => isWritable(regionAt(regions, address));
  const classes = sampleClasses(vm, isOwn); // without classes of an archive, which lie in a file mapping
  const klasses = classes.map(({ klass, loader }) => ({ address: klass, loader }));
  const contents = classes.flatMap((one) => contentsOf(vm, one)).filter(({ address }) => isOwn(address));
  const lists = findLists(vm, [...contents, ...klasses], isOwn);
  return [
    // Only classes lie in the class space, which exists only with compressed class pointers.
    ...partsOf(lists, contents, NO_FACTS),
    ...partsOf(lists, klasses, { use: 'class-space' }),
    ...guesses(regions, lists, [...contents, ...klasses]),
  ];
}

/** Metadata of a class that is never in the class space: its constants, and the array of its supertypes. */
function contentsOf(vm: Vm, { klass, loader }: LoadedClass): Evidence[] {
  const isInstance = (vm.int(klass, 'Klass::_layout_helper') ?? 0) > 0; // classes of arrays have no constants
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

/** For metadata in no known node: its whole region, into which the kernel may have merged neighbours. */
function guesses(regions: readonly Region[], lists: readonly List[], evidence: readonly Evidence[]): Part[] {
  const unknown = evidence.filter(({ address }) => !lists.some((list) => holds(list, address)));
  const found = new Set(unknown.flatMap(({ address }) => regionAt(regions, address) ?? []));
  return [...found]
    .filter(({ kind }) => kind === 'anon')
    .filter((region) => !lists.flat().some((node) => node.start < region.end && region.start < node.end))
    .map(({ start, end }): Part => ({ start, end, kind: 'metaspace', facts: { isGuess: true } }));
}

const holds = (ranges: readonly Range[], address: bigint): boolean =>
  ranges.some(({ start, end }) => address >= start && address < end);

/** Whether pointers into the region are followed: metaspace is anonymous memory, its bookkeeping is in malloc's heap. */
const isWritable = (region: Region | undefined): boolean =>
  region?.perms === 'rw-p' && (region.kind === 'anon' || region.kind === 'heap');
