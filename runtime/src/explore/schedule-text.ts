import type { CallEvent, FaultEvent, OperationEvent, Site, Trace } from "../simulation/trace.js";
import type { Violation } from "./report.js";

/** Lines beyond these are counted. */
const limit = 40;

/**
 * What a small schedule does, line by line in the order of time: `0.400 s  london · session 2  bob.transfer(carol, 20)`,
 * the operations of a call below it. The command line draws the same in columns; here it stands in a test's message.
 */
export function scheduleText(trace: Trace, { racing, site }: Pick<Violation, "racing" | "site">): readonly string[] {
  const marks = new Map(racing.map((id, index) => [id, circled(index + 1)]));
  const lines = trace.events.flatMap((event): readonly Line[] => {
    switch (event.kind) {
      case "fault":
        return [{ atUs: event.atUs, who: "", text: `── ${faultText(event)} ──` }];
      case "call":
        return event.setup || event.parent !== undefined || isAsked(event, trace) ? [] : [callLine(event)];
      case "operation":
        return event.setup || event.judging ? [] : [operationLine(event, marks, site)];
      default:
        return [];
    }
  });
  const shown = lines.slice(0, limit);
  const width = Math.max(0, ...shown.map(({ who }) => who.length));
  const more = lines.length - shown.length;
  return [
    ...shown.map(({ atUs, who, text }) => `  ${seconds(atUs)}  ${who === "" ? "" : `${who.padEnd(width)}  `}${text}`),
    ...(more === 0 ? [] : [`  … ${more} more ${more === 1 ? "line" : "lines"}`]),
  ];
}

interface Line {
  readonly atUs: number;
  /** Empty for what befalls everybody. */
  readonly who: string;
  readonly text: string;
}

/** By a check or an invariant, which is not what the schedule is about. */
function isAsked({ id }: CallEvent, { events }: Trace): boolean {
  const inside = events.filter((event) => event.kind === "operation" && event.call === id) as OperationEvent[];
  return inside.length > 0 && inside.every(({ judging }) => judging);
}

function callLine({ atUs, region, session, object, method, args, outcome, error }: CallEvent): Line {
  return {
    atUs,
    who: client(region, session),
    text: `${object}.${method}(${args.join(", ")})${ended(outcome, error)}`,
  };
}

function operationLine(event: OperationEvent, marks: ReadonlyMap<number, string>, near: Site | null): Line {
  const { atUs, region, session, cell, operation, detail, outcome, error, site, call, id } = event;
  const mark = marks.get(id);
  const line = site === undefined ? "" : `  ${site.file === near?.file ? "" : (site.file ?? "")}:${site.line}`;
  const what = detail === "" ? operation : detail;
  return {
    atUs,
    who: client(region, session),
    text: `${call === undefined ? "" : "  "}${cell} ${what}${line}${mark === undefined ? "" : ` ${mark}`}${ended(outcome, error)}`,
  };
}

const client = (region: string, session: number): string => `${region} · session ${session}`;

function ended(outcome: CallEvent["outcome"], error: string | undefined): string {
  const why = error === undefined ? "" : `: ${error}`;
  switch (outcome) {
    case "ok":
      return "";
    case "fail":
      return `  ✗ refused${why}`;
    case "info":
      return `  ? indeterminate${why}`;
    case "error":
      return `  ✗ threw${why}`;
    case "pending":
      return "  … no answer";
  }
}

function faultText({ fault, phase, text }: FaultEvent): string {
  const name = fault.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return `${name}${phase === "end" && fault !== "heal" ? " ends" : ""}${text === "" ? "" : `: ${text}`}`;
}

const seconds = (us: number): string => `${(us / 1_000_000).toFixed(3)} s`.padStart(9);

const circled = (mark: number): string => String.fromCodePoint(0x2460 + mark - 1);
