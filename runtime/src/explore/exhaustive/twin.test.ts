import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import type { Openable } from "../../cells/open.js";
import {
  Causal,
  Eventual,
  gossip,
  Invariant,
  Linearizable,
  multiPrimary,
  primaryReplica,
  quorum,
  Replicated,
  raft,
  register,
  Sequential,
} from "../../index.js";
import type { Run } from "../schedule.js";
import { workloadOf } from "../workload/untyped.js";
import { exhaustScenario } from "./exhaust.js";

// On a machine that is busy.
vi.setConfig({ testTimeout: 120_000 });

type Field = ReturnType<typeof Eventual>;

/** What the calls of a schedule have seen. */
let seen: string[] = [];

function boxOf(field: Field, isPlain = false): Openable<object> {
  @Replicated()
  class Box {
    @field value = register(0);
    async set(): Promise<void> {
      await this.value.write(1);
      seen.push("set");
    }
    async get(): Promise<void> {
      seen.push(`get ${await this.value.read()}`);
    }
    async add(): Promise<void> {
      if (!isPlain) seen.push(`add ${await this.value.update((value) => value + 2)}`);
      else await this.value.write((await this.value.read()) + 2);
    }
  }
  return Box;
}

interface Case {
  readonly box: Openable<object>;
  /** Draws one call of each of two sessions. */
  readonly seed: number;
  readonly timers: number;
  /** At most; default 20,000. */
  readonly states?: number;
}

/** The search, and the same search without what makes it clever. */
async function endsOf(
  { box, seed, timers, states: limit = 20_000 }: Case,
  twin: { readonly isReduced?: boolean; readonly isHashed?: boolean; readonly isEager?: boolean } = {},
) {
  const { workload, resolve } = workloadOf(box, { regions: ["nyc", "london"], size: { sessions: 2, operations: 1 } });
  const ends = new Set<string>();
  const report = await exhaustScenario({
    target: "Box",
    seed,
    isUserFile: () => true,
    bounds: { timers, states: limit },
    evaluate(of, decisions) {
      seen = [];
      made = 0;
      return workload.scenario(of, resolve, decisions);
    },
    onEnding: (run) => ends.add(endOf(run)),
    ...twin,
  });
  const { states, steps, schedules, isComplete, drawn, noticed } = report;
  return { ends: [...ends].sort(), states, steps, schedules, isComplete, drawn, noticed };
}

/** Where a schedule has led, and how it was judged; not when, which the order of independent events decides too. */
function endOf({ digest, findings, calls }: Run): string {
  const [, replicas] = digest.split("-");
  const found = findings.map(({ kind, name }) => `${kind} ${name}`);
  const called = calls.map(({ name, region, status }) => `${region} ${name} ${status}`);
  return [replicas, ...[...seen].sort(), ...found.sort(), ...called.sort()].join(" · ");
}

const weak = {
  gossip: boxOf(Eventual()),
  causal: boxOf(Causal()),
  primaries: boxOf(Eventual({ mechanism: multiPrimary() })),
};
const strong = {
  log: boxOf(Sequential()),
  raft: boxOf(Linearizable()),
  "reads at the leader": boxOf(Linearizable({ mechanism: raft({ reads: "leader" }) })),
  "one of two": boxOf(Eventual({ mechanism: quorum({ n: 2, r: 1, w: 1 }) })),
  "both of two": boxOf(Linearizable({ mechanism: quorum({ n: 2, r: 2, w: 2 }) }), true),
  "a primary": boxOf(Linearizable({ mechanism: primaryReplica({ acknowledge: "async" }) })),
};

/** With seed 2 both sessions write; with seed 3 one reads. */
const cases: readonly (readonly [string, Case])[] = [
  ...Object.entries(weak).flatMap(([name, box]) =>
    [
      { box, seed: 2, timers: 0 },
      { box, seed: 3, timers: 1 },
    ].map((each) => [name, each] as const),
  ),
  ...Object.entries(strong).map(([name, box]) => [name, { box, seed: 3, timers: 0 }] as const),
];

const dumb = { isReduced: false, isHashed: false, isEager: false };

