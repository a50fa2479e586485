import { array, assert, asyncProperty, constantFrom, integer, property } from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeValue } from "../data/values.js";
import { Eventual, Linearizable, Replicated, register, set } from "../index.js";
import { delay, duplication, loss, randomFaults, reordering, slowRegion } from "../simulation/index.js";
import type { Decisions, Load } from "./decisions.js";
import { type TraceOptions, traceScenario } from "./explore.js";
import { Account, all, of } from "./testing/account.js";
import { GeneratedWorkload } from "./workload/generated.js";
import { IdentityReference, type Plan, replaced } from "./workload/plan.js";
import { decodePlan, encodePlan } from "./workload/plan-document.js";
import type { ValueShape, WorkloadShape } from "./workload/shape.js";
import { strategies } from "./workload/strategies.js";

@Replicated()
class Parcel {
  @Linearizable() readonly place = register("");
  @Eventual() readonly notes = set<string>();
  async move(to: Parcel, where: string, at?: Date): Promise<void> {
    await this.place.update((place) => `${place}${where}`);
    await to.notes.add(`${where} ${at?.getTime() ?? "some time"}`).catch(() => undefined);
  }
  async read(): Promise<number> {
    return (await this.notes.values()).length + (await this.place.read()).length;
  }
}

const parameter = (name: string, values: ValueShape, isOptional = false) => {
  return { name, values, isOptional, isRest: false };
};
const shape: WorkloadShape = {
  target: "Parcel",
  methods: [
    {
      name: "move",
      parameters: [
        parameter("to", { kind: "handle", target: "Parcel" }),
        parameter("where", { kind: "string", near: [] }),
        parameter("at", { kind: "date" }, true),
      ],
    },
    { name: "read", parameters: [] },
  ],
};

const asJson = (decisions: Decisions | undefined) => JSON.parse(JSON.stringify(decisions)) as Decisions;

async function replays(options: Omit<TraceOptions, "target" | "isUserFile">): Promise<void> {
  const whole = { ...options, target: "it", isUserFile: () => false };
  const first = await traceScenario(whole);
  const decisions = asJson(first.decisions);
  // Whatever else is asked for.
  const again = await traceScenario({ ...whole, seed: 0, faults: whole.faults ?? "none", decisions });
  expect(again.result.digest).toBe(first.result.digest);
  expect(JSON.stringify(again.result)).toBe(JSON.stringify(first.result));
  expect(asJson(again.decisions)).toEqual(decisions);
}

const hostile = [
  loss(0.2, { fromMs: 0, untilMs: 900 }),
  slowRegion("london", 3, { fromMs: 0, untilMs: 700 }),
  duplication(0.3, { fromMs: 10 }),
  reordering(0.3, 200, { fromMs: 20, untilMs: 1_000 }),
  delay(30, { fromMs: 50, untilMs: 400 }),
];

