import { beforeAll, describe, expect, it } from "vitest";
import { Causal, counter, Eventual, Invariant, Replicated, register } from "../../index.js";
import { crash, partition, pause } from "../../simulation/index.js";
import type { Decisions, Load } from "../decisions.js";
import { traceScenario } from "../explore.js";
import { Account, of } from "../testing/account.js";
import { GeneratedWorkload } from "../workload/generated.js";
import type { WorkloadShape } from "../workload/shape.js";
import { type ShrinkOptions, shrink } from "./shrink.js";

@Replicated()
class Seats {
  @Causal() readonly left = counter(10);
  @Eventual() readonly note = register("");
  async book(count: number): Promise<void> {
    if ((await this.left.read()) < count) throw new Error("sold out");
    await this.left.decrement(count);
  }
  async remark(text: string): Promise<void> {
    await this.note.write(text);
  }
  @Invariant("no seat is sold twice")
  async sound(): Promise<boolean> {
    return (await this.left.read()) >= 0;
  }
}

const parameter = (name: string, values: WorkloadShape["methods"][number]["parameters"][number]["values"]) => {
  return { name, values, isOptional: false, isRest: false };
};
const shape: WorkloadShape = {
  target: "Seats",
  methods: [
    { name: "book", parameters: [parameter("count", { kind: "number", near: [] })] },
    { name: "remark", parameters: [parameter("text", { kind: "string", near: [] })] },
  ],
};
const workload = new GeneratedWorkload(shape);
const evaluate: Load = (seed, decisions) => workload.scenario(seed, () => Seats, decisions);
const violation = { kind: "invariant", name: "no seat is sold twice" } as const;
const base = { target: "Seats", evaluate, isUserFile: () => false };

/** The first seed that shows it, as it was decided. */
async function found(): Promise<Decisions> {
  for (let seed = 1; seed < 50; seed++) {
    const { result, decisions } = await traceScenario({ ...base, seed });
    if (decisions !== undefined && result.violations.some(({ name }) => name === violation.name)) return decisions;
  }
  throw new Error("no seed shows it");
}

let decisions: Decisions;
let options: ShrinkOptions;

beforeAll(async () => {
  decisions = await found();
  options = { ...base, violation, decisions, workload: shape, attempts: 1_500 };
});

const isShown = async (candidate: Decisions) =>
  (await traceScenario({ ...base, seed: candidate.seed, decisions: candidate })).result.violations.some(
    ({ kind, name }) => kind === violation.kind && name === violation.name,
  );

describe("a schedule that is made smaller", () => {
  it("shows the same with two calls that meet, without faults and delays, in plain numbers", async () => {
    const { before, after, isMinimal, decisions: small, result } = await shrink(options);
    expect(before).toMatchObject({ sessions: 3, faults: decisions.faults.length });
    expect(before.operations).toBeGreaterThan(10);
    expect({ after, isMinimal }).toEqual({ after: { operations: 2, faults: 0, sessions: 2 }, isMinimal: true });
    expect(small).toMatchObject({ faults: [], delays: [] });
    const calls = small.plan?.sessions.flatMap((session) => session.calls) ?? [];
    expect(calls.map(({ method, thinkMs }) => `${method} after ${thinkMs}`)).toEqual(["book after 0", "book after 0"]);
    expect(await isShown(small)).toBe(true);
    expect(result.violations.map(({ name }) => name)).toContain(violation.name);
  });

  it("is the same every time", async () => {
    expect(JSON.stringify(await shrink(options))).toBe(JSON.stringify(await shrink(options)));
  });

  it("is what is known when the attempts are used up, or when it is stopped", async () => {
    const short = await shrink({ ...options, attempts: 30 });
    expect(short.isMinimal).toBe(false);
    expect(short.attempts).toBeLessThanOrEqual(34);
    expect(await isShown(short.decisions)).toBe(true);
    expect(short.after.operations).toBeLessThan(short.before.operations);
    let asked = 0;
    const stopped = await shrink({ ...options, shouldStop: () => ++asked > 20 });
    expect(stopped.isMinimal).toBe(false);
    expect(await isShown(stopped.decisions)).toBe(true);
    const unchanged = await shrink({ ...options, attempts: 0 });
    expect(unchanged.after).toEqual(unchanged.before);
  });

  it("has to show it to begin with", async () => {
    const nothing = shrink({ ...options, violation: { kind: "invariant", name: "another" } });
    await expect(nothing).rejects.toThrow(`Seed ${decisions.seed} does not violate "another" (invariant)`);
  });

  it("comes from a plan that somebody has damaged: refused", async () => {
    const damaged = { ...decisions, plan: { identities: [], sessions: [{ region: "nyc", calls: [{}] }] } };
    await expect(shrink({ ...options, decisions: damaged as never })).rejects.toThrow("cannot be read");
  });
});

