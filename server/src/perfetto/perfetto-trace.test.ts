import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { OperationEvent, Trace, TraceEvent } from "../../../runtime/src/simulation/trace.js";
import { simulate } from "../simulate/index.js";
import type { PerfettoDocument } from "./format.js";
import { perfettoTrace } from "./perfetto-trace.js";
import type { PerfettoSubject } from "./subject.js";
import { problemsIn } from "./testing/problems.js";

const root = join(dirname(fileURLToPath(import.meta.url)), "../../..");
const samples = readdirSync(join(root, "samples")).filter((id) => existsSync(join(root, `samples/${id}/${id}.ts`)));

const named = ({ traceEvents }: PerfettoDocument, ph: string): readonly string[] =>
  traceEvents.flatMap((event) => (event.ph === ph ? [event.name] : []));

describe("a failing schedule of each sample, run by child processes", () => {
  it.each(samples)("%s: a document that the viewers take", { timeout: 120_000 }, async (id) => {
    const file = join(root, `samples/${id}/${id}.ts`);
    const { runs } = JSON.parse(readFileSync(join(root, `samples/${id}/expected.json`), "utf8"));
    const { target, violations } = runs.find(({ outcome }: { readonly outcome: string }) => outcome === "violated");
    const seed: number = violations[0].seed;
    const name = target.slice(target.indexOf("#") + 1);
    const { finished } = await simulate({ file, name, cwd: root, schedules: 1, seed, processes: 1 });
    const traced = finished[0]?.traced[0];
    expect(traced).toBeDefined();
    if (traced === undefined) return;
    const document = perfettoTrace(traced.trace, {
      target,
      violations: traced.violations,
      placeOf: (site) => {
        const source = traced.sourceOf(site);
        return source === null ? undefined : `${source.file}:${source.range.start.line}`;
      },
    });
    expect(problemsIn(document)).toEqual([]);
    expect(named(document, "i").filter((each) => each.startsWith("✗"))).toContain(`✗ ${violations[0].name}`);
    const performed = traced.trace.events.filter((event) => event.kind === "operation" && !event.setup);
    const slices = document.traceEvents.filter(
      (event) => event.ph === "X" && ["operation", "judging"].includes(event.cat),
    );
    expect(slices.length).toBe(performed.length);
    const faults = traced.trace.events.filter((event) => event.kind === "fault" && event.phase === "start");
    expect(named(document, "b").length).toBe(faults.length);
    const delivered = traced.trace.events.filter(
      (event) => event.kind === "message" && event.sentUs >= 0 && event.deliveredUs !== undefined,
    );
    const arrows = document.traceEvents.filter((event) => event.ph === "f" && event.cat !== "request");
    expect(arrows.length).toBe(delivered.length);
  });
});

const operation = (id: number, atUs: number, endUs: number | undefined, rest: Partial<OperationEvent>): TraceEvent => ({
  ...{ kind: "operation", id, call: undefined, transaction: undefined, atUs, endUs, session: 1, region: "nyc" },
  ...{ setup: false, cell: "a.x", level: "eventual", operation: "write", mutates: true, detail: "→ 1", outcome: "ok" },
  ...{ error: undefined, site: undefined, unseen: [], judging: false, requests: [], ...rest },
});

const traceOf = (events: readonly TraceEvent[], rest: Partial<Trace> = {}): Trace => ({
  ...{ version: 1, seed: 4, regions: ["nyc", "london"], sessions: [{ id: 1, region: "nyc" }], events, ...rest },
});

const subject: PerfettoSubject = { target: "a.ts#A", violations: [], placeOf: () => undefined };

const sessionTracks = ({ traceEvents }: PerfettoDocument): readonly string[] =>
  traceEvents.flatMap((event) =>
    event.ph === "M" && event.name === "thread_name" && event.pid === 2 && "name" in event.args
      ? [event.args.name]
      : [],
  );

