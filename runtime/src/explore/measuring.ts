import type { SimulatedDeployment } from "../deployment/simulated/deployment.js";
import type { World } from "../simulation/world.js";
import type { RunContext } from "./context.js";
import type { Invariants } from "./invariants.js";
import type { Judged } from "./judges/judged.js";
import { type FieldMeasurement, joined, type Measurements, type RegionMeasurement } from "./measurements.js";
import type { Draft } from "./record.js";
import type { Partitions, Recorder } from "./recorder.js";

/**
 * Whether a region could not reach some other while an operation was under way, be it for a part of the time. What a crash
 * refuses says nothing of partitions: while its node is down, or stands still, a region does not count.
 */
export function partitionsOf(world: World): Partitions {
  const { network } = world;
  const indexOf = (region: string): number | undefined => {
    const index = world.regionIndexOf(region);
    return world.isUp(index) && !world.isPaused(index) ? index : undefined;
  };
  return {
    cutsBegun(region) {
      const index = indexOf(region);
      return index === undefined ? undefined : network.cutsBegunOf(index);
    },
    isCutOffSince(region, cutsBegun) {
      const index = indexOf(region);
      return index !== undefined && network.isCutOffSince(index, cutsBegun);
    },
  };
}

/** What one schedule adds to the measurements, once it has ended. */
export function measure(
  { deployment: { cells, regions, misfits }, recorder: { calls, events } }: Judged,
  { judgements }: RunContext,
  invariants: Invariants,
  messages: number,
): Measurements {
  const evaluated = [...judgements].flatMap(([name, wasJudged]) => (wasJudged ? [name] : []));
  const counted = calls.filter((call) => call.isOutermost && !call.isSetup && !call.isJudging);
  const asked = events.filter((event) => !event.isSetup && !event.isJudging);
  return {
    judged: [...new Set([...evaluated, ...invariants.judged])],
    messages,
    misfits: [...misfits],
    fields: fieldsOf(cells, asked),
    transactions: transactionsOf(cells, asked),
    regions: regions.map((region) => regionOf(region, counted)),
    operations: counted.length,
  };
}

function fieldsOf(cells: SimulatedDeployment["cells"], events: readonly Draft[]): readonly FieldMeasurement[] {
  const fields = new Map<string, { -readonly [K in keyof FieldMeasurement]: FieldMeasurement[K] }>();
  for (const { field, level, annotated = level, mechanism } of cells.values())
    if (!fields.has(field)) {
      const isCopy = mechanism.mechanism === "cache";
      fields.set(field, { field, annotated, isCopy, operations: 0, mutations: 0 });
    }
  for (const { operations } of events)
    for (const { cell, commit } of operations) {
      const field = fields.get(cells.get(cell)?.field ?? "");
      if (field === undefined) continue;
      field.operations++;
      if (commit !== undefined) field.mutations++;
    }
  return [...fields.values()];
}

function transactionsOf(cells: SimulatedDeployment["cells"], events: readonly Draft[]): readonly (readonly string[])[] {
  const sets = events.flatMap(({ transaction, operations }) =>
    transaction ? [[...new Set(operations.flatMap(({ cell }) => cells.get(cell)?.field ?? []))]] : [],
  );
  return joined(sets.filter((set) => set.length > 1));
}

function regionOf(region: string, calls: Recorder["calls"]): RegionMeasurement {
  const latencies = new Map<number, number>();
  let cutOff = 0;
  let refused = 0;
  for (const call of calls) {
    if (call.region !== region) continue;
    if (call.wasCutOff) cutOff++;
    // What never ended is not known to have happened either.
    if (call.wasCutOff && (call.isRefused || call.status === undefined || call.status === "info")) refused++;
    if (call.status !== "ok") continue;
    const tenths = Math.round((call.endedUs - call.startedUs) / 100);
    latencies.set(tenths, (latencies.get(tenths) ?? 0) + 1);
  }
  return { region, cutOff, refused, latencies: [...latencies].sort(([a], [b]) => a - b) };
}
