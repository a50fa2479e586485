import { describe, expect, it } from "vitest";
import {
  isIndeterminate,
  isUnavailable,
  Linearizable,
  open,
  Replicated,
  raft,
  register,
  Transaction,
  UnavailableError,
} from "../index.js";
import { crash, delay, explore, holds, isolate, pause, scenario, simulate } from "../simulation/index.js";
import { Account, all, cutOff, of } from "./testing/account.js";

describe("a run", () => {
  it("reads back what was written, from every region, after it has settled", async () => {
    const report = await holds(
      of(async ({ session, converged }) => {
        const alice = session("nyc").open(Account, "alice");
        await alice.withdraw(30);
        await alice.note.write("rent");
        converged("balance", async (s) => (await s.open(Account, "alice").balance.read()) === 70);
        converged("note", async (s) => (await s.open(Account, "alice").note.read()) === "rent");
      }),
      { schedules: 20 },
    );
    expect(report.vacuous).toBe(0);
    expect(report.operations.map(({ name, region, ok }) => ({ name, region, ok }))).toEqual([
      { name: "withdraw", region: "nyc", ok: 20 },
      { name: "note.write", region: "nyc", ok: 20 },
    ]);
  });

  it("does setup before time 0 and before the faults", async () => {
    const seen: number[] = [];
    await holds(
      of(
        async ({ session, now, check }) => {
          seen.push(now());
          await check("set up", async () => (await session("tokyo").open(Account, "bob").note.read()) === "ready");
        },
        {
          faults: [isolate("tokyo", { fromMs: 0 })],
          setup: async ({ open: openIt }: { open: typeof open }) => {
            await openIt(Account, "bob").note.write("ready");
            await openIt(Account, "bob").balance.write(7);
          },
        },
      ),
      { schedules: 3 },
    );
    expect(seen).toEqual([0, 0, 0]);
  });

  it("refuses a linearizable write on the minority side, and goes on to heal", async () => {
    const report = await explore(
      of(
        async ({ session, converged }) => {
          converged("untouched", async (s) => (await s.open(Account, "alice").balance.read()) === 100);
          await session("nyc").open(Account, "alice").withdraw(30);
        },
        { faults: [cutOff] },
      ),
      { schedules: 50 },
    );
    expect(report.outcome).toBe("unknown");
    expect(report.reason).toMatch(/`withdraw` never succeeded in any schedule/);
    expect(report.operations[0]?.fail).toBeGreaterThan(25);
    expect(report.violations).toEqual([]);
  });

  it("answers an eventual write on both sides, and merges", async () => {
    const report = await explore(
      of(
        async ({ session, converged }) => {
          await Promise.all(all.map((region) => session(region).open(Account, "alice").tags.add(region)));
          converged("three tags", async (s) => (await s.open(Account, "alice").tags.size()) === 3);
        },
        { faults: [cutOff] },
      ),
      { schedules: 50 },
    );
    expect(report.outcome).toBe("holds");
    expect(report.faultsFired).toEqual({ partition: 50 });
  });

  it("takes a refused operation for the network's doing, any other error for the program's", async () => {
    const refused = of(async ({ session, converged }) => {
      await session("nyc").open(Account, "alice").tags.add("x");
      converged("fine", () => true);
      throw new AggregateError([new UnavailableError("no leader")], "all of them");
    });
    expect((await explore(refused, { schedules: 2 })).outcome).toBe("holds");
    const broken = of(async ({ session }) => {
      await session("nyc").open(Account, "alice").tags.add("x");
      (undefined as unknown as { call(): void }).call();
    });
    const report = await explore(broken, { schedules: 2 });
    expect(report.outcome).toBe("violated");
    expect(report.violations[0]).toMatchObject({ kind: "error", name: "TypeError", count: 2 });
    expect(report.violations[0]?.site?.file).toMatch(/run\.test\.ts$/);
  });

  it("records a failed check and goes on; one that meets an unavailable operation judges nothing", async () => {
    let wentOn = 0;
    const report = await explore(
      of(
        async ({ session, check }) => {
          const alice = session("nyc").open(Account, "alice");
          await alice.tags.add("x");
          await check("empty", async () => (await alice.tags.size()) === 0);
          await check("throws", async () => {
            expect(await alice.tags.size()).toBe(5);
          });
          await check("cannot be read", async () => (await alice.balance.read()) === -1);
          wentOn++;
        },
        { faults: [cutOff] },
      ),
      { schedules: 5, shrink: false },
    );
    expect(wentOn).toBe(7); // five explored, and the first failing schedule traced for each of two violations
    expect(report.violations.map(({ name, expected, observed }) => ({ name, expected, observed }))).toEqual([
      { name: "empty", expected: null, observed: null },
      { name: "throws", expected: "5", observed: "1" },
    ]);
  });

  it("calls a check that nobody awaited an error", async () => {
    const report = await explore(
      of(async ({ session, check }) => {
        const alice = session("nyc").open(Account, "alice");
        await alice.tags.add("x");
        void check("later", async () => (await alice.tags.size()) === 1);
        await check("later", () => true); // one of the same name is another one
      }),
      { schedules: 1 },
    );
    expect(report.violations).toMatchObject([{ kind: "error", name: "a check was not awaited" }]);
    expect(report.violations[0]?.message).toContain('"later" was still running');
  });

  it("is of a scenario that has a name, options and a body", () => {
    const wrong = scenario as (...given: readonly unknown[]) => unknown;
    expect(() => wrong("a split", async () => {})).toThrow(
      "`options` has to be an object, such as {}, and is a function.",
    );
    expect(() => wrong("a split", {})).toThrow("`body` has to be an async function, and is missing.");
  });

  it("is unknown when every schedule is vacuous", async () => {
    const nothing = await explore(
      of(async ({ sleep }) => sleep(10)),
      { schedules: 3 },
    );
    expect(nothing).toMatchObject({ outcome: "unknown", vacuous: 3 });
    expect(nothing.reason).toMatch(/Every schedule was vacuous: no cell was read or written/);
  });

  it("says which error left every schedule without a verdict", async () => {
    const report = await explore(
      of(
        async ({ session, check }) => {
          await session("nyc").open(Account, "alice").balance.read();
          await check("never reached", () => true);
        },
        { faults: [cutOff] },
      ),
      { schedules: 3 },
    );
    expect(report).toMatchObject({ outcome: "unknown", vacuous: 3 });
    expect(report.reason).toMatch(
      /an error ended the scenario before anything was judged: `alice\.balance` .* Catch it, or/,
    );
  });

  it("is unknown when the scenario waits for what never comes", async () => {
    const report = await explore(
      of(() => new Promise(() => {})),
      { schedules: 3 },
    );
    expect(report).toMatchObject({ outcome: "unknown", schedules: 1 });
    expect(report.reason).toMatch(/never ended: it waits for something that nothing in the simulation will bring/);
  });

  it("judges nothing by replicas that never come to rest, and says so", async () => {
    const restless = of(async ({ session, sleep, converged }) => {
      const { tags } = session("nyc").open(Account, "alice");
      converged("nothing", () => false);
      const write = async () => {
        for (let i = 0; ; i++, await sleep(30)) await tags.add(`${i}`);
      };
      void write();
      await sleep(10);
    });
    const report = await explore(restless, { schedules: 2 });
    expect(report.violations).toMatchObject([{ kind: "liveness", name: "replicas come to rest", count: 2 }]);
  });

  it("waits for what a fault has held back, long after the fault is healed", async () => {
    const late = of(
      async ({ session, converged }) => {
        await session("nyc").open(Account, "ann").note.write("rent");
        converged("has arrived everywhere", async (s) => (await s.open(Account, "ann").note.read()) === "rent");
      },
      { faults: [delay(30_000, { from: "nyc" })] },
    );
    const { trace, violations } = await simulate(late, { seed: 1 });
    expect(violations).toEqual([]);
    const arrivals = trace.events.flatMap((event) => (event.kind === "message" ? [event.deliveredUs ?? 0] : []));
    expect(Math.max(...arrivals)).toBeGreaterThan(30_000_000);
  });

  it("does not say that something holds which could be judged in no schedule", async () => {
    const refused = of(
      async ({ session, check, converged }) => {
        const { note } = session("nyc").open(Account, "ann");
        await note.write("rent");
        await check("never asked", async () => (await session("nyc").open(Account, "ann").balance.read()) === 100);
        converged("always asked", async (s) => (await s.open(Account, "ann").note.read()) === "rent");
      },
      { faults: [isolate("nyc")] },
    );
    const report = await explore(refused, { schedules: 3 });
    expect(report).toMatchObject({ outcome: "unknown", violations: [] });
    expect(report.reason).toBe(
      '"never asked" could be judged in no schedule: each time an operation in it was refused.',
    );
  });

  it("refuses to sleep for a time that is none", async () => {
    const report = await explore(
      of(async ({ sleep }) => sleep(Number.NaN)),
      { schedules: 1 },
    );
    expect(report.violations).toMatchObject([{ kind: "error", name: "RangeError" }]);
  });

  it("reports a rejected promise that nobody handled", async () => {
    const report = await explore(
      of(async ({ session, sleep }) => {
        void session("nyc")
          .open(Account, "alice")
          .tags.add("x")
          .then(() => {
            throw new RangeError("lost in the void");
          });
        await sleep(100);
      }),
      { schedules: 1 },
    );
    expect(report.violations[0]).toMatchObject({ kind: "error", name: "RangeError" });
    expect(report.violations[0]?.message).toContain("lost in the void");
  });

  it("does not let a session use a replica that is down", async () => {
    const report = await explore(
      of(
        async ({ session, sleep, check }) => {
          await sleep(10);
          const refused = await session("nyc")
            .open(Account, "alice")
            .tags.add("x")
            .then(
              () => "",
              (error: Error) => error.message,
            );
          await check("it says why", () => /the replica in nyc is down/.test(refused));
          await session("london").open(Account, "alice").tags.add("y");
          await session("nyc")
            .open(Account, "alice")
            .balance.read()
            .catch(() => undefined);
        },
        { faults: [crash("nyc", { fromMs: 0, untilMs: 2_000 })] },
      ),
      { schedules: 3 },
    );
    expect(report.violations).toEqual([]);
    expect(report.faultsFired).toEqual({ crash: 3 });
  });

  it("does not let a session wait longer than its time-out for a replica that stands still", async () => {
    const report = await explore(
      of(
        async ({ session, sleep, check, now, converged }) => {
          converged("what was refused", async (s) => !(await s.open(Account, "alice").tags.has("never")));
          const { tags, balance } = session("nyc").open(Account, "alice");
          const isHeld = (error: unknown) => isIndeterminate(error) && /did not answer in time/.test(error.message);
          const taken = balance.write(7).catch(isHeld);
          await sleep(10);
          const refused = await tags.add("never").catch(isUnavailable);
          await check("both give up", async () => (await taken) === true && refused === true && now() < 2_100);
          await session("london").open(Account, "alice").tags.add("y");
        },
        { faults: [pause("nyc", { fromMs: 5 })] },
      ),
      { schedules: 5 },
    );
    expect(report.violations).toEqual([]);
    expect(report.faultsFired).toEqual({ pause: 5 });
  });

  it("gives code the virtual clock, and its randomness from the seed", async () => {
    const drawn: string[] = [];
    const target = of(async ({ session, random, now }) => {
      await session("nyc").open(Account, "alice").tags.add("x");
      const start = Date.now();
      await new Promise((resolve) => setTimeout(resolve, 250));
      drawn.push([Date.now() - start, Math.round(now()), Math.random(), random(), crypto.randomUUID()].join());
    });
    const real = { Date, random: Math.random, setTimeout };
    await simulate(target, { seed: 5 });
    await simulate(target, { seed: 5 });
    await simulate(target, { seed: 6 });
    expect(drawn[0]).toMatch(/^250,25[01],/);
    expect(drawn[1]).toBe(drawn[0]);
    expect(drawn[2]).not.toBe(drawn[0]);
    expect({ Date, random: Math.random, setTimeout }).toEqual(real);
  });

  it("does not compile with a region that the scenario has not", () => {
    const misspelt = scenario("typed", { regions: ["nyc", "london"] }, async ({ session }) => {
      // @ts-expect-error "nyk" is none of its regions
      session("nyk");
    });
    const byDefault = scenario("typed", {}, async ({ session }) => {
      session("tokyo");
    });
    expect([misspelt.regions.length, byDefault.regions.length]).toEqual([2, 3]);
    expect(() => scenario("x", { regions: ["atlantis"] }, async () => {})).toThrow(
      /there is no region "atlantis". Use nyc, /,
    );
  });

  it("opens in the ambient session of the run too", async () => {
    await holds(
      of(async ({ check }) => {
        await open(Account, "alice").tags.add("x");
        await check("there", async () => (await open(Account, "alice").tags.size()) === 1);
      }),
      { schedules: 2 },
    );
    expect(await open(Account, "alice").tags.size()).toBe(0); // the embedded deployment has not heard of it
  });
});

