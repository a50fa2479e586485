import { documentPrices } from "../../../runtime/src/advice/cost/index.js";
import type { Weakest } from "../../../runtime/src/explore/compare/weakest.js";
import type { Level } from "../../../runtime/src/levels.js";
import { schedules } from "../simulate/reasons.js";
import type { Style } from "../simulate/style.js";
import { table } from "../simulate/table.js";
import { wrap } from "../simulate/wrap.js";
import type { CompareDocument, InvariantComparison, LevelComparison } from "./compare.js";
import { isPromise } from "./level-comparison.js";
import type { SearchSpace } from "./search.js";

export interface Compared {
  readonly document: CompareDocument;
  readonly schedules: number;
  readonly seed: number;
  readonly space: SearchSpace;
  /** Undefined where the comparison was stopped before the search. */
  readonly weakest: Weakest | undefined;
  /** How many assignments of levels were run, those at one level included. */
  readonly assignments: number;
  /** Why a level could not be judged. */
  readonly reasons: ReadonlyMap<Level, string>;
  /** What stopped it. */
  readonly stopped: string | undefined;
}

const indent = (lines: readonly string[]): readonly string[] => lines.map((line) => `  ${line}`.trimEnd());

/** The five levels side by side, and the weakest that suffices. */
export function renderComparison(compared: Compared, style: Style, width: number): string {
  const { document } = compared;
  const budget = `${schedules(compared.schedules)} for each assignment of levels, from seed ${compared.seed}`;
  return [
    style.bold(`${document.target} at ${document.levels.length === 5 ? "all five" : document.levels.length} levels`),
    ...indent([budget, ""]),
    ...indent(comparisonTable(document.levels, style)),
    "",
    ...[...new Set(compared.reasons.values())].flatMap((reason) =>
      indent(wrap(`${style.doubtful("?")} ${levelsWith(reason, compared.reasons)}: ${reason}`, width - 2)),
    ),
    ...indent(conclusion(compared, style, width - 2)),
    "",
  ].join("\n");
}

const levelsWith = (reason: string, reasons: Compared["reasons"]): string =>
  [...reasons].flatMap(([level, other]) => (other === reason ? [level] : [])).join(", ");

function comparisonTable(levels: readonly LevelComparison[], style: Style): readonly string[] {
  if (levels.length === 0) return [];
  const row = (title: string, cell: (level: LevelComparison) => string): readonly string[] => [
    title,
    ...levels.map(cell),
  ];
  const names = [...new Set(levels.flatMap(({ level, invariants }) => rowsOf(level, invariants)))];
  const regions = [...new Set(levels.flatMap((each) => each.regions.map(({ region }) => region)))];
  const inRegion = (each: LevelComparison, name: string) => each.regions.find(({ region }) => region === name);
  return table(
    [
      row("", ({ level }) => level),
      ...names.map((name) => row(name, (each) => verdict(entryOf(each, name), style))),
      ["refused while cut off"],
      ...regions.map((region) => row(`  ${region}`, (each) => percentage(inRegion(each, region)?.unavailable))),
      ["latency in ms, median"],
      ...regions.map((region) => row(`  ${region}`, (each) => milliseconds(inRegion(each, region)?.p50Ms))),
      ["latency in ms, 99 %"],
      ...regions.map((region) => row(`  ${region}`, (each) => milliseconds(inRegion(each, region)?.p99Ms))),
      row("messages an operation", ({ messagesPerOperation: messages }) => messages?.toFixed(1) ?? "-"),
      row("USD a million operations", ({ usdPerMillionOperations: usd }) => usd.toFixed(2)),
    ],
    1,
  );
}

const ownPromise = "what the level itself promises";

/** Each level promises something else: one row has room for all of that. */
function rowsOf(level: Level, invariants: readonly InvariantComparison[]): readonly string[] {
  return invariants.map(({ name }) => (name === level ? ownPromise : name)).filter((name) => name !== "");
}

function entryOf({ level, invariants }: LevelComparison, name: string): InvariantComparison | undefined {
  return invariants.find((each) => each.name === (name === ownPromise ? level : name));
}

function verdict(entry: InvariantComparison | undefined, style: Style): string {
  if (entry === undefined) return "-";
  if (entry.outcome === "holds") return style.good("✓");
  return entry.outcome === "violated" ? style.bad(`✗ seed ${entry.seed}`) : style.doubtful("?");
}

const milliseconds = (value: number | null | undefined): string =>
  value?.toLocaleString("en-US", { minimumFractionDigits: 1, maximumFractionDigits: 1 }) ?? "-";
const percentage = (share: number | null | undefined): string =>
  share == null ? "-" : `${(share * 100).toFixed(1)} %`;

function conclusion(compared: Compared, style: Style, width: number): readonly string[] {
  const { document, weakest, space, stopped } = compared;
  const fixed = Object.keys(space.fixed);
  const prices = `Prices are ${documentPrices.source}, to compare levels by and not to budget with.`;
  if (weakest === undefined || weakest.isStopped)
    return wrap(`${stopped ?? "Stopped."} The search for the weakest levels that suffice was not finished.`, width);
  const ran = `${compared.assignments} assignments were run`;
  if (document.weakestSufficient === null) return insufficiency(document, ran, style, width);
  const kept = Object.entries(document.weakestSufficient).map(([field, level]) => `${field} ${level}`);
  const reach = weakest.isCheapest
    ? "Every assignment that costs less was run too, and breaks something."
    : "With any one group of fields a level weaker it breaks something; not every cheaper combination was run.";
  const judged = document.levels.some(({ invariants }) => invariants.some(({ name }) => !isPromise(name)));
  return [
    `${style.bold("Weakest that suffices")}  ${kept.join(", ")}`,
    ...wrap(
      `${ran}; this one holds in all ${schedules(compared.schedules)}. ${reach} It is evidence, not proof.`,
      width,
    ),
    ...(fixed.length === 0
      ? []
      : wrap(
          `Left as annotated, because nothing writes to them here, or because they are copies: ${fixed.join(", ")}.`,
          width,
        )),
    ...(judged
      ? []
      : wrap(
          "Nothing but what the levels promise was judged: add an @Invariant() that says what must never be lost.",
          width,
        )),
    ...wrap(prices, width),
  ];
}

function insufficiency(
  { levels, target }: CompareDocument,
  ran: string,
  style: Style,
  width: number,
): readonly string[] {
  const broken = levels.find(({ level }) => level === "linearizable")?.invariants.filter(isViolated) ?? [];
  if (broken.length === 0)
    return [
      style.bold("Unknown."),
      ...wrap(`Linearizable could not be judged, so no weaker level is proposed (${ran}).`, width),
    ];
  const cure = broken.some(({ name }) => name === "linearizable")
    ? "Its own promise breaks too: the `mechanism` that is configured does not give it. Leave that option out, and compare again."
    : `No annotation cures that; see the first failing schedule: npx faultline simulate ${target}`;
  return [
    style.bold("Linearizable does not suffice."),
    ...wrap(
      `Something breaks even with every field linearizable, so nothing weaker is proposed (${ran}). ${cure}`,
      width,
    ),
  ];
}

const isViolated = ({ outcome }: InvariantComparison): boolean => outcome === "violated";
