import stringWidth from "string-width";
import type { Trace } from "../../../runtime/src/simulation/trace.js";
import type { Style } from "./style.js";
import { wrap } from "./wrap.js";

type Tone = "plain" | "marked" | "doubtful" | "bad";

export type Row =
  /** Belongs in a session's column. */
  | {
      readonly kind: "cell";
      readonly atUs: number;
      readonly session: number;
      readonly text: string;
      readonly tone: Tone;
    }
  /** Across all columns. */
  | BannerRow
  | { readonly kind: "line"; readonly atUs: number; readonly text: string; readonly tone: Tone }
  | { readonly kind: "gap"; readonly atUs: number; readonly text: string };

export interface BannerRow {
  readonly kind: "banner";
  readonly atUs: number;
  readonly text: string;
  /** A fault begins; else it ends. */
  readonly opens: boolean;
}

interface GridOptions {
  readonly style: Style;
  readonly width: number;
}

/** Stands for a space at which no line may end. */
export const heldSpace = "\u00a0";

const timeWidth = 12;
const columnGap = 3;

/** Rows in order of time under a header. Sessions that do not fit side by side stand below one another, by name. */
export function gridOf(rows: readonly Row[], sessions: Trace["sessions"], { style, width }: GridOptions): string {
  const ordered = rows
    .map((row, index) => ({ row, index }))
    .sort((a, b) => a.row.atUs - b.row.atUs || a.index - b.index);
  const present = sessions.filter(({ id }) => rows.some((row) => row.kind === "cell" && row.session === id));
  const columns = new Map(present.map(({ id, region }) => [id, `${region} · session ${id}`]));
  const layout = sideBySide(rows, columns, width - timeWidth) ?? stacked(rows, columns);
  const lines = ordered.flatMap(({ row }) =>
    place(row, layout, width - timeWidth, style).map((text, index) =>
      `${index === 0 ? timeText(row) : " ".repeat(timeWidth)}${text}`.trimEnd(),
    ),
  );
  return [`${"time".padStart(9)}   ${layout.header}`.trimEnd(), ...lines].join("\n").replaceAll(heldSpace, " ");
}

interface Layout {
  readonly header: string;
  /** Width of all columns together. */
  readonly width: number;
  /** What stands before a session's text. */
  readonly before: ReadonlyMap<number, string>;
}

function sideBySide(rows: readonly Row[], columns: ReadonlyMap<number, string>, available: number): Layout | undefined {
  const before = new Map<number, string>();
  let header = "";
  let end = 0;
  for (const [id, title] of columns) {
    const start = end === 0 ? 0 : end + columnGap;
    before.set(id, " ".repeat(start));
    header = `${header.padEnd(start)}${title}`;
    const texts = rows.flatMap((row) => (row.kind === "cell" && row.session === id ? [row.text] : []));
    end = start + Math.max(stringWidth(title), ...texts.map((text) => stringWidth(text)));
  }
  return end <= available ? { header, width: Math.max(end, minimumWidth(rows)), before } : undefined;
}

function stacked(rows: readonly Row[], columns: ReadonlyMap<number, string>): Layout {
  const labelWidth = Math.max(0, ...[...columns.values()].map((title) => stringWidth(title)));
  const before = new Map([...columns].map(([id, title]) => [id, `${title.padEnd(labelWidth)}  `]));
  const texts = rows.flatMap((row) => (row.kind === "cell" ? [stringWidth(row.text) + labelWidth + 2] : []));
  return { header: "session", width: Math.max(minimumWidth(rows), ...texts), before };
}

/** Banners keep three signs on either side. */
function minimumWidth(rows: readonly Row[]): number {
  return Math.max(40, ...rows.map((row) => (row.kind === "banner" ? stringWidth(row.text) + 8 : 0)));
}

function timeText(row: Row): string {
  if (row.kind === "gap") return " ".repeat(timeWidth);
  return `${`${(row.atUs / 1_000_000).toFixed(3)} s`.padStart(timeWidth - 2)}  `;
}

/** The lines of a row. What is wider than the terminal goes on below, further in. */
function place(row: Row, layout: Layout, available: number, style: Style): readonly string[] {
  if (row.kind === "banner") return [style.doubtful(banner(row.text, Math.min(layout.width, available)))];
  if (row.kind === "gap") return [style.dim(row.text)];
  const before = row.kind === "line" ? "" : (layout.before.get(row.session) ?? "");
  const [, indent = "", text = ""] = /^([\s├└]*)(.*)$/su.exec(row.text) ?? [];
  const inner = " ".repeat(stringWidth(indent) + 2);
  const [first = "", ...more] = wrap(text, Math.max(20, available - stringWidth(before) - stringWidth(indent)));
  const rest = wrap(more.join(" "), Math.max(20, available - stringWidth(before) - inner.length));
  return [
    `${before}${toned(`${indent}${first}`, row.tone, style)}`,
    ...(more.length === 0 ? [] : rest).map(
      (line) => `${" ".repeat(stringWidth(before))}${inner}${toned(line, row.tone, style)}`,
    ),
  ];
}

function banner(text: string, width: number): string {
  const space = Math.max(6, width - stringWidth(text) - 2);
  const left = Math.floor(space / 2);
  return `${"═".repeat(left)} ${text} ${"═".repeat(space - left)}`;
}

function toned(text: string, tone: Tone, style: Style): string {
  if (tone === "bad") return style.bad(text);
  if (tone === "doubtful") return style.doubtful(text);
  return tone === "marked" ? style.bold(text) : text;
}
