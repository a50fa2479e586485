import picocolors from "picocolors";
import stringWidth from "string-width";
import { guidingQuestions } from "../../../../runtime/src/advice/questions/index.js";
import type { AuditCandidate, AuditDocument, AuditedDataset, AuditedStore } from "../../audit/index.js";
import { levelName, list } from "../../rules/words.js";
import { wrap } from "../wrap.js";

interface Look {
  readonly color: boolean;
  readonly width: number;
}

type Colors = ReturnType<typeof picocolors.createColors>;

/** The inventory as a terminal shows it: a table a store, then what to do first. */
export function renderAudit(document: AuditDocument, { color, width }: Look): string {
  const colors = picocolors.createColors(color);
  if (document.stores.length === 0) return nothingFound(document);
  const sections = [
    ...document.stores.map((store) => section(store, colors, width)),
    ...(document.risks.length === 0 ? [] : [risks(document, colors, width)]),
    summary(document, colors, width),
  ];
  return `${sections.join("\n\n")}\n`;
}

function nothingFound({ files }: AuditDocument): string {
  if (files === 0)
    return "There is no TypeScript file here, but for what Git ignores and the configuration leaves out.\n";
  return `No replicated class and no client of a store was found in ${counted(files, "file")}.\n`;
}

function section(store: AuditedStore, colors: Colors, width: number): string {
  const rows = store.datasets.map((dataset) => cellsOf(dataset));
  const widths = headings.map((heading, index) =>
    Math.max(heading.length, ...rows.map((row) => stringWidth(row[index] ?? ""))),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, index) => cell + " ".repeat(Math.max(0, (widths[index] ?? 0) - stringWidth(cell))))
      .join("  ")
      .trimEnd();
  const gives =
    store.gives === null
      ? []
      : wrap(
          `gives ${store.gives.level === null ? "no level by itself" : levelName(store.gives.level)}: ${store.gives.reason}`,
          width - 2,
        );
  return [
    colors.bold(store.name),
    ...gives.map((text) => colors.dim(`  ${text}`)),
    colors.dim(`  ${line(headings)}`),
    ...store.datasets.flatMap((dataset, index) => {
      const shown = `  ${line(rows[index] ?? [])}`;
      return [painted(shown, dataset, colors)];
    }),
  ].join("\n");
}

const headings = ["what", "kind", "where", "level", "holds", "verdict"];

function cellsOf(dataset: AuditedDataset): readonly string[] {
  const { name, kind, location, level, levelBasis, classification, verdict } = dataset;
  const shown =
    level === null ? "unknown" : `${levelName(level)}${levelBasis === "declared" ? "" : ` (${levelBasis})`}`;
  const to = verdict.level === null ? "" : `: ${levelName(verdict.level)}`;
  return [
    name ?? "(not named here)",
    kind,
    `${location.file}:${location.line}`,
    shown,
    classification.name ?? "?",
    verdict.kind === "NEEDS_ANALYSIS" ? "needs analysis" : `${verdict.kind}${to}`,
  ];
}

function painted(text: string, { verdict }: AuditedDataset, colors: Colors): string {
  switch (verdict.kind) {
    case "must be stronger":
      return colors.red(text);
    case "could be weaker":
      return colors.yellow(text);
    default:
      return text;
  }
}

function risks({ risks: found }: AuditDocument, colors: Colors, width: number): string {
  return [
    colors.bold("Wrong at any level"),
    ...found.flatMap(({ message, location }) => paragraph(`${location.file}:${location.line}  ${message}`, width)),
  ].join("\n");
}

function summary(
  { summary: { weaker, stronger, needsAnalysis }, stores, files, regions }: AuditDocument,
  colors: Colors,
  width: number,
): string {
  const datasets = stores.flatMap((store) => store.datasets);
  const count = (kind: AuditedDataset["verdict"]["kind"]): number =>
    datasets.filter(({ verdict }) => verdict.kind === kind).length;
  const counts = [
    `${counted(datasets.length, "dataset")} in ${counted(files, "file")}`,
    `${count("must be stronger")} must be stronger`,
    `${count("could be weaker")} could be weaker`,
    `${count("fits")} ${count("fits") === 1 ? "fits" : "fit"}`,
    ...(count("level unknown") === 0 ? [] : [`${count("level unknown")} at a level that the code does not say`]),
    `${needsAnalysis} ${needsAnalysis === 1 ? "needs" : "need"} analysis`,
  ].join(" · ");
  const reckoned = `Reckoned for each level with its default mechanism and a replica in each of ${list(regions.names)}${regions.areDefault ? " (the default regions)" : ""}.`;
  return [
    colors.bold(counts),
    ...(stronger === null ? [] : candidate("The dataset that most needs to be stronger", stronger, width)),
    ...(weaker === null ? [] : candidate("One dataset that could be weaker", weaker, width)),
    ...(weaker === null ? [] : paragraph(reckoned, width)),
    ...(needsAnalysis === 0 ? [] : questions(datasets, width)),
  ].join("\n");
}

function candidate(
  title: string,
  { store, dataset, location, text, command }: AuditCandidate,
  width: number,
): readonly string[] {
  return [
    "",
    `${title}: ${dataset} of ${store}, ${location.file}:${location.line}`,
    ...paragraph(text, width),
    ...(command === null ? [] : paragraph(`Try it: ${command}`, width)),
  ];
}

/** What a person has to answer where names do not. */
function questions(datasets: readonly AuditedDataset[], width: number): readonly string[] {
  const names = datasets.flatMap(({ verdict, name }) =>
    verdict.kind === "NEEDS_ANALYSIS" && name !== null ? [name] : [],
  );
  const shown = [...new Set(names)].slice(0, 8);
  const rest = new Set(names).size - shown.length;
  const of = shown.length === 0 ? "" : ` of ${list([...shown, ...(rest > 0 ? [`${rest} more`] : [])])}`;
  return [
    "",
    ...wrap(`Questions to ask${of}:`, width),
    ...guidingQuestions.map(({ question, about }) => `  ${question} (${about})`),
  ];
}

function paragraph(text: string, width: number): readonly string[] {
  return wrap(text, width - 2).map((line) => `  ${line}`);
}

const counted = (count: number, noun: string): string =>
  `${count.toLocaleString("en-US")} ${noun}${count === 1 ? "" : "s"}`;