describe("the decisions of a schedule", () => {
  it("give a generated workload's schedule again, byte by byte", async () => {
    await assert(
      asyncProperty(
        integer({ min: 1, max: 100_000 }),
        constantFrom(...strategies, "mixed" as const),
        async (seed, strategy) => {
          const workload = new GeneratedWorkload(shape, { strategy });
          const evaluate: Load = (seed, decisions) => workload.scenario(seed, () => Parcel, decisions);
          await replays({ seed, evaluate });
        },
      ),
      { numRuns: 40 },
    );
  });

  it("give a scenario's schedule again, with faults that lose, copy and hold back messages", async () => {
    const busy = (faults: Parameters<typeof of>[1]) =>
      of(async ({ session, random, sleep, faults: more }) => {
        more.partition([["nyc"], ["london"]], { fromMs: 300, untilMs: 800 });
        await Promise.all(
          all.map(async (region) => {
            const account = session(region).open(Account, "alice");
            for (let i = 0; i < 3; i++) {
              await account.withdraw(1 + Math.floor(random() * 9)).catch(() => undefined);
              await account.tags.add(`${region}${i}`).catch(() => undefined);
              await sleep(random() * 300);
            }
          }),
        );
      }, faults);
    await assert(
      asyncProperty(
        integer({ min: 1, max: 100_000 }),
        constantFrom(randomFaults(), hostile, []),
        async (seed, faults) => {
          await replays({ seed, evaluate: () => busy({ faults }) });
        },
      ),
      { numRuns: 20 },
    );
  });

  it("leave messages that are not listed nothing but the distance", async () => {
    const workload = new GeneratedWorkload(shape, { strategy: "overtaking" });
    const evaluate: Load = (seed, decisions) => workload.scenario(seed, () => Parcel, decisions);
    const options = { evaluate, seed: 5, target: "it", isUserFile: () => false };
    const { decisions } = await traceScenario(options);
    const punctual = { ...(decisions as Decisions), faults: [], delays: [] };
    const { result } = await traceScenario({ ...options, decisions: punctual });
    const lasted = new Map<string, Set<number>>();
    for (const event of result.trace.events) {
      if (event.kind !== "message" || event.deliveredUs === undefined) continue;
      const link = `${event.from} ${event.to} ${event.domain}`;
      lasted.set(link, (lasted.get(link) ?? new Set()).add(event.deliveredUs - event.sentUs));
    }
    expect(lasted.size).toBeGreaterThan(5);
    const least = new Set([...lasted.values()].map((times) => Math.min(...times)));
    // Who sends two at once sends one after the other.
    for (const times of lasted.values()) expect(Math.max(...times) - Math.min(...times)).toBeLessThan(500);
    expect(least.size).toBeGreaterThan(2);
  });
});

describe("a plan as JSON", () => {
  const parcel = new IdentityReference("Parcel", "parcel2");
  const values = [
    ...[undefined, null, Number.NaN, -0, Number.POSITIVE_INFINITY, 12n, "", { $: "identity", target: "x", id: "y" }],
    ...[new Date(5), new Set([1, "1"]), new Map<unknown, unknown>([[{ a: 1 }, [undefined]]]), parcel, { to: [parcel] }],
  ];
  const planWith = (args: Plan["sessions"][number]["calls"][number]["args"]): Plan => {
    const on = { target: "Parcel", id: "parcel1" };
    return { identities: [on], sessions: [{ region: "nyc", calls: [{ thinkMs: 3, on, method: "move", args }] }] };
  };
  // Objects that stand for others are told from data that looks like them.
  const comparable = (value: unknown): string =>
    encodeValue(
      replaced(value, (part) => (part instanceof IdentityReference ? `object ${part.target} ${part.id}` : undefined)),
    );

  it("keeps every value", () => {
    assert(
      property(array(constantFrom(...values)), (drawn) => {
        const document = JSON.parse(JSON.stringify(encodePlan(planWith({ kind: "drawn", values: drawn }))));
        const { args } = decodePlan(document).sessions[0]?.calls[0] ?? {};
        expect(args?.kind === "drawn" && comparable(args.values)).toBe(comparable(drawn));
      }),
    );
    const listed = planWith({ kind: "listed", index: 2 });
    expect(decodePlan(encodePlan(listed))).toEqual(listed);
    const made = planWith({ kind: "made", seed: 7 });
    expect(decodePlan(encodePlan(made))).toEqual(made);
  });

  it("is refused where it has been damaged, with what to do", () => {
    const damaged = { ...encodePlan(planWith({ kind: "listed", index: 2 })), sessions: [{ region: 4, calls: [] }] };
    expect(() => decodePlan(damaged as never)).toThrow(
      "The calls of this schedule cannot be read: 4 stands where a text is expected.",
    );
    expect(() => decodePlan({} as never)).toThrow("make another one with the schedule's seed");
  });

  it("is refused when a method is there no more", () => {
    const workload = new GeneratedWorkload({ ...shape, methods: shape.methods.slice(1) });
    const decisions = { seed: 1, faults: [], plan: encodePlan(planWith({ kind: "listed", index: 0 })) };
    expect(() => workload.scenario(1, () => Parcel, decisions)).toThrow("The schedule calls `Parcel.move`");
  });
});
