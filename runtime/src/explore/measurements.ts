import type { Level } from "../levels.js";

/**
 * What `compare` lays side by side, of many schedules. Counts only, and no share or percentile of them: so those of parallel
 * processes can be added up, and the sum does not depend on how the schedules were dealt out.
 */
export interface Measurements {
  /** Names of checks, `converged` predicates and invariants that were judged at least once. */
  readonly judged: readonly string[];
  /** Every field that was opened, in the order in which that happened first. */
  readonly fields: readonly FieldMeasurement[];
  /** Fields that one transaction worked on at once, largest unions first: each field is in one of them at most. */
  readonly transactions: readonly (readonly string[])[];
  readonly regions: readonly RegionMeasurement[];
  /** What clients asked for, as the table of operations counts it. */
  readonly operations: number;
  /** Fields that could not run as what they were assigned: then the rest says nothing of that. */
  readonly misfits: readonly string[];
  /** Sent between replicas from when the run was ready until its body had ended, rounds of anti-entropy included. */
  readonly messages: number;
}

export interface FieldMeasurement {
  /** `Account.balance` */
  readonly field: string;
  /** What its annotation asks for. */
  readonly annotated: Level;
  /** A copy of another cell: nothing without its mechanism, so that it stays as it is. */
  readonly isCopy: boolean;
  /** Operations on cells that took effect, or may have. */
  readonly operations: number;
  /** Those of them that changed something. */
  readonly mutations: number;
}

export interface RegionMeasurement {
  readonly region: string;
  /** Operations during which a link of the region was cut, be it for a part of the time. */
  readonly cutOff: number;
  /** Those of them that were refused, or of which the client does not know whether they happened. */
  readonly refused: number;
  /** How many were answered in so many tenths of a millisecond, fastest first, partitioned or not. */
  readonly latencies: readonly (readonly [tenths: number, count: number])[];
}

export const noMeasurements: Measurements = {
  judged: [],
  fields: [],
  transactions: [],
  regions: [],
  operations: 0,
  misfits: [],
  messages: 0,
};

/** The measurements of two sets of schedules as if they had been one. */
export function addMeasurements(a: Measurements, b: Measurements): Measurements {
  return {
    judged: [...new Set([...a.judged, ...b.judged])],
    fields: merged(a.fields, b.fields, "field", (one, other) => ({
      ...one,
      operations: one.operations + other.operations,
      mutations: one.mutations + other.mutations,
    })),
    transactions: joined([...a.transactions, ...b.transactions]),
    regions: merged(a.regions, b.regions, "region", (one, other) => ({
      region: one.region,
      cutOff: one.cutOff + other.cutOff,
      refused: one.refused + other.refused,
      latencies: addHistograms(one.latencies, other.latencies),
    })),
    operations: a.operations + b.operations,
    misfits: [...new Set([...a.misfits, ...b.misfits])],
    messages: a.messages + b.messages,
  };
}

type Histogram = readonly (readonly [value: number, count: number])[];

function addHistograms(a: Histogram, b: Histogram): Histogram {
  const counts = new Map(a);
  for (const [value, count] of b) counts.set(value, (counts.get(value) ?? 0) + count);
  return [...counts].sort(([one], [other]) => one - other);
}

/** Nearest rank; undefined without a value. */
export function percentileOf(histogram: Histogram, percent: number): number | undefined {
  let total = 0;
  for (const [, count] of histogram) total += count;
  if (total === 0) return undefined;
  let rank = Math.ceil((total * percent) / 100);
  for (const [value, count] of histogram) {
    rank -= count;
    if (rank <= 0) return value;
  }
  return undefined;
}

/** Those of one name become one; the order is that of first mention. */
function merged<K extends string, T extends Readonly<Record<K, string>>>(
  a: readonly T[],
  b: readonly T[],
  name: K,
  add: (one: T, other: T) => T,
): readonly T[] {
  const byName = new Map<string, T>();
  for (const each of [...a, ...b]) {
    const known = byName.get(each[name]);
    byName.set(each[name], known === undefined ? each : add(known, each));
  }
  return [...byName.values()];
}

/** Sets that share a member become one. */
export function joined(sets: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const groups: Set<string>[] = [];
  for (const set of sets) {
    const group = new Set(set);
    for (const other of groups.filter((each) => set.some((member) => each.has(member)))) {
      for (const member of other) group.add(member);
      groups.splice(groups.indexOf(other), 1);
    }
    groups.push(group);
  }
  return groups.map((group) => [...group].sort()).sort(([a = ""], [b = ""]) => (a < b ? -1 : 1));
}