describe("a verdict that would not be one", () => {
  it("is unknown when a schedule that violates cannot be repeated", async () => {
    let runs = 0;
    const target = of(async ({ session, check }) => {
      await session("nyc").open(Account, "alice").tags.add(`${runs}`);
      await check("only once", () => runs++ !== 2);
    });
    const report = await explore(target, { schedules: 5 });
    expect(report.outcome).toBe("unknown");
    expect(report.reason).toMatch(/^Seed 3 went another way when it was run again: the code is not deterministic/);
  });

  it("does not take a refused operation on a cell for a method that was not tested", async () => {
    const target = of(
      async ({ session, check }) => {
        await session("london").open(Account, "alice").tags.add("x");
        const refused = await session("nyc")
          .open(Account, "alice")
          .balance.write(1)
          .then(
            () => false,
            () => true,
          );
        await check("the minority refuses", () => refused);
      },
      { faults: [cutOff] },
    );
    expect((await explore(target, { schedules: 10 })).outcome).toBe("holds");
  });

  it("judges a transaction over two domains in each of them", async () => {
    @Replicated()
    class Both {
      @Linearizable() readonly one = register(0);
      @Linearizable({ mechanism: raft({ replicas: 5 }) }) readonly other = register(0);
      constructor(readonly id: string) {}

      @Transaction()
      async move(): Promise<void> {
        const seen = await this.other.read();
        await this.one.write(seen + 1);
      }
      @Transaction()
      async back(): Promise<void> {
        const seen = await this.one.read();
        await this.other.write(seen + 1);
      }
    }
    const target = of(async ({ session }) => {
      await Promise.allSettled(
        all.flatMap((region) => [session(region).open(Both, "b").move(), session(region).open(Both, "b").back()]),
      );
    });
    expect((await explore(target, { schedules: 30 })).violations).toEqual([]);
  });
});
