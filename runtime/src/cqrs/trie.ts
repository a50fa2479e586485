import { compareText } from "../data/values.js";

/**
 * Values by text, as plain data that shares what does not change: one more of a hundred thousand entries copies a few
 * short lists, not all of them. The same entries, added in any order, give the same trie. (Bagwell, Ideal Hash Trees,
 * 2001.)
 */
export type Trie<V> = Leaf<V> | Branch<V>;

interface Leaf<V> {
  /** By key, in order. */
  readonly entries: readonly (readonly [key: string, value: V])[];
}

interface Branch<V> {
  /** By four bits of the key's hash, the first ones at the top. */
  readonly branches: readonly Trie<V>[];
}

/** Longest leaf that is not at the end of the hash. */
const longestLeaf = 16;
const bitsPerBranch = 4;
const hashBits = 32;

export const emptyTrie = <V>(): Trie<V> => ({ entries: [] });

export function valueIn<V>(trie: Trie<V>, key: string): V | undefined {
  let [node, hash] = [trie, hashOf(key)];
  for (; "branches" in node; hash >>>= bitsPerBranch) node = node.branches[branchOf(hash)] as Trie<V>;
  return node.entries.find(([each]) => each === key)?.[1];
}

/** With this value in place of the one that the key had. */
export function withValue<V>(trie: Trie<V>, key: string, value: V): Trie<V> {
  return changed(trie, key, hashOf(key), 0, [key, value]);
}

export function withoutKey<V>(trie: Trie<V>, key: string): Trie<V> {
  return changed(trie, key, hashOf(key), 0, undefined);
}

export function keysIn(trie: Trie<unknown>): string[] {
  return "branches" in trie ? trie.branches.flatMap(keysIn) : trie.entries.map(([key]) => key);
}

function changed<V>(
  node: Trie<V>,
  key: string,
  hash: number,
  depth: number,
  entry: readonly [string, V] | undefined,
): Trie<V> {
  if ("branches" in node) {
    const index = branchOf(hash);
    const branch = node.branches[index] as Trie<V>;
    return { branches: node.branches.with(index, changed(branch, key, hash >>> bitsPerBranch, depth + 1, entry)) };
  }
  const others = node.entries.filter(([each]) => each !== key);
  if (entry === undefined) return { entries: others };
  const entries = [...others, entry].sort(([a], [b]) => compareText(a, b));
  const isEnd = depth * bitsPerBranch >= hashBits;
  return entries.length > longestLeaf && !isEnd ? split(entries, depth) : { entries };
}

function split<V>(entries: Leaf<V>["entries"], depth: number): Trie<V> {
  const branches: Trie<V>[] = Array.from({ length: 1 << bitsPerBranch }, () => emptyTrie<V>());
  for (const entry of entries) {
    const hash = hashOf(entry[0]) >>> (depth * bitsPerBranch);
    const index = branchOf(hash);
    branches[index] = changed(branches[index] as Trie<V>, entry[0], hash >>> bitsPerBranch, depth + 1, entry);
  }
  return { branches };
}

const branchOf = (hash: number): number => hash & ((1 << bitsPerBranch) - 1);

/** FNV-1a of the code units, mixed at the end as its low bits alone tell short keys badly apart. */
function hashOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 0;
}