describe("every order of two calls", () => {
  it.each(cases)("comes to the same, with and without what leaves orders out: %s, %o", async (_, each) => {
    const clever = await endsOf(each);
    const all = await endsOf(each, dumb);
    expect(all.isComplete).toBe(true);
    expect(clever.isComplete).toBe(true);
    expect(clever.ends).toEqual(all.ends);
    expect(clever.schedules).toBeLessThan(all.schedules);
  });

  it.each(Object.entries(strong))("visits the same states, in whatever order: %s", async (_, box) => {
    const clever = await endsOf({ box, seed: 2, timers: 0 });
    const hashed = await endsOf({ box, seed: 2, timers: 0 }, { isReduced: false });
    expect(hashed).toMatchObject({ ends: clever.ends, states: clever.states, isComplete: true });
    expect(clever.steps).toBeLessThan(hashed.steps);
  });

  it.each(Object.entries(strong))("is spared what makes no difference: %s", async (_, box) => {
    const each = { box, seed: 2, timers: 0 };
    const clever = await endsOf(each);
    const patient = await endsOf(each, { isReduced: false, isEager: false });
    expect(patient).toMatchObject({ ends: clever.ends, isComplete: true });
    expect(clever.states).toBeLessThanOrEqual(patient.states);
  });
});

describe("orders that are drawn where a search is cut", () => {
  const some = { ...weak, log: strong.log, "both of two": strong["both of two"] };
  it.each(Object.entries(some))("are among all that there are: %s", async (_, box) => {
    const each = { box, seed: 3, timers: 0 };
    const all = await endsOf(each, dumb);
    const cut = await endsOf({ ...each, states: 5 });
    expect(all.isComplete).toBe(true);
    expect(cut).toMatchObject({ isComplete: false, drawn: 200 });
    expect(all.ends).toEqual(expect.arrayContaining(cut.ends));
  });
});

const more = {
  "all of the view": boxOf(Linearizable({ mechanism: primaryReplica() })),
  "one of the view": boxOf(Linearizable({ mechanism: primaryReplica({ acknowledge: "semiSync" }) })),
  "reads at a replica": boxOf(Eventual({ mechanism: primaryReplica({ reads: "local" }) })),
  "gossip to one": boxOf(Eventual({ mechanism: gossip({ fanout: 1 }) })),
};

describe("every order of calls that are drawn", () => {
  it("comes to the same, also where what makes no difference waits like everything else", async () => {
    const boxes = [...Object.entries(weak), ...Object.entries(strong), ...Object.entries(more)];
    const program = fc.record({ subject: fc.constantFrom(...boxes), seed: fc.integer({ min: 1, max: 50 }) });
    await fc.assert(
      fc.asyncProperty(program, async ({ subject: [name, box], seed }) => {
        // With timers others have too many orders for who leaves none out.
        const each = { box, seed, timers: name in weak ? 1 : 0, states: 2_000 };
        const clever = await endsOf(each);
        const patient = await endsOf(each, { isReduced: false, isEager: false });
        fc.pre(patient.isComplete);
        expect(clever).toMatchObject({ ends: patient.ends, isComplete: true });
      }),
      { numRuns: 10, seed: 20 },
    );
  });
});

let made = 0;

@Replicated()
class Numbered {
  @Eventual() value = register(0);
  async number(): Promise<void> {
    await this.value.write(++made);
    seen.push(String(made));
  }
}

describe("sessions that share a variable of a module", () => {
  it("are found out, and taken for one flow of user code", async () => {
    const each = { box: Numbered, seed: 1, timers: 0 };
    const clever = await endsOf(each);
    const all = await endsOf(each, dumb);
    expect(all.isComplete).toBe(true);
    expect(clever).toMatchObject({ ends: all.ends, isComplete: true });
    // By the probes: a search that leaves orders out does not come to see the order in which they ask otherwise.
    expect(clever.noticed).toEqual([{ what: "memory", states: 0 }]);
  });
});

@Replicated()
class Pair {
  @Eventual() left = register(0);
  @Eventual() right = register(0);
  async raise(): Promise<void> {
    await this.left.write(1);
    await this.right.write(1);
  }
  @Invariant("both sides are alike")
  async isEven(): Promise<boolean> {
    return (await this.left.read()) === (await this.right.read());
  }
}

describe("what has to hold always", () => {
  it("is judged between the same events with and without what leaves orders out", async () => {
    const each = { box: Pair, seed: 1, timers: 0 };
    const clever = await endsOf(each);
    const all = await endsOf(each, dumb);
    expect(all.isComplete).toBe(true);
    expect(clever.ends).toEqual(all.ends);
    expect(clever.ends.some((end) => end.includes("invariant both sides are alike"))).toBe(true);
  });
});
