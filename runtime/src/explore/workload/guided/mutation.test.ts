import { assert, integer, property } from "fast-check";
import { describe, expect, it } from "vitest";
import { clockSkew, crash, type Fault, partition } from "../../../simulation/index.js";
import { Prng } from "../../../simulation/prng.js";
import type { Plan, PlannedCall } from "../plan.js";
import { changedFaults, changedPlan } from "./mutation.js";

const on = { target: "Account", id: "account1" };
const call = (method: string, ...values: number[]): PlannedCall => {
  return { thinkMs: 10, on, method, args: { kind: "drawn", values } };
};
const planOf = (...calls: readonly (readonly PlannedCall[])[]): Plan => ({
  identities: [on],
  sessions: calls.map((each, index) => ({ region: ["nyc", "london"][index] as string, calls: each })),
});
const kept = planOf(
  [call("add", 1), call("read")],
  Array.from({ length: 8 }, () => call("add", 2)),
);
const fresh = planOf([call("add", 3)], [call("take", 4), call("read")]);
const seeds = integer({ min: 1, max: 1_000_000 });

describe("a plan that is changed a little", () => {
  it("stays a plan: the same clients, some calls each, known ones", () => {
    const before = JSON.stringify(kept);
    assert(
      property(seeds, (seed) => {
        const { identities, sessions } = changedPlan(kept, fresh, Prng.seeded(seed, "test"));
        expect(identities).toBe(kept.identities);
        expect(sessions.map(({ region }) => region)).toEqual(["nyc", "london"]);
        for (const { calls } of sessions) {
          expect(calls.length).toBeGreaterThan(0);
          expect(calls.length).toBeLessThanOrEqual(8);
          const known = [...kept.sessions, ...fresh.sessions].flatMap((session) => session.calls);
          for (const { method, args } of calls)
            expect(known).toContainEqual({ ...call(method), args, thinkMs: expect.any(Number) });
        }
      }),
    );
    expect(JSON.stringify(kept)).toBe(before);
  });

  it("is changed in each of the ways: calls, their number, order, arguments, moments", () => {
    const ways = new Set<string>();
    for (let seed = 1; seed <= 300; seed++) {
      const { sessions } = changedPlan(kept, fresh, Prng.seeded(seed, "test"));
      const [calls = []] = sessions.map((session) => session.calls);
      if (calls.some(({ method }) => method === "take")) ways.add("another call");
      if (calls.length > 2) ways.add("more");
      if (calls.length < 2) ways.add("fewer");
      if (calls[0]?.method === "read" && calls[1]?.method === "add") ways.add("another order");
      if (calls.length === 2 && JSON.stringify(calls[0]?.args) === JSON.stringify(call("add", 3).args))
        ways.add("other arguments");
      if (calls.some(({ thinkMs }) => thinkMs !== 10)) ways.add("another moment");
    }
    expect([...ways].sort()).toEqual([
      "another call",
      "another moment",
      "another order",
      "fewer",
      "more",
      "other arguments",
    ]);
  });
});

describe("faults that are changed a little", () => {
  const faults = [crash("nyc", { fromMs: 100, untilMs: 900 }), clockSkew("london", 50)];
  const others = [
    partition([["nyc"], ["london"]]),
    clockSkew("nyc", -50),
    crash("london", { fromMs: 0, untilMs: 300 }),
  ];
  const kinds = (list: readonly Fault[]) => list.map(({ fault }) => fault);

  it("are never more, nor of other kinds, so that what mechanisms claim to stand is not exceeded", () => {
    const seen = new Set<string>();
    assert(
      property(seeds, (seed) => {
        const changed = changedFaults(faults, others, Prng.seeded(seed, "test"));
        for (const kind of kinds(changed)) expect(kinds(faults)).toContain(kind);
        expect(new Set(kinds(changed)).size).toBe(changed.length);
        for (const { fromMs, untilMs } of changed) {
          expect(fromMs).toBeGreaterThanOrEqual(0);
          if (untilMs !== undefined) expect(untilMs).toBeGreaterThan(fromMs);
        }
        seen.add(JSON.stringify(changed));
      }),
      { numRuns: 300 },
    );
    expect(seen.size).toBeGreaterThan(10);
  });

  it("are none where there were none", () => {
    expect(changedFaults([], others, Prng.seeded(1, "test"))).toEqual([]);
  });
});
