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
}

/** What the workload asked for and how it fared, over all schedules. */
export class Statistics {
  private readonly counts = new Map<string, Count>();

  add(calls: readonly Call[]): void {
    for (const call of calls) {
      if (!call.isOutermost || call.isSetup || call.isJudging) continue;
      const count = this.count(call);
      if (call.status === undefined) count.info++;
      else count[call.status]++;
      if (call.status !== "ok") continue;
      const tenths = Math.round((call.endedUs - call.startedUs) / 100);
      count.latencies.set(tenths, (count.latencies.get(tenths) ?? 0) + 1);
    }
  }

  /** Methods that were called and never succeeded, in any region: they were not tested. */
  get neverSucceeded(): readonly string[] {
    const successes = new Map<string, { readonly name: string; ok: number }>();
    for (const { name, type, ok } of this.counts.values()) {
      if (type === undefined) continue;
      const method = successes.get(`${type}.${name}`) ?? { name, ok: 0 };
      method.ok += ok;
      successes.set(`${type}.${name}`, method);
    }
    return [...successes.values()].filter(({ ok }) => ok === 0).map(({ name }) => name);
  }

  get summary(): readonly OperationStatistics[] {
    return [...this.counts.values()].map(({ name, region, ok, fail, info, latencies }) => ({
      name,
      region,
      ok,
      fail,
      info,
      p50Ms: percentile(latencies, 50),
      p99Ms: percentile(latencies, 99),
    }));
  }

  private count(call: Call): Count {
    const key = `${call.type} ${call.name} ${call.region}`;
    const found = this.counts.get(key);
    if (found !== undefined) return found;
    const { name, type, region } = call;
    const count: Count = { name, type, region, ok: 0, fail: 0, info: 0, latencies: new Map() };
    this.counts.set(key, count);
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