describe("a schedule as a document for trace viewers", () => {
  it("puts operations that a session does at once on tracks of their own", () => {
    const document = perfettoTrace(
      traceOf([operation(1, 0, 100, {}), operation(2, 50, 150, {}), operation(3, 120, 130, {})]),
      subject,
    );
    expect(problemsIn(document)).toEqual([]);
    expect(sessionTracks(document)).toEqual(["session 1 · nyc", "session 1 · nyc (beside 1)"]);
  });

  it("draws what was not answered to the end, and says so", () => {
    const document = perfettoTrace(
      traceOf([operation(1, 10, undefined, { outcome: "pending" }), operation(2, 400, 500, { session: 2 })], {
        sessions: [
          { id: 1, region: "nyc" },
          { id: 2, region: "london" },
        ],
      }),
      subject,
    );
    expect(problemsIn(document)).toEqual([]);
    expect(document.traceEvents.find((event) => event.ph === "X" && event.ts === 10)).toMatchObject({
      dur: 491,
      args: { outcome: "not answered" },
    });
  });

  it("shows numbers that replicas hold as counters from 0 on, anything else where it changes", () => {
    const state = (atUs: number, cell: string, value: string): TraceEvent => ({
      kind: "state",
      atUs,
      region: "nyc",
      cell,
      value,
    });
    const document = perfettoTrace(
      traceOf([state(-5, "a.x", "7"), state(40, "a.x", "8"), state(50, "a.y", '"b"')], {
        cells: [{ cell: "a.x", level: "eventual", initial: "0" }],
      }),
      subject,
    );
    expect(problemsIn(document)).toEqual([]);
    const counters = document.traceEvents.flatMap((event) =>
      event.ph === "C" ? [`${event.ts} ${event.name} ${event.args["value"]}`] : [],
    );
    expect(counters).toEqual(["0 a.x in nyc 7", "0 a.x in london 0", "40 a.x in nyc 8"]);
    expect(named(document, "i")).toEqual(['a.y = "b"']);
  });

  it("marks a value that JSON has no number for, and leaves out what setup began", () => {
    const state = { kind: "state", atUs: 40, region: "nyc", cell: "a.x", value: "Infinity" } as const;
    const call: TraceEvent = {
      ...{ kind: "call", id: 9, parent: undefined, atUs: -20, endUs: 30, session: 1, region: "nyc", setup: true },
      ...{ object: "a", method: "fill", args: [], outcome: "ok", error: undefined, site: undefined },
    };
    const document = perfettoTrace(traceOf([call, operation(1, 10, 20, { call: 9 }), state]), subject);
    expect(problemsIn(JSON.parse(JSON.stringify(document)) as PerfettoDocument)).toEqual([]);
    expect(named(document, "i")).toEqual(["a.x = Infinity"]);
    expect(named(document, "X")).not.toContain("a.fill");
  });

  it("marks a broken promise, which no verdict of the trace names, where its last operation ends", () => {
    const violations = [{ name: "linearizable", message: "old value read", racing: [1, 2] }];
    const document = perfettoTrace(traceOf([operation(1, 0, 100, {}), operation(2, 10, 180, { session: 1 })]), {
      ...subject,
      violations,
    });
    expect(document.traceEvents.find((event) => event.ph === "i")).toMatchObject({
      name: "✗ linearizable",
      ts: 180,
      s: "g",
    });
  });

  it("ends a fault that outlasts the schedule with it", () => {
    const fault = (atUs: number, phase: "start" | "end"): TraceEvent => ({
      kind: "fault",
      atUs,
      fault: "crash",
      phase,
      text: "nyc",
    });
    const document = perfettoTrace(traceOf([fault(0, "start"), fault(10, "end"), fault(20, "start")]), subject);
    expect(problemsIn(document)).toEqual([]);
    expect(named(document, "e")).toEqual(["crash: nyc", "crash: nyc"]);
  });

  it("is not taken for right by the check of these tests when it is not", () => {
    const slice = (ts: number, dur: number) => ({ ph: "X" as const, name: `${ts}`, cat: "x", ts, dur, pid: 1, tid: 1 });
    const flow = (ph: "s" | "f", ts: number) => ({
      ph,
      name: "m",
      cat: "x",
      ts,
      pid: 1,
      tid: 1,
      id: 1,
      bp: "e" as const,
    });
    const check = (traceEvents: PerfettoDocument["traceEvents"]) =>
      problemsIn({ displayTimeUnit: "ms", otherData: {}, traceEvents }).filter((each) => !each.startsWith("track"));
    expect(check([slice(0, 10), slice(5, 10)])).toEqual(["5 sticks out of 0"]);
    expect(check([slice(0, 10), flow("s", 3), flow("f", 12)])).toEqual(["f m at 12 has no slice around it"]);
    expect(check([slice(0, 10), flow("s", 3)])).toEqual(["s x m 1 never ends"]);
    expect(check([slice(9, 1), slice(0, 1)])).toEqual(["0 comes after a later event"]);
    expect(check([{ ...slice(0, 1), ts: -1 }])).toEqual(["traceEvents.0.ts: Too small: expected number to be >=0"]);
  });
});
