import type { CallEvent, OperationEvent, Trace, TraceEvent } from "../../../../runtime/src/simulation/trace.js";
import { type Plot, renderStory, type StoryOptions } from "../story.js";
import { Style } from "../style.js";

export const seconds = (time: number): number => Math.round(time * 1_000_000);

export function call(id: number, at: number, session: number, text: string, rest: Partial<CallEvent> = {}): CallEvent {
  const [, object = "", method = "", args = ""] = /^(\w+)\.(\w+)\((.*)\)$/.exec(text) ?? [];
  return {
    kind: "call",
    id,
    parent: undefined,
    atUs: seconds(at),
    endUs: seconds(at + 0.2),
    session,
    region: session === 1 ? "nyc" : "london",
    setup: false,
    object,
    method,
    args: args === "" ? [] : args.split(", "),
    outcome: "ok",
    error: undefined,
    site: undefined,
    ...rest,
  };
}

export function operation(
  id: number,
  at: number,
  session: number,
  cell: string,
  detail: string,
  rest: Partial<OperationEvent> = {},
): OperationEvent {
  return {
    kind: "operation",
    id,
    call: undefined,
    transaction: undefined,
    atUs: seconds(at - 0.01),
    endUs: seconds(at),
    session,
    region: session === 1 ? "nyc" : "london",
    setup: false,
    cell,
    level: "eventual",
    operation: "update",
    mutates: true,
    detail,
    outcome: "ok",
    error: undefined,
    site: { line: id, column: 1 },
    unseen: [],
    judging: false,
    requests: [],
    ...rest,
  };
}

export const traceOf = (events: readonly TraceEvent[]): Trace => ({
  version: 1,
  seed: 412,
  regions: ["nyc", "london", "tokyo"],
  sessions: [
    { id: 1, region: "nyc" },
    { id: 2, region: "london" },
  ],
  events,
});

export const options: StoryOptions = { style: new Style(false), width: 110, lineOf: ({ line }) => `:${line}` };
export const story = (events: readonly TraceEvent[], plot: Partial<Plot> = {}, rest: Partial<StoryOptions> = {}) =>
  `\n${renderStory(traceOf(events), { name: "money", racing: [], cells: [], domain: null, ...plot }, { ...options, ...rest })}\n`;

export const partition = (at: number, phase: "start" | "end"): TraceEvent => ({
  kind: "fault",
  atUs: seconds(at),
  fault: "partition",
  phase,
  text: "nyc │ london, tokyo",
});

export const transfers: readonly TraceEvent[] = [
  call(10, 0, 1, "alice.transfer(carol, 30)"),
  operation(14, 0.121, 1, "alice.balance", "100 → 70", { call: 10 }),
  operation(15, 0.122, 1, "carol.incoming", "0 → 30", { call: 10 }),
  partition(0.125, "start"),
  call(11, 0.4, 2, "bob.transfer(carol, 20)"),
  operation(24, 0.505, 2, "bob.balance", "100 → 80", { call: 11 }),
  operation(25, 0.506, 2, "carol.incoming", "0 → 20", { call: 11, unseen: [15] }),
  partition(5, "end"),
  {
    kind: "merge",
    atUs: seconds(5.031),
    region: "nyc",
    cell: "carol.incoming",
    policy: "last writer wins",
    kept: { operation: 25, value: "20", stampUs: 0 },
    dropped: { operation: 15, value: "30", stampUs: 0 },
  },
];
