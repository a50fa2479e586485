import type { Call } from "./record.js";
import type { OperationStatistics } from "./report.js";

interface Count {
  readonly name: string;
  readonly type: string | undefined;
  readonly region: string;
  ok: number;
  fail: number;
  info: number;
  /** How many took so many tenths of a millisecond: exact enough for percentiles, and of bounded size. */
  readonly latencies: Map<number, number>;
  /** What the last one that failed threw, as long as none has succeeded. */
  lastError: string | null;
}

/** Calls of one name in one region: whole numbers only, so that adding up knows no order. */
export interface OperationCount {
  readonly name: string;
  /** The class that has the method; null for an operation on a cell. */
  readonly type: string | null;
  readonly region: string;
  readonly ok: number;
  readonly fail: number;
  readonly info: number;
  /** How many took so many tenths of a millisecond, ascending. */
  readonly latencies: readonly (readonly [tenths: number, count: number])[];
  /** What the last one that failed threw, as long as none has succeeded. */
  readonly lastError: string | null;
}

/** What the workload asked for and how it fared, over all schedules. */
export class Statistics {
  private readonly counted = new Map<string, Count>();

  /** `describe` words what a call threw. */
  add(calls: readonly Call[], describe: (error: unknown) => string): void {
    for (const call of calls) {
      if (!call.isOutermost || call.isSetup || call.isJudging) continue;
      const count = this.count(call);
      if (call.status === undefined) count.info++;
      else count[call.status]++;
      if (call.status !== "ok") {
        if (count.ok === 0 && call.error !== undefined) count.lastError = describe(call.error);
        continue;
      }
      const tenths = Math.round((call.endedUs - call.startedUs) / 100);
      count.latencies.set(tenths, (count.latencies.get(tenths) ?? 0) + 1);
    }
  }

  merge(others: readonly OperationCount[]): void {
    for (const { name, type, region, ok, fail, info, latencies, lastError } of others) {
      const count = this.count({ name, type: type ?? undefined, region });
      count.ok += ok;
      count.fail += fail;
      count.info += info;
      count.lastError = lastError ?? count.lastError;
      for (const [tenths, times] of latencies) count.latencies.set(tenths, (count.latencies.get(tenths) ?? 0) + times);
    }
  }

  get counts(): readonly OperationCount[] {
    return [...this.counted.values()].map(({ type, latencies, ...count }) => ({
      ...count,
      type: type ?? null,
      latencies: [...latencies].sort(([a], [b]) => a - b),
    }));
  }

  /** Methods that were called and never succeeded, in any region, and what they threw last: they were not tested. */
  get neverSucceeded(): readonly { readonly name: string; readonly lastError: string | null }[] {
    const methods = new Map<string, { readonly name: string; ok: number; lastError: string | null }>();
    for (const { name, type, ok, lastError } of this.counted.values()) {
      if (type === undefined) continue;
      const method = methods.get(`${type}.${name}`) ?? { name, ok: 0, lastError: null };
      method.ok += ok;
      method.lastError = lastError ?? method.lastError;
      methods.set(`${type}.${name}`, method);
    }
    return [...methods.values()].filter(({ ok }) => ok === 0);
  }

  get summary(): readonly OperationStatistics[] {
    const types = new Map<string, Set<string | undefined>>();
    for (const { name, type } of this.counted.values()) types.set(name, (types.get(name) ?? new Set()).add(type));
    // Methods of several classes may have one name: then it is the class that tells them apart.
    const named = ({ name, type }: Pick<Count, "name" | "type">) =>
      type === undefined || types.get(name)?.size === 1 ? name : `${type}.${name}`;
    return [...this.counted.values()].map(({ name, type, region, ok, fail, info, latencies }) => ({
      name: named({ name, type }),
      region,
      ok,
      fail,
      info,
      p50Ms: percentile(latencies, 50),
      p99Ms: percentile(latencies, 99),
    }));
  }

  private count(call: Pick<Call, "name" | "type" | "region">): Count {
    const key = `${call.type} ${call.name} ${call.region}`;
    const found = this.counted.get(key);
    if (found !== undefined) return found;
    const { name, type, region } = call;
    const count: Count = { name, type, region, ok: 0, fail: 0, info: 0, latencies: new Map(), lastError: null };
    this.counted.set(key, count);
    return count;
  }
}

/** Nearest rank, in milliseconds; null without a value. */
function percentile(latencies: ReadonlyMap<number, number>, percent: number): number | null {
  let total = 0;
  for (const count of latencies.values()) total += count;
  if (total === 0) return null;
  let rank = Math.ceil((total * percent) / 100);
  for (const [tenths, count] of [...latencies].sort(([a], [b]) => a - b)) {
    rank -= count;
    if (rank <= 0) return tenths / 10;
  }
  return null;
}
