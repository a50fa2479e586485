import type { HistoryEvent } from "../../../runtime/src/history/history.js";
import { encodeHistory } from "../../../runtime/src/history/jsonl.js";
import type { Level } from "../../../runtime/src/levels.js";
import { scheduleOfHistory } from "../diagram/history.js";
import type { Gallery, Picture } from "../diagram/input.js";
import { gridOf, type Row } from "../simulate/story-grid.js";
import { Style } from "../simulate/style.js";
import { table } from "../simulate/table.js";
import { wrap } from "../simulate/wrap.js";
import type { Broken, VerifyResult } from "./verify.js";

export interface Terminal {
  readonly color: boolean;
  readonly width: number;
}

/** What each level promises, said to whoever wonders why something is wrong. */
const promises: Readonly<Record<Level, string>> = {
  none: "Nothing is promised.",
  eventual: "Replicas that have seen the same changes are equal, and no acknowledged change is lost.",
  causal: "Whoever sees a change sees all that led to it, and concurrent changes are settled alike for everyone.",
  sequential:
    "There is one order of all operations that everybody agrees on, and each session's own order is kept in it.",
  linearizable: "It answers as if there were one copy: whatever completed is seen by everything that begins later.",
};

const names: Readonly<Record<Level, string>> = {
  none: "@NoConsistency()",
  eventual: "@Eventual()",
  causal: "@Causal()",
  sequential: "@Sequential()",
  linearizable: "@Linearizable()",
};

export function renderVerdict(result: VerifyResult, file: string, { color, width }: Terminal): string {
  const style = new Style(color);
  const { document } = result;
  const parts = result.broken.flatMap((broken) =>
    broken.anomalies.map((_, index) => anomalyText(result, broken, index, { file, style, width })),
  );
  const notes = notesOf(result).flatMap((note) => wrap(note, Math.min(width, 100) - 2).map((line) => `  ${line}`));
  const sign = { valid: style.good("✓"), invalid: style.bad("✗"), unknown: style.doubtful("?") }[document.verdict];
  const head = [
    `${sign} ${style.bold(file)}`,
    `  ${document.verdict} · ${extent(result)}`,
    ...(document.reason === null ? [] : wrap(document.reason, Math.min(width, 100) - 2).map((line) => `  ${line}`)),
  ];
  const blocks = [...(parts.length > 0 ? parts : [head.join("\n")]), domainTable(result), notes.join("\n")];
  return `${blocks.filter((block) => block !== "").join("\n\n")}\n`;
}

function extent({ document, history }: VerifyResult): string {
  const sessions = new Set(history.events.map(({ session }) => session)).size;
  const cells = new Set(history.events.flatMap(({ operations }) => operations.map(({ cell }) => cell))).size;
  return `${counted(document.operations, "operation")} of ${counted(sessions, "session")} on ${counted(cells, "cell")}`;
}

interface Page {
  readonly file: string;
  readonly style: Style;
  readonly width: number;
}

function anomalyText(result: VerifyResult, broken: Broken, index: number, { file, style, width }: Page): string {
  const anomaly = broken.anomalies[index];
  if (anomaly === undefined) return "";
  const { level } = broken.domain;
  const inner = Math.min(width, 120) - 2;
  const indented = (text: string): string => text.replace(/^(?=.)/gm, "  ");
  const events = result.history.events.filter(({ id }) => anomaly.events.includes(id));
  const advice = [
    ["Why", promises[level]],
    ["Do", "find out what answered here: a replica, a cache or a copy that was behind, or a lost write"],
    ...(broken.holdsAt === undefined
      ? []
      : [["", `or declare \`${names[broken.holdsAt]}\`, at which this history is valid, if that suffices`]]),
    ["Draw", `npx faultline verify ${file} --html history.html`],
  ];
  return [
    `${style.bad("✗")} ${style.bold(anomaly.name.padEnd(40))} ${file}`,
    `  invalid at ${level} · ${extent(result)}`,
    "",
    indented(wrap(anomaly.message, inner).join("\n")),
    "",
    indented(timeline(events, result, style, inner)),
    "",
    ...advice.map(([title = "", text = ""]) => `  ${title.padEnd(5)} ${text}`),
  ].join("\n");
}