@Replicated()
class Thermostat {
  @Eventual() readonly target = register(0);
  async turnTo(degrees: number): Promise<void> {
    await this.target.write(degrees);
  }
  @Invariant("nobody is cooked", { when: "converged" })
  async safe(): Promise<boolean> {
    return (await this.target.read()) < 3;
  }
}

describe("a schedule in which others race too", () => {
  it("is one call if that is enough, whatever was said of the race", async () => {
    const turning: WorkloadShape = {
      target: "Thermostat",
      methods: [{ name: "turnTo", parameters: [parameter("degrees", { kind: "number", near: [] })] }],
    };
    const generated = new GeneratedWorkload(turning);
    const own = {
      ...{ target: "Thermostat", isUserFile: () => false, workload: turning, attempts: 500 },
      evaluate: (seed: number, decided?: Decisions) => generated.scenario(seed, () => Thermostat, decided),
      violation: { kind: "invariant", name: "nobody is cooked" } as const,
    };
    const first = await traceScenario({ ...own, seed: 1 });
    expect(first.result.violations).toMatchObject([{ name: "nobody is cooked", anomaly: "lost-update" }]);
    const { after, result } = await shrink({ ...own, decisions: first.decisions as Decisions });
    expect(after).toEqual({ operations: 1, faults: 0, sessions: 1 });
    expect(result.violations).toMatchObject([{ name: "nobody is cooked", anomaly: null }]);
  });
});

describe("a scenario's schedule", () => {
  const faults = [
    pause("tokyo", { fromMs: 20, untilMs: 90 }),
    partition([["nyc"], ["london", "tokyo"]], { fromMs: 13, untilMs: 2_345 }),
    crash("london", { fromMs: 2_500, untilMs: 2_600 }),
  ];
  const cutOff = of(
    async ({ session, sleep, check }) => {
      await sleep(100);
      await session("nyc").open(Account, "alice").note.write("hello");
      await sleep(800);
      await check(
        "london has heard",
        async () => (await session("london").open(Account, "alice").note.read()) === "hello",
      );
      await sleep(2_000);
    },
    { faults },
  );

  it("keeps what its body does, and the one fault that it takes, from the beginning to a round end", async () => {
    const own = { target: "it", evaluate: () => cutOff, isUserFile: () => false };
    const first = await traceScenario({ ...own, seed: 1 });
    const heard = { kind: "invariant", name: "london has heard" } as const;
    const {
      after,
      before,
      decisions: small,
    } = await shrink({
      ...{ ...own, violation: heard, attempts: 500 },
      decisions: first.decisions as Decisions,
    });
    expect(before).toEqual({ operations: 1, faults: 3, sessions: 1 });
    expect(after).toEqual({ operations: 1, faults: 1, sessions: 1 });
    expect(small.faults).toEqual([{ ...faults[1], fromMs: 0, untilMs: expect.any(Number) }]);
    expect(small.faults[0]?.untilMs).toBeLessThanOrEqual(1_000);
  });
});
