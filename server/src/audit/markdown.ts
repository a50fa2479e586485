import { guidingQuestions } from "../../../runtime/src/advice/questions/index.js";
import { levelName, list } from "../rules/words.js";
import type { AuditCandidate, AuditDocument, AuditedDataset, AuditedStore, AuditLocation } from "./audit.js";
import { cellsOf, countsOf, headings, nothingFound, reckonedText, unclearNames } from "./words.js";

/** The inventory as a page, to be read in an editor or kept beside the code. */
export function renderMarkdown(document: AuditDocument): string {
  const { stores, risks, summary } = document;
  const title = "# What is where, and at which level";
  if (stores.length === 0) return `${title}\n\n${nothingFound(document)}\n`;
  const { stronger, weaker, needsAnalysis } = summary;
  const sections = [
    title,
    `${countsOf(document).join(" · ")}.`,
    ...(stronger === null ? [] : candidate("The dataset that most needs to be stronger", stronger)),
    ...(weaker === null ? [] : [...candidate("One dataset that could be weaker", weaker), reckonedText(document)]),
    ...(risks.length === 0 ? [] : ["## Wrong at any level"]),
    ...risks.map(({ message, location }) => `- ${placeOf(location)}: ${message}`),
    ...stores.flatMap(section),
    ...(needsAnalysis === 0 ? [] : questions(document)),
  ];
  return `${sections.join("\n\n")}\n`;
}

function candidate(title: string, { store, dataset, location, text, command }: AuditCandidate): readonly string[] {
  const tried = command === null ? "" : ` Try it: \`${command}\``;
  return [`## ${title}`, `\`${dataset}\` of ${store}, ${placeOf(location)}: ${text}${tried}`];
}

function section({ name, gives, datasets }: AuditedStore): readonly string[] {
  const level = gives?.level ?? null;
  return [
    `## ${name}`,
    ...(gives === null ? [] : [`Gives ${level === null ? "no level by itself" : levelName(level)}: ${gives.reason}.`]),
    table([...headings, "because"], datasets.map(row)),
  ];
}

function row(dataset: AuditedDataset): readonly string[] {
  const [what = "", kind = "", , ...others] = cellsOf(dataset);
  const { because } = dataset.verdict;
  return [dataset.name === null ? what : `\`${what}\``, kind, placeOf(dataset.location), ...others, because];
}

/** Where an editor shows the page, it opens the line. */
const placeOf = ({ file, line }: AuditLocation): string => `[${file}:${line}](${encodeURI(file)}#L${line})`;

function questions(document: AuditDocument): readonly string[] {
  const names = unclearNames(document).map((name) => (/^\d+ more$/.test(name) ? name : `\`${name}\``));
  return [
    `## Questions to ask${names.length === 0 ? "" : ` of ${list(names)}`}`,
    guidingQuestions.map(({ question, about }) => `- **${question}** (${about})`).join("\n"),
  ];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll("\n", " ")).join(" | ")} |`;
  return [line(head), `|${"---|".repeat(head.length)}`, ...rows.map(line)].join("\n");
}
