import type { SimulateRun } from "./simulate.js";
import { table } from "./table.js";

type Operation = SimulateRun["operations"][number];

const titles = ["operation", "region", "answered", "refused", "indeterminate", "median", "99 %"] as const;

/** How each operation fared, a line a region: availability and latency side by side. */
export function operationsTable(operations: readonly Operation[]): readonly string[] {
  if (operations.length === 0) return ["no operation was called"];
  return table([titles, ...operations.map(cellsOf)], titles.indexOf("answered"));
}

function cellsOf({ name, region, ok, fail, info, p50Ms, p99Ms }: Operation): string[] {
  const all = ok + fail + info;
  const answered = all === 0 ? "-" : `${((100 * ok) / all).toFixed(1)} %`;
  return [name, region, answered, count(fail), count(info), milliseconds(p50Ms), milliseconds(p99Ms)];
}

const count = (value: number): string => (value === 0 ? "-" : value.toLocaleString("en-US"));
const milliseconds = (value: number | null): string => (value === null ? "-" : `${value.toFixed(1)} ms`);
