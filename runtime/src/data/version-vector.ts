/**
 * A mutation's identity: the replica that took it and how many it had taken. One number, so that sets of dots stay
 * cheap: `count * replicaLimit + replica`.
 */
export type Dot = number;

export const replicaLimit = 64;
export const dot = (replica: number, count: number): Dot => count * replicaLimit + replica;
export const replicaOf = (d: Dot): number => d % replicaLimit;
export const countOf = (d: Dot): number => Math.floor(d / replicaLimit);

/**
 * The set of mutations a replica has applied: a version vector for the gap-free prefix of each replica, and the
 * exceptions beyond it (Malkhi and Terry, Concise Version Vectors in WinFS, 2005).
 */
export class VersionVector {
  private constructor(
    private readonly prefix: number[],
    private readonly exceptions: Set<Dot>,
  ) {}

  static empty(replicaCount: number): VersionVector {
    return new VersionVector(new Array<number>(replicaCount).fill(0), new Set());
  }

  has(d: Dot): boolean {
    return countOf(d) <= (this.prefix[replicaOf(d)] ?? 0) || this.exceptions.has(d);
  }

  /** The highest count of `replica` up to which nothing is missing. */
  prefixOf(replica: number): number {
    return this.prefix[replica] ?? 0;
  }

  get size(): number {
    let size = this.exceptions.size;
    for (const count of this.prefix) size += count;
    return size;
  }

  add(d: Dot): void {
    if (this.has(d)) return;
    const replica = replicaOf(d);
    let count = this.prefix[replica] ?? 0;
    if (countOf(d) !== count + 1) {
      this.exceptions.add(d);
      return;
    }
    count++;
    while (this.exceptions.size > 0 && this.exceptions.delete(dot(replica, count + 1))) count++;
    this.prefix[replica] = count;
  }

  join(other: VersionVector): void {
    for (let replica = 0; replica < other.prefix.length; replica++) {
      const count = other.prefix[replica] ?? 0;
      if (count <= (this.prefix[replica] ?? 0)) continue;
      this.prefix[replica] = count;
      for (const d of this.exceptions) if (replicaOf(d) === replica && countOf(d) <= count) this.exceptions.delete(d);
      this.absorb(replica);
    }
    for (const d of other.exceptions) this.add(d);
  }

  /** Whether everything in `other` is in this set too. */
  includes(other: VersionVector): boolean {
    for (let replica = 0; replica < other.prefix.length; replica++) {
      const count = other.prefix[replica] ?? 0;
      for (let c = (this.prefix[replica] ?? 0) + 1; c <= count; c++) if (!this.has(dot(replica, c))) return false;
    }
    for (const d of other.exceptions) if (!this.has(d)) return false;
    return true;
  }

  copy(): VersionVector {
    return new VersionVector(this.prefix.slice(), this.exceptions.size === 0 ? new Set() : new Set(this.exceptions));
  }

  /** Canonical text: equal sets give equal text. */
  toString(): string {
    const exceptions = [...this.exceptions].sort((a, b) => a - b).map((d) => `${replicaOf(d)}:${countOf(d)}`);
    return `[${this.prefix.join(" ")}]${exceptions.length > 0 ? `+${exceptions.join(",")}` : ""}`;
  }

  private absorb(replica: number): void {
    let count = this.prefix[replica] ?? 0;
    while (this.exceptions.size > 0 && this.exceptions.delete(dot(replica, count + 1))) count++;
    this.prefix[replica] = count;
  }
}
