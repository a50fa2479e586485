import { documentAvailability, documentPrices } from "../../../runtime/src/advice/cost/index.js";
import { dollars, figure, percentage } from "../../../runtime/src/advice/figures.js";
import { documentTerms } from "../../../runtime/src/advice/latency/index.js";
import { guidingQuestions } from "../../../runtime/src/advice/questions/index.js";
import { decoratorOf, levelName, list } from "../rules/words.js";
import { schedules } from "../simulate/reasons.js";
import type { AdviseDocument, FieldAdvice, LevelAdvice, OperationLatency } from "./advise.js";

/** A decision record in Markdown, to be kept beside the code. */
export function renderRecord(document: AdviseDocument, name: string): string {
  return [
    `# Which consistency the fields of \`${name}\` need`,
    context(document),
    summary(document.fields),
    "## What each level costs and gives",
    ...costs(document),
    "## What simulation found",
    ...simulation(document),
    ...document.fields.flatMap(fieldSection),
    "## Questions that a person answers",
    guidingQuestions
      .map(({ question, about, answeredBy }) => `- **${question}** (${about}) ${asSentence(answeredBy)}`)
      .join("\n"),
    "",
  ]
    .join("\n\n")
    .trimEnd()
    .concat("\n");
}

function context({ target, regions, operationsPerSecond, availability }: AdviseDocument): string {
  const replicas = `replicas in ${list(regions.names)}${regions.areDefault ? " (the default regions)" : ""}`;
  const asked = availability === null ? "" : `, ${percentage(availability)} of the operations answered`;
  return `\`${target}\`, reckoned for ${figure(operationsPerSecond)} operations a second on each field, with ${replicas}${asked}.`;
}

function summary(fields: readonly FieldAdvice[]): string {
  return table(
    ["field", "holds", "now", "decided", "on the basis of", "disagreements"],
    fields.map(({ field, classification, annotated, decision }) => [
      `\`${field}\``,
      classification.name ?? "needs analysis",
      annotated === null ? "-" : levelName(annotated),
      decision.level === null ? "**open**" : `**${levelName(decision.level)}**`,
      decision.basis === "none" ? "nothing yet" : decision.basis,
      decision.disagreements.length === 0 ? "-" : `${decision.disagreements.length}, see below`,
    ]),
  );
}

function costs({ levels, regions, availability }: AdviseDocument): readonly string[] {
  const { routing, switching, processing } = documentTerms;
  const row = (title: string, cell: (level: LevelAdvice) => string): readonly string[] => [title, ...levels.map(cell)];
  const latencies = (["write", "read"] as const).flatMap((access) =>
    regions.names.map((region, index) =>
      row(`${access} from ${region}`, (level) => latencyText(level.latencies[index]?.[access])),
    ),
  );
  const rows = [
    row("cost a month", ({ usdPerMonth }) => dollars(usdPerMonth)),
    ...latencies,
    row("reads answered", (level) => percentage(level.availability.reads)),
    row("writes answered", (level) => percentage(level.availability.writes)),
    ...(availability === null
      ? []
      : [row(`enough for ${percentage(availability)}`, (level) => (level.isAvailableEnough === true ? "yes" : "no"))]),
    row("PACELC", ({ pacelc }) => pacelc),
  ];
  const span = ({ leastMs, mostMs }: { readonly leastMs: number; readonly mostMs: number }) =>
    `${leastMs}–${mostMs} ms`;
  return [
    table(["", ...levels.map(({ level }) => levelName(level))], rows),
    [
      `- Prices are ${documentPrices.source}: to compare levels by, and not to budget with. ${list(levels.slice(-1).map(({ level, arithmetic }) => `${level}: ${arithmetic}`))}.`,
      `- Latency is light in fibre along the great circle to the nearest that have to answer, with each level's default mechanism; in brackets with routing (${span(routing)}), switching (${span(switching)}) and processing (${span(processing)}) as the document has them, over connections that stay open.`,
      ...[
        ...new Set(
          levels
            .flatMap((level) => level.latencies.map(({ write }) => write))
            .filter(({ floorMs }) => floorMs > 0)
            .map(({ arithmetic }) => arithmetic),
        ),
      ].map((text) => `  - ${text}`),
      `- Answered is what to expect of replicas that are up for ${percentage(documentAvailability.replica)} of the time, in regions cut off for ${percentage(documentAvailability.cutOff)} of it, by clients that stay in their region: assumptions, and no measurement.`,
    ].join("\n"),
  ];
}

function latencyText(latency: OperationLatency | undefined): string {
  if (latency === undefined || latency.floorMs === 0) return "local";
  const [least, most] = latency.expectedMs;
  return `${figure(latency.floorMs)} ms (${figure(least)}–${figure(most)})`;
}

