import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { CallEvent, OperationEvent, Site, Trace } from "../../../runtime/src/simulation/trace.js";
import type { SourceLocation } from "../simulate/source-positions.js";

/** One thing that the program did in a schedule, as the story of it says it. Times are virtual. */
export interface Step {
  readonly kind: "call" | "operation";
  readonly atUs: number;
  readonly endUs?: number | undefined;
  readonly session: number;
  readonly region: string;
  /** `alice.transfer(carol, 30)`, or `alice.balance 100 → 70`. */
  readonly does: string;
  /** The call that it is a part of: `alice.transfer(carol, 30)`. */
  readonly within?: string | undefined;
  /** Of an operation: `update`. */
  readonly operation?: string | undefined;
  readonly level?: string | undefined;
  readonly outcome: "ok" | "fail" | "info" | "error" | "pending";
  readonly error?: string | undefined;
  readonly place?: Place | undefined;
}

/** A line of the source: by its text too, as lines move. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

export interface CourseOptions {
  readonly sourceOf: (site: Site) => SourceLocation | null;
  readonly cwd: string;
  /** Editor buffers, by absolute path. */
  readonly buffers?: ReadonlyMap<string, string> | undefined;
}

/** What each session called and what each operation did, in the order of time. What judges read is no part of it. */
export function courseOf({ events }: Trace, options: CourseOptions): readonly Step[] {
  const calls = new Map(events.flatMap((event) => (event.kind === "call" ? [[event.id, event] as const] : [])));
  const lines = new SourceLines(options);
  return events.flatMap((event) => {
    if (event.kind === "call") return [stepOf(event, callText(event), calls.get(event.parent ?? -1), lines)];
    if (event.kind !== "operation" || event.judging) return [];
    const step = stepOf(event, `${event.cell} ${event.detail}`, calls.get(event.call ?? -1), lines);
    return [{ ...step, operation: event.operation, level: event.level }];
  });
}

const callText = ({ object, method, args }: CallEvent): string => `${object}.${method}(${args.join(", ")})`;

function stepOf(
  event: CallEvent | OperationEvent,
  does: string,
  within: CallEvent | undefined,
  lines: SourceLines,
): Step {
  const { kind, atUs, endUs, session, region, outcome, error, site } = event;
  const place = site === undefined ? undefined : lines.placeOf(site);
  return {
    ...{ kind, atUs, ...(endUs === undefined ? {} : { endUs }), session, region, does },
    ...(within === undefined ? {} : { within: callText(within) }),
    outcome,
    ...(error === undefined ? {} : { error }),
    ...(place === undefined ? {} : { place }),
  };
}

class SourceLines {
  private readonly files = new Map<string, readonly string[]>();

  constructor(private readonly options: CourseOptions) {}

  placeOf(site: Site): Place | undefined {
    const source = this.options.sourceOf(site);
    if (source === null) return undefined;
    const { file, range } = source;
    const { line } = range.start;
    return { file, line, text: this.linesOf(file)[line - 1]?.trim() ?? "" };
  }

  private linesOf(file: string): readonly string[] {
    const known = this.files.get(file);
    if (known !== undefined) return known;
    const lines = this.read(resolve(this.options.cwd, file)).split("\n");
    this.files.set(file, lines);
    return lines;
  }

  /** A source map may name a file that the package it is of did not ship. */
  private read(file: string): string {
    try {
      return this.options.buffers?.get(file) ?? readFileSync(file, "utf8");
    } catch {
      return "";
    }
  }
}
