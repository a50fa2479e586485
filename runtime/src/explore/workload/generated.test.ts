import { describe, expect, it } from "vitest";
import {
  Eventual,
  Invariant,
  Linearizable,
  open,
  orderedLog,
  Replicated,
  register,
  replicated,
  Sequential,
  set,
  Transaction,
  Workload,
} from "../../index.js";
import { ExplorationError, explore, holds, simulate, typedWorkload } from "../../simulation/index.js";
import { exploreScenario, traceScenario } from "../explore.js";
import { GeneratedWorkload } from "./generated.js";
import type { ValueShape, WorkloadShape } from "./shape.js";

const parameter = (name: string, values: ValueShape) => ({ name, values, isOptional: false, isRest: false });
const transferring = (target: string): WorkloadShape => ({
  target,
  methods: [
    {
      name: "transfer",
      parameters: [parameter("to", { kind: "handle", target }), parameter("amount", { kind: "number", near: [100] })],
    },
    { name: "worth", parameters: [] },
  ],
});

const debit = (balance: number, amount: number): number => {
  if (balance < amount) throw new Error(`${amount} asked for, ${balance} there`);
  return balance - amount;
};

@Replicated()
class Mixed {
  static readonly [typedWorkload] = { shape: transferring("Mixed") };
  @Linearizable() readonly balance = register(100);
  @Eventual() readonly incoming = register(0);
  constructor(readonly id: string) {}
  @Transaction()
  async transfer(to: Mixed, amount: number): Promise<void> {
    await this.balance.update((balance) => debit(balance, amount));
    await to.incoming.update((incoming) => incoming + amount);
  }
  async worth(): Promise<number> {
    return (await this.balance.read()) + (await this.incoming.read());
  }
  @Invariant("money is conserved", { when: "converged" })
  static async conserved(all: readonly Mixed[]): Promise<boolean> {
    let sum = 0;
    for (const account of all) sum += await account.worth();
    return sum === 200 && all.length === 2;
  }
}

@Replicated()
class Account {
  static readonly [typedWorkload] = { shape: transferring("Account") };
  @Linearizable() readonly balance = register(100);
  constructor(readonly id: string) {}
  @Transaction()
  async transfer(to: Account, amount: number): Promise<void> {
    await this.balance.update((balance) => debit(balance, amount));
    await to.balance.update((balance) => balance + amount);
  }
  async worth(): Promise<number> {
    return this.balance.read();
  }
  @Invariant("no account is overdrawn")
  async solvent(): Promise<boolean> {
    return (await this.balance.read()) >= 0;
  }
  @Invariant("money is conserved", { when: "converged" })
  static async conserved(all: readonly Account[]): Promise<boolean> {
    let sum = 0;
    for (const account of all) sum += await account.balance.read();
    return sum === 100 * all.length;
  }
}

describe("a class with a bug", () => {
  it("shows it in the first schedules, with nothing but the class", async () => {
    const report = await explore(Mixed, { schedules: 20 });
    expect(report.target).toBe("Mixed");
    expect(report.outcome).toBe("violated");
    const [violation] = report.violations;
    expect([violation?.kind, violation?.name, violation?.seed]).toMatchInlineSnapshot(`
      [
        "invariant",
        "money is conserved",
        1,
      ]
    `);
    await expect(holds(Mixed, { schedules: 20 })).rejects.toThrow(ExplorationError);
  });

  it("shows the same in the same seed, traced, with the calls in the picture", async () => {
    const { violations, trace } = await simulate(Mixed, { seed: 1 });
    expect(violations.map(({ name }) => name)).toEqual(["money is conserved"]);
    const made = trace.events.flatMap((event) => (event.kind === "call" ? [event.method] : []));
    expect(new Set(made)).toEqual(new Set(["transfer", "worth"]));
  });

  it("may be one of levels alone: nothing has to be said about what is right", async () => {
    @Replicated()
    class Switch {
      static readonly [typedWorkload] = {
        shape: {
          target: "Switch",
          methods: [
            { name: "turn", parameters: [parameter("on", { kind: "boolean" })] },
            { name: "isOn", parameters: [] },
          ],
        },
      };
      @Linearizable({ mechanism: orderedLog() }) readonly state = register(false);
      constructor(readonly id: string) {}
      async turn(on: boolean): Promise<void> {
        await this.state.write(on);
      }
      async isOn(): Promise<boolean> {
        return this.state.read();
      }
    }
    const { violations } = await explore(Switch, { schedules: 20 });
    expect(violations.map(({ kind, name, anomaly }) => [kind, name, anomaly])).toEqual([
      ["guarantee", "linearizable", "stale-read"],
    ]);
  });
});

describe("a class without a bug", () => {
  it("holds: refusals of the store and of the class itself are outcomes like any other", async () => {
    const report = await holds(Account, { schedules: 100 });
    expect([report.outcome, report.vacuous, report.violations]).toEqual(["holds", 0, []]);
    const refused = report.operations
      .filter(({ name }) => name === "transfer")
      .reduce((sum, { fail }) => sum + fail, 0);
    expect(refused).toBeGreaterThan(20);
    expect(report.faultsFired["partition"]).toBeGreaterThan(10);
  });

  it("meets the faults that are asked for", async () => {
    expect((await explore(Account, { schedules: 5, faults: "none" })).faultsFired).toEqual({});
  });

  it("holds by every strategy, each of which takes another way", async () => {
    const ways = new Set<string>();
    for (const strategy of ["random", "priorities", "overtaking"] as const) {
      const report = await holds(Account, { schedules: 20, strategy });
      ways.add(JSON.stringify(report.operations));
    }
    expect(ways.size).toBe(3);
    const unknown = { strategy: "luck" } as unknown as { strategy: "random" };
    await expect(holds(Account, unknown)).rejects.toThrow('There is no strategy "luck": random, priorities');
  });

  it("may be opened by more than an identity", async () => {
    const rates = { eur: 2 };
    @Replicated()
    class Purse {
      @Sequential() readonly coins = register(0);
      constructor(
        readonly id: string,
        readonly given: typeof rates,
      ) {}
      async earn(): Promise<void> {
        await this.coins.update((coins) => coins + this.given.eur);
      }
      @Invariant("coins come in pairs")
      async paired(): Promise<boolean> {
        return (await this.coins.read()) % 2 === 0;
      }
    }
    const report = await holds(replicated(Purse, { create: (id) => new Purse(id, rates) }), { schedules: 5 });
    expect(report.operations.map(({ name }) => name)).toContain("earn");
  });
});

