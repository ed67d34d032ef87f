import type { Vm } from './vm.ts';

/** A class, and the ClassLoaderData that owns its memory. */
export interface LoadedClass {
  readonly klass: bigint;
  readonly loader: bigint;
}

// Lists may be loops, and long: some of the newest tell enough.
const MAX_LOADERS = 64;
const MAX_OF_LOADER = 16;
const MAX_CLASSES = 512;
/** Classes of a loader that are looked at: those of an archive come in thousands. */
const MAX_LOOKS = 4096;

/** Some of the classes of each loader that are where `isWanted` says, the newest first. */
export function sampleClasses(vm: Vm, isWanted: (address: bigint) => boolean): LoadedClass[] {
  const byLoader = loadersOf(vm).flatMap((loader) => {
    const classes = linked(vm, vm.get(loader, 'ClassLoaderData::_klasses'), 'Klass::_next_link');
    return take(MAX_OF_LOADER, classes, isWanted).map((klass) => ({ klass, loader }));
  });
  return (byLoader.length > 0 ? byLoader : classesByHierarchy(vm, isWanted)).slice(0, MAX_CLASSES);
}

const loadersOf = (vm: Vm): bigint[] =>
  take(MAX_LOADERS, linked(vm, vm.global('ClassLoaderDataGraph::_head'), 'ClassLoaderData::_next'));

/** JDK 8 does not tell a loader's classes, but what extends java.lang.Object, as arrays do. */
function classesByHierarchy(vm: Vm, isWanted: (address: bigint) => boolean): LoadedClass[] {
  const object = vm.get(vm.global('Universe::_boolArrayKlassObj'), 'Klass::_super');
  return take(MAX_CLASSES, descendants(vm, object), isWanted).flatMap((klass) => {
    const loader = vm.get(klass, 'InstanceKlass::_class_loader_data');
    return loader === undefined ? [] : [{ klass, loader }];
  });
}

function* descendants(vm: Vm, klass: bigint | undefined): Generator<bigint> {
  const open = klass === undefined ? [] : [klass];
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    yield next;
    open.push(...take(MAX_CLASSES, linked(vm, vm.get(next, 'Klass::_subklass'), 'Klass::_next_sibling')));
  }
}

function* linked(vm: Vm, first: bigint | undefined, next: string): Generator<bigint> {
  for (let at = first; at !== undefined; at = vm.get(at, next)) yield at;
}

function take(
  count: number,
  items: Iterable<bigint>,
  isWanted: (item: bigint) => boolean = () => true,
): bigint[] {
  const taken: bigint[] = [];
  let looks = 0;
  for (const item of items) {
    if (taken.length === count || looks++ === MAX_LOOKS) break;
    if (isWanted(item)) taken.push(item);
  }
  return taken;
}
