import picocolors from "picocolors";
import stringWidth from "string-width";
import { guidingQuestions } from "../../../../runtime/src/advice/questions/index.js";
import type { AuditCandidate, AuditDocument, AuditedDataset, AuditedStore } from "../../audit/index.js";
import { cellsOf, countsOf, headings, nothingFound, reckonedText, unclearNames } from "../../audit/words.js";
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
  if (document.stores.length === 0) return `${nothingFound(document)}\n`;
  const sections = [
    ...document.stores.map((store) => section(store, colors, width)),
    ...(document.risks.length === 0 ? [] : [risks(document, colors, width)]),
    summary(document, colors, width),
  ];
  return `${sections.join("\n\n")}\n`;
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

function summary(document: AuditDocument, colors: Colors, width: number): string {
  const { weaker, stronger, needsAnalysis } = document.summary;
  return [
    colors.bold(countsOf(document).join(" · ")),
    ...(stronger === null ? [] : candidate("The dataset that most needs to be stronger", stronger, width)),
    ...(weaker === null ? [] : candidate("One dataset that could be weaker", weaker, width)),
    ...(weaker === null ? [] : paragraph(reckonedText(document), width)),
    ...(needsAnalysis === 0 ? [] : questions(document, width)),
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
function questions(document: AuditDocument, width: number): readonly string[] {
  const names = unclearNames(document);
  return [
    "",
    ...wrap(`Questions to ask${names.length === 0 ? "" : ` of ${list(names)}`}:`, width),
    ...guidingQuestions.map(({ question, about }) => `  ${question} (${about})`),
  ];
}

function paragraph(text: string, width: number): readonly string[] {
  return wrap(text, width - 2).map((line) => `  ${line}`);
}