function simulation({ simulation: found, target, regions: asked }: AdviseDocument): readonly string[] {
  const { levels, outcome } = found;
  const ran = `${schedules(found.schedules)} for each of ${found.assignments} assignments of levels, from seed ${found.seed}: evidence, and no proof.`;
  if (levels.length === 0)
    return [
      `No level was run to its end: it was stopped, or cannot be run. \`npx faultline simulate ${target}\` says more.`,
    ];
  const row = (title: string, cell: (level: (typeof levels)[number]) => string) => [title, ...levels.map(cell)];
  const names = [
    ...new Set(levels.flatMap(({ level, invariants }) => invariants.map(({ name }) => (name === level ? own : name)))),
  ];
  const regions = [...new Set(levels.flatMap((level) => level.regions.map(({ region }) => region)))];
  const inRegion = (level: (typeof levels)[number], name: string) =>
    level.regions.find(({ region }) => region === name);
  const rows = [
    ...names.map((name) =>
      row(name, ({ level, invariants }) => {
        const entry = invariants.find((each) => each.name === (name === own ? level : name));
        if (entry === undefined) return "-";
        return entry.outcome === "violated"
          ? `broken, seed ${entry.seed}`
          : entry.outcome === "holds"
            ? "kept"
            : "unknown";
      }),
    ),
    ...regions.map((name) =>
      row(`refused in ${name} while cut off`, (level) => {
        const share = inRegion(level, name)?.unavailable;
        return share == null ? "-" : percentage(share);
      }),
    ),
    ...regions.map((name) =>
      row(`median in ${name}`, (level) => {
        const ms = inRegion(level, name)?.p50Ms;
        return ms == null ? "-" : `${figure(ms)} ms`;
      }),
    ),
  ];
  const conclusion = {
    found: "Some assignment of levels keeps everything.",
    none: `Something breaks even with every field linearizable: \`npx faultline simulate ${target}\` shows the first schedule.`,
    unknown: "It was not finished, or could not judge everything.",
  }[outcome];
  const isElsewhere = regions.join() !== asked.names.join();
  const place = isElsewhere ? [`It ran in ${list(regions)}, whatever the regions above.`] : [];
  const judged = found.judgesInvariants
    ? []
    : ["No invariant was judged, but only what the levels promise by themselves."];
  return [
    [ran, conclusion, ...place, ...judged].join(" "),
    table(["with every field at", ...levels.map(({ level }) => levelName(level))], rows),
  ];
}

const own = "what the level itself promises";

function fieldSection({
  field,
  dataType,
  location,
  annotated,
  classification,
  simulated,
  candidates,
  decision,
}: FieldAdvice): readonly string[] {
  const now = annotated === null ? "no level" : `\`@${decoratorOf(annotated)}()\``;
  const bounds =
    classification.weakest === null
      ? ""
      : ` Its weakest level is ${classification.weakest}, the usual ${classification.usual}, the strongest that serves anybody ${classification.strongest}. (${classification.source})`;
  return [
    `## \`${field}\``,
    [
      `- **Now** ${now} on a ${dataType} (${location.file}:${location.line})`,
      `- **Classification** ${classification.name ?? "NEEDS_ANALYSIS"}: ${classification.reason}.${bounds}`,
      `- **Simulation** ${simulated.outcome === "sufficient" ? `${levelName(simulated.level)} is the weakest that was found sufficient` : whyNot[simulated.outcome]}`,
    ].join("\n"),
    "### Candidates",
    table(
      ["level", "verdict", "for", "against"],
      candidates.map(({ level, verdict, because, pros, cons }) => [
        levelName(level),
        `**${verdict}**${because === "" ? "" : ` ${because}`}`,
        pros.join("; "),
        cons.join("; "),
      ]),
    ),
    `### Decision: ${decision.level === null ? "open" : levelName(decision.level)}`,
    bullets("Reasoning", decision.reasoning),
    ...(decision.disagreements.length === 0 ? [] : [bullets("Disagreement", decision.disagreements)]),
    ...(decision.mitigation.length === 0 ? [] : [bullets("Mitigation", decision.mitigation)]),
  ];
}

const whyNot = {
  untested: "says nothing: nothing that was called writes to it, or it is a copy",
  none: "found no level that keeps everything",
  unknown: "could not judge it",
} as const;

const bullets = (title: string, items: readonly string[]): string =>
  [`**${title}**`, "", ...items.map((item) => `- ${item}`)].join("\n");

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(escaped).join(" | ")} |`;
  return [line(head), `|${head.map(() => "---").join("|")}|`, ...rows.map(line)].join("\n");
}

/** A bar would end the cell, a break the table. */
const escaped = (text: string): string => text.replaceAll("|", "\\|").replaceAll(/\s*\n\s*/g, " ");

const asSentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
