import { array, assert, asyncProperty, integer, nat } from "fast-check";
import { describe, expect, it } from "vitest";
import { Eventual, Invariant, Linearizable, Replicated, register } from "../../../index.js";
import { explore, typedWorkload } from "../../../simulation/index.js";
import type { Load } from "../../decisions.js";
import { exploreBlock, traceScenario } from "../../explore.js";
import { runSchedule } from "../../run.js";
import type { RunOptions } from "../../schedule.js";
import { Tally, type TallyData } from "../../tally.js";
import { GeneratedWorkload } from "../generated.js";
import type { WorkloadShape } from "../shape.js";
import type { Strategy } from "../strategies.js";

const amount = {
  name: "amount",
  values: { kind: "number", near: [100] },
  isOptional: false,
  isRest: false,
} as const;
const shape: WorkloadShape = {
  target: "Stock",
  methods: [
    { name: "reserve", parameters: [amount] },
    { name: "count", parameters: [] },
  ],
};

/** Loses one of two reservations that are made at once. */
@Replicated()
class Stock {
  static readonly [typedWorkload] = { shape };
  @Eventual() readonly reserved = register(0);
  @Linearizable() readonly left = register(1_000);
  constructor(readonly id: string) {}
  async reserve(amount: number): Promise<void> {
    await this.left.update((left) => left - amount);
    await this.reserved.write((await this.reserved.read()) + amount);
  }
  async count(): Promise<number> {
    return (await this.reserved.read()) + (await this.left.read());
  }
  @Invariant("nothing is lost", { when: "converged" })
  async whole(): Promise<boolean> {
    return (await this.count()) === 1_000;
  }
}

/** As a process has it: what it learns is its own. */
function process(strategy: Strategy = "guided") {
  const workload = new GeneratedWorkload(shape, { strategy });
  const load: Load = (seed, decisions) => workload.scenario(seed, () => Stock, decisions);
  return { evaluate: Object.assign(load, { guide: workload.guide }), target: "Stock", isUserFile: () => false };
}

interface Range {
  readonly seed: number;
  readonly schedules: number;
}

function reportOf(parts: readonly TallyData[], seed: number) {
  const tally = new Tally();
  for (const part of parts) tally.merge(part);
  return { report: tally.report({ target: "Stock", seed }), digests: tally.digests };
}

async function digestsOf({ seed, schedules }: Range, strategy?: Strategy): Promise<readonly string[]> {
  const { evaluate, isUserFile } = process(strategy);
  const digests: string[] = [];
  for (let i = 0; i < schedules; i++) {
    const own = { seed: seed + i, isUserFile };
    const alone = (each: RunOptions) => runSchedule(evaluate, each);
    digests.push((await (evaluate.guide?.run(own, alone) ?? alone(own))).digest);
  }
  return digests;
}

describe("guided schedules", () => {
  const [first, count] = [35, 70]; // in three blocks, of which the outer ones are not whole

  it("add up to the same report, in whatever parts and order processes explore them", async () => {
    const whole = reportOf([await exploreBlock({ ...process(), seed: first, schedules: count })], first);
    expect(whole.report.violations.length).toBeGreaterThan(0);
    const cuts = array(integer({ min: 1, max: count - 1 }), { maxLength: 5 });
    await assert(
      asyncProperty(cuts, nat(), async (chosen, turn) => {
        const bounds = [...new Set([0, ...chosen, count])].sort((a, b) => a - b);
        const ranges = bounds.slice(1).map((end, index): Range => {
          const begin = bounds[index] as number;
          return { seed: first + begin, schedules: end - begin };
        });
        const order = ranges.map((_, index) => (index + turn) % ranges.length);
        const parts: TallyData[] = [];
        const shared = process(); // has always run something else before
        for (const index of order)
          parts[index] = await exploreBlock({ ...(index % 2 === 0 ? shared : process()), ...(ranges[index] as Range) });
        expect(reportOf(parts, first)).toEqual(whole);
      }),
      { numRuns: 3 },
    );
  });

  it("are the same when they are traced alone, and told of those that come before", async () => {
    const digests = await digestsOf({ seed: first, schedules: count });
    await assert(
      asyncProperty(integer({ min: first, max: first + count - 1 }), async (seed) => {
        const preceding: (number | undefined)[] = [];
        const { result, decisions } = await traceScenario({
          ...process(),
          seed,
          onPreceding: (at) => preceding.push(at),
        });
        expect(result.digest).toBe(digests[seed - first]);
        const begin = seed - ((seed - 1) % 50);
        const before = Array.from({ length: seed - begin }, (_, index) => begin + index);
        expect(preceding).toEqual(before.length === 0 ? [] : [...before, undefined]);
        // Once decided it needs nobody before it.
        expect((await traceScenario({ ...process("mixed"), seed: 0, decisions })).result.digest).toBe(result.digest);
      }),
      { numRuns: 4 },
    );
  });

  it("are those of mixed at the beginning of a block, and about half of them after it", async () => {
    const guided = await digestsOf({ seed: 1, schedules: 100 });
    const mixed = await digestsOf({ seed: 1, schedules: 100 }, "mixed");
    const isFresh = guided.map((digest, index) => digest === mixed[index]);
    expect(isFresh.slice(0, 8)).not.toContain(false);
    expect(isFresh.slice(50, 58)).not.toContain(false);
    const fresh = isFresh.filter(Boolean).length;
    expect(fresh).toBeGreaterThan(35);
    expect(fresh).toBeLessThan(80);
  });

  it("can be asked for in a test, whose violations are traced", async () => {
    const report = await explore(Stock, { strategy: "guided", schedules: 60, seed: 30 });
    expect(report.outcome).toBe("violated");
    expect(report.violations[0]?.why).not.toBeNull();
  });
});
