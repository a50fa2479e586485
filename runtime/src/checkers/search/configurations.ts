/**
 * The set of configurations (linearised events, state) that a search has been in (Lowe, Testing for Linearizability,
 * 2017). Open addressing over typed arrays; hashes are stored, because recomputing them when the table grows makes
 * the search quadratic.
 */
export class Configurations {
  private hashes = new Int32Array(64);
  /** Index of the entry plus one; 0 is free. */
  private slots = new Int32Array(64);
  private entries: Int32Array;
  private size = 0;

  /** `words` is the length of the bit sets. */
  constructor(private readonly words: number) {
    this.entries = new Int32Array(48 * (words + 1));
  }

  /** Returns whether it is new. */
  add(bits: Int32Array, state: number, hash: number): boolean {
    const mask = this.slots.length - 1;
    let slot = hash & mask;
    for (let entry = this.slots[slot] as number; entry !== 0; entry = this.slots[slot] as number) {
      if (this.hashes[slot] === hash && this.equals(entry - 1, bits, state)) return false;
      slot = (slot + 1) & mask;
    }
    this.append(bits, state);
    this.slots[slot] = this.size;
    this.hashes[slot] = hash;
    if (this.size * 4 > this.slots.length * 3) this.grow();
    return true;
  }

  private equals(entry: number, bits: Int32Array, state: number): boolean {
    const at = entry * (this.words + 1);
    if (this.entries[at] !== state) return false;
    for (let word = 0; word < this.words; word++) if (this.entries[at + 1 + word] !== bits[word]) return false;
    return true;
  }

  private append(bits: Int32Array, state: number): void {
    const at = this.size * (this.words + 1);
    if (at + this.words + 1 > this.entries.length) {
      const entries = new Int32Array(this.entries.length * 2);
      entries.set(this.entries);
      this.entries = entries;
    }
    this.entries[at] = state;
    this.entries.set(bits, at + 1);
    this.size++;
  }

  private grow(): void {
    const { hashes, slots } = this;
    this.hashes = new Int32Array(hashes.length * 2);
    this.slots = new Int32Array(slots.length * 2);
    const mask = this.slots.length - 1;
    for (let old = 0; old < slots.length; old++) {
      if (slots[old] === 0) continue;
      const hash = hashes[old] as number;
      let slot = hash & mask;
      while (this.slots[slot] !== 0) slot = (slot + 1) & mask;
      this.slots[slot] = slots[old] as number;
      this.hashes[slot] = hash;
    }
  }
}

/** A number spread over all 32 bits (the finaliser of MurmurHash3). */
export function spread(number: number): number {
  let hash = Math.imul(number + 1, 0x9e3779b1);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
