import { levelName, list } from "../rules/words.js";
import type { AuditDocument, AuditedDataset } from "./audit.js";

/** "3 datasets in 1 file", "1 must be stronger" … */
export function countsOf({ stores, files, unseenFiles, summary: { needsAnalysis } }: AuditDocument): readonly string[] {
  const datasets = stores.flatMap((store) => store.datasets);
  const count = (kind: AuditedDataset["verdict"]["kind"]): number =>
    datasets.filter(({ verdict }) => verdict.kind === kind).length;
  return [
    `${counted(datasets.length, "dataset")} in ${counted(files, "file")}`,
    `${count("must be stronger")} must be stronger`,
    `${count("could be weaker")} could be weaker`,
    `${count("fits")} ${count("fits") === 1 ? "fits" : "fit"}`,
    ...(count("level unknown") === 0 ? [] : [`${count("level unknown")} at a level that the code does not say`]),
    ...(count("no level") === 0 ? [] : [`${count("no level")} of no level`]),
    `${needsAnalysis} ${needsAnalysis === 1 ? "needs" : "need"} analysis`,
    ...(unseenFiles === 0 ? [] : [`interrupted, with ${counted(unseenFiles, "file")} to go`]),
  ];
}

export const headings = ["what", "kind", "where", "level", "holds", "verdict"];

/** One row under the headings. */
export function cellsOf({
  name,
  kind,
  location,
  classification,
  verdict,
  ...dataset
}: AuditedDataset): readonly string[] {
  const to = verdict.level === null ? "" : `: ${levelName(verdict.level)}`;
  return [
    name ?? "(not named here)",
    kind,
    `${location.file}:${location.line}`,
    levelOf(dataset),
    classification.name ?? "?",
    verdict.kind === "NEEDS_ANALYSIS" ? "needs analysis" : `${verdict.kind}${to}`,
  ];
}

function levelOf({ level, levelBasis }: Pick<AuditedDataset, "level" | "levelBasis">): string {
  if (level === null) return "unknown";
  return `${levelName(level)}${levelBasis === "declared" ? "" : ` (${levelBasis})`}`;
}

export function reckonedText({ regions: { names, areDefault } }: AuditDocument): string {
  return `Reckoned for each level with its default mechanism and a replica in each of ${list(names)}${areDefault ? " (the default regions)" : ""}.`;
}

/** Whom to ask about: the first eight, and how many more. */
export function unclearNames({ stores }: AuditDocument): readonly string[] {
  const names = stores
    .flatMap(({ datasets }) => datasets)
    .flatMap(({ verdict, name }) => (verdict.kind === "NEEDS_ANALYSIS" && name !== null ? [name] : []));
  const shown = [...new Set(names)].slice(0, 8);
  const rest = new Set(names).size - shown.length;
  return [...shown, ...(rest > 0 ? [`${rest} more`] : [])];
}

export function nothingFound({ files, unseenFiles }: AuditDocument): string {
  if (unseenFiles > 0)
    return `Nothing was found in ${counted(files, "file")}; it was interrupted, with ${counted(unseenFiles, "file")} to go.`;
  return files === 0
    ? "There is no TypeScript file here, but for what Git ignores and the configuration leaves out."
    : `No replicated class and no client of a store was found in ${counted(files, "file")}.`;
}

const counted = (count: number, noun: string): string =>
  `${count.toLocaleString("en-US")} ${noun}${count === 1 ? "" : "s"}`;
