import type { Vm } from './vm.ts';

/** Addresses of a class and of the ClassLoaderData that owns its memory. */
export interface LoadedClass {
  readonly klass: bigint;
  readonly loader: bigint;
}

// Lists may be long or circular; some of the newest entries are enough.
const MAX_LOADERS = 64;
const MAX_OF_LOADER = 16;
const MAX_CLASSES = 512;
/** Most entries of a list to visit: thousands of classes may come from an archive. */
const MAX_VISITED = 4096;

/** Samples the classes of each loader whose address passes `isWanted`, newest first. */
export function sampleClasses(vm: Vm, isWanted: (address: bigint) => boolean): LoadedClass[] {
  const byLoader = loadersOf(vm).flatMap((loader) => {
    const classes = linked(vm, vm.get(loader, 'ClassLoaderData::_klasses'), 'Klass::_next_link');
    return take(MAX_OF_LOADER, classes, isWanted).map((klass) => ({ klass, loader }));
  });
  return (byLoader.length > 0 ? byLoader : classesByHierarchy(vm, isWanted)).slice(0, MAX_CLASSES);
}

const loadersOf = (vm: Vm): bigint[] =>
  take(MAX_LOADERS, linked(vm, vm.global('ClassLoaderDataGraph::_head'), 'ClassLoaderData::_next'));

/** For JDK 8, whose tables do not link a loader's classes: walks the subclasses of java.lang.Object, arrays included. */
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
  let visited = 0;
  for (const item of items) {
    if (taken.length === count || visited++ === MAX_VISITED) break;
    if (isWanted(item)) taken.push(item);
  }
  return taken;
}