/** The operations that show it, each where it began. */
function timeline(events: readonly HistoryEvent[], { history }: VerifyResult, style: Style, width: number): string {
  const { cells } = history;
  const { events: drawn, sessions } = scheduleOfHistory(encodeHistory({ version: 1, cells, events }));
  const last = events.reduce(
    (latest, { id, completedUs = 0 }) => (completedUs > latest.at ? { id, at: completedUs } : latest),
    {
      id: -1,
      at: -1,
    },
  ).id;
  const rows = drawn.flatMap((event): Row[] => {
    if (event.kind !== "operation") return [];
    const { id, session, atUs, endUs, cell, operation, detail } = event;
    const until = endUs === undefined ? "without an answer" : `until ${(endUs / 1_000_000).toFixed(3)} s`;
    const text = `${cell} ${[operation, detail].filter((part) => part !== "").join(" ")}, ${until}`;
    return [
      { kind: "cell", atUs, session, text: id === last ? `${text}  ✗` : text, tone: id === last ? "bad" : "plain" },
    ];
  });
  return gridOf(rows, sessions, { style, width });
}

function domainTable({ document: { domains, verdict } }: VerifyResult): string {
  if (domains.length < 2 && verdict !== "valid") return "";
  const rows = domains.map(({ level, verdict: each, operations, cells }) => [
    ...[`  ${level}`, each, counted(operations, "operation")],
    cells.length > 4 ? `${cells.slice(0, 3).join(", ")} and ${cells.length - 3} more` : cells.join(", "),
  ]);
  return table(rows, 4).join("\n");
}

/** What the verdict does not speak of. */
function notesOf({ history: { recording, cells } }: VerifyResult): readonly string[] {
  const unsure = cells.filter(({ gap }) => gap === "unrecorded").map(({ label }) => label);
  const unreadable = cells.filter(({ gap }) => gap === "unreadable").map(({ label }) => label);
  return [
    ...(recording?.isCutOff === true
      ? ["The recording ends in the midst, as when a process is killed. It was read up to there."]
      : []),
    ...(recording !== undefined && recording.sampleRatio < 1
      ? [
          `Recorded was a share of ${recording.sampleRatio} of the sessions. What the others wrote is not known, so that this speaks of the recorded ones alone.`,
        ]
      : []),
    ...(unsure.length === 0 ? [] : [`Operations under way were not recorded of ${unsure.join(", ")}.`]),
    ...(unreadable.length === 0 ? [] : [`Values were not recorded of ${unreadable.join(", ")}.`]),
    ...((recording?.maxClockSkewMs ?? 0) > 0
      ? [
          `Clocks may differ by ${recording?.maxClockSkewMs} ms, so only what lies further apart counts as earlier and later.`,
        ]
      : []),
  ];
}

/** The history as a page's data: a picture for each anomaly, or one of the whole. */
export function galleryOfHistory(result: VerifyResult, file: string): Gallery {
  const { document, history, broken } = result;
  const { cells, events } = history;
  const about = { schedule: 0, target: file, story: [], remedies: [], summary: extent(result) } as const;
  const labels = new Map(cells.map(({ key, label }) => [key, label]));
  const anomalies = broken.flatMap(({ domain, anomalies: found }) =>
    found.map((anomaly): Picture => {
      const shown = events.filter(({ id }) => anomaly.events.includes(id));
      const keys = shown.flatMap(({ operations }) => operations.map(({ cell }) => cell));
      return {
        ...{ ...about, title: anomaly.name, outcome: "violated", message: anomaly.message, racing: anomaly.events },
        ...{ summary: `invalid at ${domain.level} · ${about.summary}`, why: promises[domain.level] },
        cells: [...new Set(keys)].map((key) => labels.get(key) ?? key),
      };
    }),
  );
  const outcome = document.verdict === "valid" ? "holds" : "unknown";
  const whole: Picture = { ...about, title: document.verdict, outcome, racing: [], cells: [] };
  const schedule = scheduleOfHistory(encodeHistory({ version: 1, cells, events }));
  const pictures =
    anomalies.length > 0 ? anomalies : [document.reason === null ? whole : { ...whole, message: document.reason }];
  return { version: 1, schedules: [schedule], pictures };
}

const counted = (count: number, noun: string): string =>
  `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
