import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { Decisions, PlanDocument } from "../../runtime/src/explore/decisions.js";
import { type TraceOptions, traceScenario } from "../../runtime/src/explore/explore.js";
import { type Loaded, loadProgram } from "./exploration.js";
import { allPlanted } from "./planted.js";
import { readRecording } from "./recording.js";
import { measureShrinking, shrinkProgram } from "./shrinking.js";
import { isAsPromised, isSmallest, shrinkingPage } from "./shrinking-page.js";
import { readMeasured } from "./shrinking-recording.js";

const planted = new Map((await allPlanted()).map((each) => [each.id, each]));
const recorded = new Map(readRecording().map((each) => [each.id, each]));
const measured = readMeasured();

type Sessions = PlanDocument["sessions"];
type Identity = { readonly kind: string; readonly name: string; readonly anomaly: string | null };

async function shows(program: Loaded, decisions: Decisions, violation: Identity): Promise<boolean> {
  const options: Omit<TraceOptions, "seed"> = program;
  const { result } = await traceScenario({ ...options, seed: decisions.seed, decisions });
  const same = result.violations.find(({ kind, name }) => kind === violation.kind && name === violation.name);
  // Of a promise it is the judge that names what breaks it; elsewhere the trace is asked, which tells less or more.
  return same !== undefined && (violation.kind !== "guarantee" || same.anomaly === violation.anomaly);
}

const withSessions = (decisions: Decisions, sessions: Sessions): Decisions => ({
  ...decisions,
  ...(decisions.plan === undefined ? {} : { plan: { ...decisions.plan, sessions } }),
});

/** Without the calls that are not chosen, by their places in the order of the sessions. */
function withCalls(decisions: Decisions, isChosen: (place: number) => boolean): Decisions {
  let place = 0;
  const sessions = (decisions.plan?.sessions ?? []).map(({ region, calls }) => {
    return { region, calls: calls.filter(() => isChosen(place++)) };
  });
  return withSessions(
    decisions,
    sessions.filter(({ calls }) => calls.length > 0),
  );
}

const callsOf = ({ plan }: Decisions): number => plan?.sessions.reduce((sum, { calls }) => sum + calls.length, 0) ?? 0;

const without = <T>(items: readonly T[], index: number): readonly T[] => items.filter((_, at) => at !== index);

/** Every way to leave out one thing: a call, a session, a fault, a late message. */
function* oneLess(decisions: Decisions): Iterable<Decisions> {
  const { plan, faults, delays = [] } = decisions;
  for (let call = 0; call < callsOf(decisions); call++) yield withCalls(decisions, (place) => place !== call);
  for (const index of plan?.sessions.keys() ?? []) yield withSessions(decisions, without(plan?.sessions ?? [], index));
  for (const index of faults.keys()) yield { ...decisions, faults: without(faults, index) };
  for (const index of delays.keys()) yield { ...decisions, delays: without(delays, index) };
}

async function shrunkOf(id: string) {
  const program = planted.get(id);
  const found = recorded.get(id)?.found;
  const [violation] = found?.violations ?? [];
  if (program === undefined || found === undefined || violation === undefined) throw new Error(`${id} is not recorded`);
  const loaded = await loadProgram(program, "broken");
  const { result, decisions } = await traceScenario({ ...loaded, seed: found.seed });
  const traced = result.violations.find(({ kind, name }) => kind === violation.kind && name === violation.name);
  if (decisions === undefined || traced === undefined) throw new Error(`seed ${found.seed} no longer shows it`);
  const shrunk = await shrinkProgram(program, { seed: found.seed, violation });
  return { loaded, decisions, violation: traced, shrunk };
}

describe.each([
  "elasticsearch-two-primaries",
  "own-writes-unread",
  "resent-without-an-id",
  "transfer-at-two-levels",
  "writes-to-a-narrow-quorum",
])("the smallest schedule of %s", (id) => {
  it("shows the same violation, and no longer with anything left out", async () => {
    const { loaded, violation, shrunk } = await shrunkOf(id);
    expect(shrunk.isMinimal).toBe(true);
    expect(await shows(loaded, shrunk.decisions, violation)).toBe(true);
    const still: Decisions[] = [];
    for (const candidate of oneLess(shrunk.decisions))
      if (await shows(loaded, candidate, violation)) still.push(candidate);
    expect(still).toEqual([]);
  });
});

describe.each(["name-taken-twice", "failover-without-fencing", "bounds-cross", "editions-by-wall-clock"])(
  "the smallest schedule of %s",
  (id) => {
    it("is as small as the smallest of all choices of the calls and faults that there were", async () => {
      const { found } = recorded.get(id) ?? {};
      const [program, violation] = [planted.get(id), found?.violations[0]];
      if (program === undefined || found === undefined || violation === undefined)
        throw new Error(`${id} is not recorded`);
      const { processorMs: _, ...now } = await measureShrinking(program, { seed: found.seed, violation });
      expect(isSmallest({ ...now, processorMs: 0 })).toBe(true);
      expect({ ...now, processorMs: expect.any(Number) }).toEqual(measured.find((each) => each.id === id));
    });
  },
);

describe("the recording of smallest schedules", () => {
  it("has nothing that can be spared, and nothing smaller among all choices of one or two calls", () => {
    expect(measured.map(({ id }) => id)).toEqual([...planted.keys()]);
    expect(measured.filter((each) => !isAsPromised(each)).map(({ id }) => id)).toEqual([]);
    const few = measured.filter(({ after }) => after.operations <= 2);
    expect(few.filter(({ minimum }) => minimum === undefined).map(({ id }) => id)).toEqual([]);
  });

  it("is what the page shows", async () => {
    const page = fileURLToPath(new URL(`../../${shrinkingPage.file}`, import.meta.url));
    expect(readFileSync(page, "utf8")).toBe(await shrinkingPage.make());
  });
});
