import type { Prng } from "../prng.js";
import { latencyFloorUs, type Region } from "./regions.js";

/** Within one region: a datacenter's network and a server's reply. */
const sameRegionUs = 250;
/** Routers and switches on the way, on top of light in fibre. */
const routingUs = 300;

/**
 * Links between nodes: how long a message takes and whether it gets through. A cut is counted, so that overlapping
 * partitions heal one by one. A message is dropped when its link is cut as it is sent *or* as it would be delivered;
 * nothing is queued (semantics, *A run*).
 */
export class Network {
  private readonly baseUs: Int32Array;
  private readonly cuts: Uint16Array;
  /** `loss` faults that are active: each takes its share of the messages between regions, and counts them. */
  readonly losses = new Set<{ readonly permille: number; lost: number }>();
  /** Messages that a cut dropped, by link. */
  private readonly drops: Uint32Array;
  private readonly count: number;
  private cutCount = 0;

  /** Nodes of one region share its links: `from` and `to` below are indices of `regions`. */
  constructor(
    regions: readonly Region[],
    private readonly random: Prng,
  ) {
    this.count = regions.length;
    this.baseUs = baseLatencies(regions);
    this.cuts = new Uint16Array(this.count * this.count);
    this.drops = new Uint32Array(this.count * this.count);
  }

  /** One-way latency without jitter. */
  latencyUs(from: number, to: number): number {
    return this.baseUs[from * this.count + to] as number;
  }

  /** A delay for one message: the base latency and up to a tenth more. */
  drawDelayUs(from: number, to: number): number {
    const base = this.latencyUs(from, to);
    return base + this.random.below(Math.floor(base / 10) + 100);
  }

  isCut(from: number, to: number): boolean {
    return this.cutCount > 0 && (this.cuts[from * this.count + to] as number) > 0;
  }

  /** Whether a `loss` fault takes this message. */
  isLost(from: number, to: number): boolean {
    if (this.losses.size === 0 || from === to) return false;
    for (const loss of this.losses)
      if (this.random.chance(loss.permille, 1000)) {
        loss.lost++;
        return true;
      }
    return false;
  }

  /** Adds (1) or takes back (−1) one cut of the link in one direction. */
  cut(from: number, to: number, change: 1 | -1): void {
    const link = from * this.count + to;
    this.cuts[link] = (this.cuts[link] as number) + change;
    this.cutCount += change;
  }

  countDrop(from: number, to: number): void {
    const link = from * this.count + to;
    this.drops[link] = (this.drops[link] as number) + 1;
  }

  dropsOn(from: number, to: number): number {
    return this.drops[from * this.count + to] as number;
  }
}

const known = new Map<string, Int32Array>();

/** Computed once for each list of regions: a schedule takes less time than the trigonometry. */
function baseLatencies(regions: readonly Region[]): Int32Array {
  const key = regions.map((region) => `${region.name}@${region.latitude},${region.longitude}`).join(" ");
  const found = known.get(key);
  if (found !== undefined) return found;
  const latencies = new Int32Array(regions.length * regions.length);
  regions.forEach((a, from) => {
    regions.forEach((b, to) => {
      latencies[from * regions.length + to] = from === to ? sameRegionUs : latencyFloorUs(a, b) + routingUs;
    });
  });
  known.set(key, latencies);
  return latencies;
}
