import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { dollars, figure, percentage } from "../../runtime/src/advice/figures.js";
import {
  capChoices,
  capOf,
  categories,
  costOf,
  costsOf,
  documentDistances,
  guidingQuestions,
  latencyFloor,
  latencyOver,
  levels,
  operationFloor,
  pacelc,
  pacelcSystems,
  regions,
  spectrum,
  vacuumOnly,
} from "../../runtime/src/advice/index.js";
import { root } from "../tidy/source-files.js";

const page = join(root, "docs/advice.md");

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return `\n${[line(head), `|${head.map(() => "---").join("|")}|`, ...rows.map(line)].join("\n")}\n`;
}

const both = ({ partitioned, otherwise }: { readonly partitioned: string; readonly otherwise: string }): string =>
  `${partitioned}/${otherwise}`;

/** What the document's code prints, in the order of the levels. */
const printed = [
  { usd: 25_920, ms: 1, availability: 0.99 },
  { usd: 129_600, ms: 5, availability: 0.999 },
  { usd: 518_400, ms: 225, availability: 0.9995 },
  { usd: 1_296_000, ms: 300, availability: 0.999 },
  { usd: 5_184_000, ms: 450, availability: 0.99 },
];

const some = ["nyc", "san-francisco", "sao-paulo", "london", "frankfurt", "mumbai", "singapore", "tokyo", "sydney"];

const tables: Readonly<Record<string, () => string>> = {
  categories: () =>
    table(
      ["kind", "weakest", "usual", "strongest", "below the weakest, or at it", "source"],
      categories.map(({ name, weakest, usual, strongest, loss, source }) => [
        ...[name, weakest, usual, strongest, loss, source],
      ]),
    ),
  costs: () =>
    table(
      ["level", "$ a month", "the document prints", "ms", "prints", "reads / writes answered", "prints", "complexity"],
      costsOf({ operationsPerSecond: 1_000, distribution: "global" }).map((cost, index) => {
        const document = printed[index];
        const { reads, writes } = cost.availability;
        return [
          cost.level,
          dollars(cost.usdPerMonth),
          dollars(document?.usd ?? Number.NaN),
          figure(cost.latencyMs),
          figure(document?.ms ?? Number.NaN),
          `${percentage(reads)} / ${percentage(writes)}`,
          percentage(document?.availability ?? Number.NaN),
          cost.complexity,
        ];
      }),
    ),
  distances: () =>
    table(
      ["", "km", "one way in vacuum, ms", "the document", "one way in fibre, ms", "round trip in fibre, ms"],
      documentDistances.map(({ name, km, documentMs }) => [
        ...[name, figure(km), figure(latencyOver(km, vacuumOnly).oneWayMs), String(documentMs)],
        ...[figure(latencyOver(km).oneWayMs), figure(latencyOver(km).roundTripMs)],
      ]),
    ),
  count: () => String(regions.length),
  names: () => regions.map(({ name }) => name).join(", "),
  regions: () =>
    table(
      ["", ...some],
      some.map((from) => [from, ...some.map((to) => (from === to ? "-" : figure(latencyFloor(from, to).roundTripMs)))]),
    ),
  cap: () =>
    table(
      ["", "keeps", "gives up", "when the network splits", "example"],
      capChoices.map(({ choice, keeps, givesUp, underPartition, example }) => [
        ...[choice, keeps, givesUp, underPartition, example],
      ]),
    ),
  levels: () => {
    const world = ["nyc", "london", "tokyo"];
    return table(
      ["level", "CAP", "because", "PACELC", "a write from nyc, london, tokyo", "a read"],
      levels.map((level) => {
        const from = (access: "read" | "write"): string => {
          const all = world.map((each) => operationFloor({ level, access, from: each, regions: world }).ms);
          return all.every((ms) => ms === 0) ? "local" : `${all.map((ms) => Math.round(ms)).join(", ")} ms`;
        };
        const { choice, because } = capOf(level);
        return [level, choice, because, both(pacelc(level)), from("write"), from("read")];
      }),
    );
  },
  pacelc: () =>
    table(
      ["system", "PACELC", "trade-off", "the document", "source"],
      pacelcSystems.map(({ document, correction, ...entry }) => [
        entry.system,
        both(entry),
        entry.tradeOff,
        document === undefined ? "-" : correction === undefined ? both(document) : `${both(document)}; ${correction}`,
        entry.source,
      ]),
    ),
  spectrum: () =>
    table(
      ["level", "cost", "speed", "complexity", "good for", "not for", "how people can live with it"],
      spectrum.map(({ level, cost, speed, complexity, goodFor, badFor, mitigation }) => [
        level,
        `${cost}: ${dollars(costOf(level, { operationsPerSecond: 1 }).usdPerMillionOperations)} a million`,
        ...[speed, complexity, goodFor.join("; "), badFor.join("; "), mitigation.join(" ")],
      ]),
    ),
  questions: () =>
    table(
      ["question", "it is about", "where to look"],
      guidingQuestions.map(({ question, about, answeredBy }) => [question, about, answeredBy]),
    ),
};

it("shows what the library exports (--update rewrites the tables)", async () => {
  const text = readFileSync(page, "utf8");
  const named = [...text.matchAll(/<!-- table: (\w+) -->/g)].map(([, name]) => name);
  expect(named.sort()).toEqual(Object.keys(tables).sort());
  const shown = text.replace(
    /<!-- table: (\w+) -->[\s\S]*?<!-- end -->/g,
    (_, name: string) => `<!-- table: ${name} -->${tables[name]?.()}<!-- end -->`,
  );
  await expect(shown).toMatchFileSnapshot(page);
});
