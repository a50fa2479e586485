/** A set of small numbers, 32 to a word. All sets that are combined have the same number of words. */
export type Bits = Int32Array;

export const noBits = (words: number): Bits => new Int32Array(words);

export function setBit(bits: Bits, i: number): void {
  bits[i >>> 5] = (bits[i >>> 5] as number) | (1 << (i & 31));
}

export function hasBit(bits: Bits, i: number): boolean {
  return ((bits[i >>> 5] as number) & (1 << (i & 31))) !== 0;
}

/** Adds all of `more` to `bits`. */
export function addAll(bits: Bits, more: Bits): void {
  for (let w = 0; w < more.length; w++) bits[w] = (bits[w] as number) | (more[w] as number);
}

export function isEmpty(bits: Bits): boolean {
  for (let w = 0; w < bits.length; w++) if (bits[w] !== 0) return false;
  return true;
}

/** Whether everything in `part` is in `whole`. */
export function isWithin(part: Bits, whole: Bits): boolean {
  for (let w = 0; w < part.length; w++) if (((part[w] as number) & ~(whole[w] as number)) !== 0) return false;
  return true;
}

/** What is in `wanted` and in `mask`, and not in `present`; undefined when that is nothing. */
export function lacking(wanted: Bits, mask: Bits, present: Bits): Bits | undefined {
  for (let w = 0; w < wanted.length; w++) {
    if (((wanted[w] as number) & (mask[w] as number) & ~(present[w] as number)) === 0) continue;
    const missing = noBits(wanted.length);
    for (let v = w; v < wanted.length; v++)
      missing[v] = (wanted[v] as number) & (mask[v] as number) & ~(present[v] as number);
    return missing;
  }
  return undefined;
}

/** The numbers in the set, ascending. */
export function listed(bits: Bits): number[] {
  const list: number[] = [];
  for (let w = 0; w < bits.length; w++)
    for (let word = bits[w] as number; word !== 0; word &= word - 1) list.push(w * 32 + 31 - Math.clz32(word & -word));
  return list;
}

/** The greatest number in the set, -1 if there is none. */
export function highest(bits: Bits): number {
  for (let w = bits.length - 1; w >= 0; w--) {
    const word = bits[w] as number;
    if (word !== 0) return w * 32 + 31 - Math.clz32(word);
  }
  return -1;
}
