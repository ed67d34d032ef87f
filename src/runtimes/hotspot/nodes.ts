import type { Range } from '../../memory/ranges.ts';
import type { Vm } from './vm.ts';

/** Words of a node that hold its reserve, and the possible indexes of the first. */
const NODE_WORDS = 12;
const FIRST_STARTS = [1, 2];
const PAGE = 4096n;

// A node is three to five pointers away from a ClassLoaderData, among about a hundred objects.
const MAX_DEPTH = 5;
const MAX_OBJECTS = 2048;
const OBJECT_WORDS = 20;
const MAX_LISTS = 4;
const MAX_NODES = 1024;

/**
 * Finds lists of nodes reachable from the ClassLoaderData `loader`, following pointers to addresses that pass `isOwn`. HotSpot's
 * tables describe neither nodes nor the objects between. In JDK 8 to 25, a node begins with a link to the node made before it,
 * and holds its reserve's start twice: followed by the length in bytes, and in words.
 * https://github.com/openjdk/jdk8u/blob/master/hotspot/src/share/vm/memory/metaspace.cpp
 * https://github.com/openjdk/jdk/blob/master/src/hotspot/share/memory/metaspace/virtualSpaceNode.hpp
 */
export function* nodesFrom(
  vm: Vm,
  loader: bigint,
  isOwn: (address: bigint) => boolean,
): Generator<readonly Range[]> {
  const seen = new Set([loader]);
  let lists = 0;
  let level = [loader];
  for (let depth = 0; depth <= MAX_DEPTH && level.length > 0; depth++) {
    const next: bigint[] = [];
    for (const object of level) {
      const list = listFrom(vm, object);
      if (list.length > 0) {
        yield list;
        if (++lists === MAX_LISTS) return;
        continue;
      }
      for (const word of vm.memory.words(object, OBJECT_WORDS)) {
        if (word === 0n || word % 8n !== 0n || seen.has(word) || seen.size === MAX_OBJECTS) continue;
        if (!isOwn(word)) continue;
        seen.add(word);
        next.push(word);
      }
    }
    level = next;
  }
}

function listFrom(vm: Vm, first: bigint): Range[] {
  const list = new Map<bigint, Range>();
  let at: bigint | undefined = first;
  while (at !== undefined && !list.has(at) && list.size < MAX_NODES) {
    const node = nodeAt(vm, at);
    if (!node) break;
    list.set(at, node);
    at = vm.memory.word(at);
  }
  return [...list.values()];
}

function nodeAt(vm: Vm, address: bigint): Range | undefined {
  const words = vm.memory.words(address, NODE_WORDS);
  const first = FIRST_STARTS.find((i) => isReserve(words, i));
  if (first === undefined) return undefined;
  const start = words[first]!;
  const length = lengthsOf(words, start).reduce((most, length) => (length > most ? length : most));
  return { start, end: start + length };
}

function isReserve(words: readonly bigint[], first: number): boolean {
  const start = words[first];
  if (!start || start % PAGE !== 0n) return false;
  const lengths = lengthsOf(words, start);
  return lengths.some((length) => length > 0n && length % PAGE === 0n && lengths.includes(length / 8n));
}

const lengthsOf = (words: readonly bigint[], start: bigint): bigint[] =>
  words.flatMap((word, i) => (word === start && i + 1 < words.length ? [words[i + 1]!] : []));