describe("a method that never succeeds", () => {
  @Replicated()
  class Gate {
    @Linearizable() readonly isOpen = register(false);
    constructor(readonly id: string) {}
    async pass(): Promise<void> {
      if (!(await this.isOpen.read())) throw new Error("the gate is shut");
    }
    async look(): Promise<boolean> {
      return this.isOpen.read();
    }
  }

  it("was not tested, and its last error says why", async () => {
    const { outcome, reason } = await explore(Gate, { schedules: 3, faults: "none" });
    expect(outcome).toBe("unknown");
    expect(reason).toBe(
      "`pass` never succeeded in any schedule: that was not tested. The last errors: `pass`: the gate is shut",
    );
  });
});

describe("arguments", () => {
  it("come from @Workload where types are not there", async () => {
    const seen = new Set<string>();
    @Replicated()
    class Cart {
      @Eventual() readonly items = set<string>();
      constructor(readonly id: string) {}
      @Workload({ args: [["book"], ["pen"]] })
      async add(item: string): Promise<void> {
        seen.add(item);
        await this.items.add(item);
      }
      @Workload({ args: (random) => [open(Cart, "other"), Math.floor(random() * 3)] })
      async take(from: Cart, count: number): Promise<void> {
        seen.add(`${from.id} ${count}`);
        await from.items.size();
      }
    }
    await holds(Cart, { schedules: 10 });
    expect([...seen].sort()).toEqual(["book", "other 0", "other 1", "other 2", "pen"]);
  });

  it("that nobody can know are asked for", async () => {
    @Replicated()
    class Cart {
      @Eventual() readonly items = set<string>();
      constructor(readonly id: string) {}
      async add(item: string): Promise<void> {
        await this.items.add(item);
      }
    }
    await expect(explore(Cart, { schedules: 1 })).rejects.toThrowErrorMatchingInlineSnapshot(
      `[WorkloadError: \`Cart.add\` cannot be called: no value can be made for \`argument 1 of add\`, which is of an unknown type: types are not there at run time; \`npx faultline simulate <file>#Cart\` reads them from the source, and so does @faultline/runtime/vite in Vitest where the package faultline is installed. Say what to call it with: \`@Workload({ args: [[argument1], …] })\` on the method; \`@Workload({ weight: 0 })\` leaves it out.]`,
    );
  });

  it("are new to each call: what a method does to them stays with it", async () => {
    const lengths = new Set<number>();
    @Replicated()
    class Notes {
      static readonly [typedWorkload] = {
        shape: {
          target: "Notes",
          methods: [{ name: "add", parameters: [parameter("tags", { kind: "array", element: { kind: "boolean" } })] }],
        },
      };
      @Eventual() readonly tags = register(0);
      constructor(readonly id: string) {}
      async add(tags: boolean[]): Promise<void> {
        lengths.add(tags.length);
        tags.push(true, true, true, true);
        await this.tags.write(tags.length);
      }
    }
    await holds(Notes, { schedules: 10 });
    expect(Math.max(...lengths)).toBeLessThan(4);
  });
});

describe("a target", () => {
  it("is a scenario or a replicated class", async () => {
    class Plain {
      constructor(readonly id: string) {}
    }
    await expect(explore(Plain, { schedules: 1 })).rejects.toThrow(/neither what scenario\(…\) returned nor a class/);
  });
});

describe("a schedule", () => {
  const workload = new GeneratedWorkload(transferring("Account"));
  const options = {
    target: "Account",
    evaluate: (seed: number) => workload.scenario(seed, () => Account),
    isUserFile: () => false,
  };

  it("does not depend on those before it, nor on the process that runs it", async () => {
    const digestOf = async (seed: number) => (await traceScenario({ ...options, seed })).result.digest;
    const alone = [await digestOf(3), await digestOf(9), await digestOf(60)];
    const again = new Map<number, string>();
    for (const seed of [60, 9, 3]) again.set(seed, await digestOf(seed));
    expect([...again.values()].reverse()).toEqual(alone);
    expect(alone).toMatchInlineSnapshot(`
      [
        "ba1008b1-8acd2a40-6231890",
        "d9c44e2c-2b6e416a-8312521",
        "aa9e8eca-679022e1-5539899",
      ]
    `);
  });

  it("adds up to the same report, however they are shared out", async () => {
    const { report } = await exploreScenario({ ...options, seed: 1, schedules: 30 });
    const calls = ({ operations }: typeof report) =>
      operations.reduce((sum, { ok, fail, info }) => sum + ok * 1_000_000 + fail * 1_000 + info, 0);
    let parts = 0;
    for (const seed of [21, 11, 1]) parts += calls((await exploreScenario({ ...options, seed, schedules: 10 })).report);
    expect(parts).toBe(calls(report));
  });
});
