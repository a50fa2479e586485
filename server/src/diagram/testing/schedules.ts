import type { CallEvent, OperationEvent, Picture, Schedule, ScheduleEvent } from "../input.js";

/** Times in milliseconds, as they are easier to read. */
const us = (ms: number): number => ms * 1_000;

type Timing = readonly [fromMs: number, untilMs: number];

export function call(id: number, session: number, region: string, [from, until]: Timing, text: string): CallEvent {
  const [, object = "", method = "", args = ""] = /^(\w+)\.(\w+)\((.*)\)$/.exec(text) ?? [];
  const parts = args === "" ? [] : args.split(", ");
  return {
    kind: "call",
    id,
    session,
    region,
    atUs: us(from),
    endUs: us(until),
    object,
    method,
    args: parts,
    outcome: "ok",
  };
}

export function operation(
  id: number,
  session: number,
  region: string,
  [from, until]: Timing,
  { cell, detail, ...more }: Pick<OperationEvent, "cell" | "detail"> & Partial<OperationEvent>,
): OperationEvent {
  return {
    ...{ kind: "operation", id, session, region, cell, detail, atUs: us(from), endUs: us(until) },
    ...{ level: "eventual", operation: "update", mutates: true, outcome: "ok" },
    ...more,
  };
}

let nextMessage = 1;

export function message(
  from: string,
  to: string,
  [sent, delivered]: readonly [number, number?],
  operations: readonly number[] = [],
): ScheduleEvent {
  const arrived = delivered === undefined ? {} : { deliveredUs: us(delivered) };
  const id = nextMessage++;
  return {
    kind: "message",
    id,
    from,
    to,
    sentUs: us(sent),
    ...arrived,
    domain: "eventual gossip",
    text: "operation",
    operations,
  };
}

export function fault(name: string, phase: "start" | "end", atMs: number, text: string): ScheduleEvent {
  return { kind: "fault", fault: name, phase, atUs: us(atMs), text };
}

export function state(region: string, atMs: number, cell: string, value: string): ScheduleEvent {
  return { kind: "state", region, atUs: us(atMs), cell, value };
}

/** Alice pays carol from New York and Bob from London, while a partition keeps the two apart: one of the credits is lost. */
export const splitBank: Schedule = {
  regions: ["nyc", "london", "tokyo"],
  sessions: [
    { id: 1, region: "nyc" },
    { id: 2, region: "london" },
    { id: 3, region: "nyc" },
  ],
  cells: [{ cell: "carol.incoming", initial: "0" }],
  events: [
    call(0, 1, "nyc", [200, 440], "alice.transfer(carol, 30)"),
    operation(1, 1, "nyc", [200, 430], { cell: "alice.balance", detail: "100 → 70", call: 0, level: "linearizable" }),
    message("nyc", "tokyo", [210, 260]),
    operation(2, 1, "nyc", [430, 440], { cell: "carol.incoming", detail: "0 → 30", call: 0 }),
    message("nyc", "london", [435], [2]),
    message("nyc", "tokyo", [435, 490], [2]),
    state("nyc", 435, "carol.incoming", "30"),
    state("tokyo", 490, "carol.incoming", "30"),
    fault("partition", "start", 500, "nyc │ london, tokyo"),
    call(3, 2, "london", [600, 820], "bob.transfer(carol, 20)"),
    operation(4, 2, "london", [600, 810], { cell: "bob.balance", detail: "100 → 80", call: 3, level: "linearizable" }),
    operation(5, 2, "london", [810, 820], { cell: "carol.incoming", detail: "0 → 20", call: 3, unseen: [2] }),
    message("london", "tokyo", [815, 870], [5]),
    state("london", 815, "carol.incoming", "20"),
    state("tokyo", 870, "carol.incoming", "20"),
    {
      ...{ kind: "merge", atUs: us(870), region: "tokyo", cell: "carol.incoming", policy: "last writer wins" },
      kept: { operation: 5, value: "20" },
      dropped: { operation: 2, value: "30" },
    },
    fault("partition", "end", 5_000, "nyc │ london, tokyo"),
    message("tokyo", "nyc", [5_100, 5_150], [5]),
    state("nyc", 5_150, "carol.incoming", "20"),
    operation(6, 3, "nyc", [9_000, 9_001], {
      cell: "carol.incoming",
      detail: "= 20",
      operation: "read",
      mutates: false,
      judging: true,
    }),
    {
      kind: "verdict",
      atUs: us(9_001),
      name: "money is conserved",
      region: "nyc",
      ok: false,
      text: "expected 300, observed 270",
    },
  ],
};

export const splitBankPicture: Picture = {
  ...{ schedule: 0, target: "bank.ts#splitBank", title: "money is conserved", outcome: "violated" },
  ...{ summary: "violated in 3 of 1,000 schedules · seed 412", expected: "300", observed: "270" },
  racing: [2, 5],
  cells: ["carol.incoming"],
  story: [
    { text: "nyc changes `carol.incoming` from 0 to 30.", atUs: us(440), events: [3] },
    { text: "The network splits: nyc │ london, tokyo.", atUs: us(500), events: [8] },
    { text: "london changes `carol.incoming` from 0 to 20, not knowing of 1.", atUs: us(820), events: [11] },
  ],
  remedies: ["make it `counter()`"],
  replay: "npx faultline replay bank.ts#splitBank --seed 412",
};

/** What somebody's own recorder has: sessions and operations, and nothing of replicas. */
export const recorded: Schedule = {
  regions: [],
  sessions: [
    { id: 1, region: "" },
    { id: 2, region: "" },
  ],
  events: [
    operation(1, 1, "", [0, 10], { cell: "x", detail: "→ 1", operation: "write", level: "linearizable" }),
    operation(2, 2, "", [20, 30], {
      cell: "x",
      detail: "= 0",
      operation: "read",
      mutates: false,
      level: "linearizable",
    }),
    operation(3, 1, "", [40, 50], {
      cell: "x",
      detail: "→ 2",
      operation: "write",
      level: "linearizable",
      outcome: "info",
    }),
  ],
};
