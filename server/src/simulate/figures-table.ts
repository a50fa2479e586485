import type { SimulateRun } from "./simulate.js";
import { table } from "./table.js";

type Figure = NonNullable<SimulateRun["figures"]>[number];

const titles = ["measured", "least", "median", "99 %", "claimed"] as const;

/** What the scenario measured, beside what somebody says of it; nothing where it measured nothing. */
export function figuresTable(figures: readonly Figure[] = []): readonly string[] {
  if (figures.length === 0) return [];
  const shown = figures.map(({ name, unit, least, median, p99, claim }) => [
    name,
    ...[least, median, p99].map((value) => `${value.toLocaleString("en-US")}${unit === "" ? "" : ` ${unit}`}`),
    claim ?? "",
  ]);
  const claims = shown.some((row) => row.at(-1) !== "") ? [...titles] : titles.slice(0, -1);
  return table([claims, ...shown], 1);
}
