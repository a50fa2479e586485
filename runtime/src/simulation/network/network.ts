import type { Prng } from "../prng.js";
import type { DelayLedger } from "./message-delays.js";
import { latencyFloorUs, type Region } from "./regions.js";

/** Within one region: a datacenter's network and a server's reply. */
const sameRegionUs = 250;
/** Routers and switches on the way, on top of light in fibre. */
const routingUs = 300;

/**
 * What a fault does to messages between regions while it is active: asked about every one of them, as it is sent. It
 * draws from the network's random numbers, and counts what it did.
 */
export interface LinkFault {
  /** Whether it takes the message. */
  loses?(from: number, to: number, random: Prng): boolean;
  /** How long the message takes now, which without this fault would take `delayUs`. */
  delayedUs?(passage: Passage, random: Prng): number;
  /** How long after the message a copy of it arrives; undefined: there is none. */
  copyAfterUs?(from: number, to: number, random: Prng): number | undefined;
}

/** A message on its way between two regions. */
export interface Passage {
  readonly from: number;
  readonly to: number;
  readonly sentUs: number;
  readonly delayUs: number;
}

/**
 * Links between nodes: how long a message takes and whether it gets through. A cut is counted, so that overlapping
 * partitions heal one by one. A message is dropped when its link is cut as it is sent *or* as it would be delivered;
 * nothing is queued (semantics, *A run*).
 */
export class Network {
  private readonly baseUs: Int32Array;
  private readonly cuts: Uint16Array;
  /** Those that are active now, in the order in which they began. */
  readonly faults = new Set<LinkFault>();
  /** Decides how late messages between regions are besides the distance, before faults do; absent: chance alone. */
  strategy: LinkFault | undefined;
  ledger: DelayLedger | undefined;
  /** Messages that a cut dropped, by link. */
  private readonly drops: Uint32Array;
  /** By region, how many of its links are cut now, in either direction, and how often one has been cut so far. */
  private readonly cutLinks: Uint16Array;
  private readonly cutsBegun: Uint32Array;
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
    this.cutLinks = new Uint16Array(this.count);
    this.cutsBegun = new Uint32Array(this.count);
  }

  /** One-way latency without jitter. */
  latencyUs(from: number, to: number): number {
    return this.baseUs[from * this.count + to] as number;
  }

  /** How much longer than the latency one message takes: up to a tenth. */
  drawJitterUs(from: number, to: number): number {
    return this.random.below(Math.floor(this.latencyUs(from, to) / 10) + 100);
  }

  /** How long a message takes that no fault disturbs; `extraUs` of it is chance. */
  undisturbedDelayUs(from: number, to: number, sentUs: number, distanceUs: number, extraUs: number): number {
    let delayUs = distanceUs + extraUs;
    if (this.strategy !== undefined && from !== to)
      delayUs = this.strategy.delayedUs?.({ from, to, sentUs, delayUs }, this.random) ?? delayUs;
    if (this.ledger === undefined) return delayUs;
    return distanceUs + this.ledger.latenessUs(from, to, delayUs - distanceUs);
  }

  isCut(from: number, to: number): boolean {
    return this.cutCount > 0 && (this.cuts[from * this.count + to] as number) > 0;
  }

  /** Whether some fault has a say in what becomes of a message on this link, besides cutting it. */
  isDisturbed(from: number, to: number): boolean {
    return this.faults.size > 0 && from !== to;
  }

  isLost(from: number, to: number): boolean {
    for (const fault of this.faults) if (fault.loses?.(from, to, this.random) === true) return true;
    return false;
  }

  disturbedDelayUs(from: number, to: number, sentUs: number, undisturbedUs: number): number {
    let delayUs = undisturbedUs;
    for (const fault of this.faults) delayUs = fault.delayedUs?.({ from, to, sentUs, delayUs }, this.random) ?? delayUs;
    return delayUs;
  }

  /** How long after the message a copy of it arrives; undefined: there is none. */
  copyAfterUs(from: number, to: number): number | undefined {
    for (const fault of this.faults) {
      const afterUs = fault.copyAfterUs?.(from, to, this.random);
      if (afterUs !== undefined) return afterUs;
    }
    return undefined;
  }

  /** Adds (1) or takes back (−1) one cut of the link in one direction. */
  cut(from: number, to: number, change: 1 | -1): void {
    const link = from * this.count + to;
    const before = this.cuts[link] as number;
    this.cuts[link] = before + change;
    this.cutCount += change;
    if (before + Math.max(0, change) !== 1) return;
    for (const region of [from, to]) {
      this.cutLinks[region] = (this.cutLinks[region] as number) + change;
      if (change > 0) this.cutsBegun[region] = (this.cutsBegun[region] as number) + 1;
    }
  }

  /** Whether a region cannot reach some other, or not be reached, now or at some time since `cutsBegun` was asked. */
  isCutOffSince(region: number, cutsBegun: number): boolean {
    return (this.cutLinks[region] as number) > 0 || this.cutsBegun[region] !== cutsBegun;
  }

  /** What to remember for `isCutOffSince`; one less where a link is cut already. */
  cutsBegunOf(region: number): number {
    return (this.cutsBegun[region] as number) - ((this.cutLinks[region] as number) > 0 ? 1 : 0);
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
