import { describe, expect, it } from "vitest";
import {
  Eventual,
  Linearizable,
  lastWriterWins,
  NoConsistency,
  Replicated,
  raft,
  register,
  Sequential,
  Transaction,
} from "../../index.js";
import { explore, isolate, randomFaults } from "../../simulation/index.js";
import { Account, all, of } from "../testing/account.js";

describe("judging by level", () => {
  it("finds no fault with linearizable transactions under random faults", async () => {
    const report = await explore(
      of(
        async ({ session, random, sleep, converged }) => {
          const ids = ["a", "b", "c"] as const;
          await Promise.all(
            all.map(async (region) => {
              const s = session(region);
              for (let i = 0; i < 4; i++) {
                const [from, to] = [ids[Math.floor(random() * 3)] as string, ids[Math.floor(random() * 3)] as string];
                await s
                  .open(Account, from)
                  .transfer(s.open(Account, to), 10)
                  .catch(() => undefined);
                await s
                  .open(Account, to)
                  .balance.read()
                  .catch(() => undefined);
                await sleep(random() * 400);
              }
            }),
          );
          converged("money is conserved", async (s) => {
            let sum = 0;
            for (const id of ids) sum += await s.open(Account, id).balance.read();
            return sum === 300;
          });
        },
        { faults: randomFaults() },
      ),
      { schedules: 100 },
    );
    expect(report.violations).toEqual([]);
    expect(report.outcome).toBe("holds");
    expect(Object.keys(report.faultsFired).sort()).toEqual([
      ...["bridge", "crash", "cut", "delay", "duplication", "isolate"],
      ...["isolateLeader", "loss", "partition", "pause", "reordering", "slowRegion"],
    ]);
  });

  it("says what a merge dropped, who raced, and what to do", async () => {
    @Replicated()
    class Cart {
      @Eventual({ merge: lastWriterWins }) readonly items = register<readonly string[]>([]);
      constructor(readonly id: string) {}
      async add(item: string): Promise<void> {
        await this.items.update((items) => [...items, item]);
      }
    }
    const report = await explore(
      of(async ({ session, converged }) => {
        const [a, b] = [session("nyc").open(Cart, "u"), session("london").open(Cart, "u")];
        await Promise.all([a.add("book"), b.add("pen")]);
        converged("both", async (s) => (await s.open(Cart, "u").items.read()).length === 2);
      }),
      { schedules: 10 },
    );
    expect(report.violations).toMatchObject([
      {
        kind: "invariant",
        name: "both",
        anomaly: "lost-update",
        count: 10,
        why: "`items` is an eventual register; two updates that have not seen each other cannot both survive.",
        remedies: ["make it `set()`", "`@Linearizable()`"],
      },
    ]);
    expect(report.violations[0]?.racing).toHaveLength(2);
  });

  it("asks those who look before they write to decide as one, which no merge can do for them", async () => {
    @Replicated()
    class Seat {
      @Eventual() readonly holder = register<string | null>(null);
      constructor(readonly id: string) {}
      async take(who: string): Promise<boolean> {
        if ((await this.holder.read()) !== null) return false;
        await this.holder.write(who);
        return true;
      }
    }
    const report = await explore(
      of(async ({ session, check }) => {
        const [a, b] = [session("nyc").open(Seat, "12A"), session("london").open(Seat, "12A")];
        const sold = await Promise.all([a.take("ann"), b.take("bo")]);
        await check("one is sold", () => sold.filter(Boolean).length === 1);
      }),
      { schedules: 10 },
    );
    expect(report.violations).toMatchObject([
      {
        name: "one is sold",
        count: 10,
        why: "`take` decides by what its own replica shows of `12A.holder`; at level eventual two regions may both decide before they hear of each other.",
        remedies: ["`@Linearizable()` for `holder`, with the decision and the change in one `@Transaction()`"],
      },
    ]);
    expect(report.violations[0]?.racing).toHaveLength(2);
  });

  it("says that a check was outdated when the update after it ran", async () => {
    @Replicated()
    class Stock {
      @Linearizable() readonly left = register(1);
      constructor(readonly id: string) {}
      async take(): Promise<void> {
        if ((await this.left.read()) > 0) await this.left.update((left) => left - 1);
      }
    }
    const report = await explore(
      of(async ({ session, converged }) => {
        converged("nothing is sold twice", async (s) => (await s.open(Stock, "s").left.read()) >= 0);
        await Promise.all(all.map((region) => session(region).open(Stock, "s").take()));
      }),
      { schedules: 10 },
    );
    expect(report.violations).toMatchObject([
      {
        name: "nothing is sold twice",
        anomaly: "write-skew",
        why: "`take` checked `s.left` before ① changed it, and then updated it ② without checking again.",
        remedies: [
          "check inside the function that `update` is given, where it sees what it changes",
          "make the method a `@Transaction()`",
        ],
      },
    ]);
    expect(report.violations[0]?.racing).toHaveLength(2);
  });

  it("says that a check has read at less than the level of the cell", async () => {
    const report = await explore(
      of(async ({ session, check }) => {
        await session("nyc").open(Account, "a").balance.write(7);
        const elsewhere = session("tokyo").open(Account, "a");
        await check("the new balance is seen", async () => (await elsewhere.balance.at("eventual").read()) === 7);
      }),
      { schedules: 20 },
    );
    expect(report.violations).toMatchObject([
      {
        name: "the new balance is seen",
        anomaly: "stale-read",
        why: "`a.balance` is linearizable, but it was read at eventual here: from what had reached tokyo by then.",
        remedies: ["read it without `.at(…)`", "let the check accept what is a little old"],
      },
    ]);
  });

  it("says that a transaction over two mechanisms was committed by one of them only", async () => {
    @Replicated()
    class Pair {
      @Linearizable() readonly left = register(0);
      @Linearizable({ mechanism: raft({ reads: "lease" }) }) readonly right = register(0);
      constructor(readonly id: string) {}
      @Transaction()
      async set(value: number): Promise<void> {
        await this.left.write(value);
        await this.right.write(value);
      }
    }
    const report = await explore(
      of(
        async ({ session, sleep, random, converged }) => {
          converged("both are equal", async (s) => {
            const pair = s.open(Pair, "p");
            return (await pair.left.read()) === (await pair.right.read());
          });
          const set = async (region: "nyc" | "london", value: number) => {
            await sleep(random() * 250);
            await session(region).open(Pair, "p").set(value);
          };
          await Promise.allSettled([set("nyc", 1), set("london", 2)]);
        },
        { faults: [isolate("nyc", { fromMs: 200, untilMs: 3_000 })] },
      ),
      { schedules: 60 },
    );
    expect(report.violations[0]?.name).toBe("both are equal");
    expect(report.violations[0]?.why).toMatch(
      /^`set` changes `left` and `right` in one transaction, but they differ in level or mechanism, so that each is committed by itself: `left` (was|may have been), `right` (was not|may not have been)\.$/,
    );
  });

  it("says which cell a method went by, and that it changed meanwhile", async () => {
    @Replicated()
    class Joint {
      @Linearizable() readonly mine = register(100);
      @Linearizable() readonly yours = register(100);
      constructor(readonly id: string) {}

      async takeMine(amount: number): Promise<void> {
        if ((await this.mine.read()) + (await this.yours.read()) >= amount) await this.mine.update((n) => n - amount);
      }
      async takeYours(amount: number): Promise<void> {
        if ((await this.mine.read()) + (await this.yours.read()) >= amount) await this.yours.update((n) => n - amount);
      }
    }
    const target = of(async ({ session, converged }) => {
      converged("not overdrawn together", async (s) => {
        const joint = s.open(Joint, "j");
        return (await joint.mine.read()) + (await joint.yours.read()) >= 0;
      });
      await Promise.all([
        session("nyc").open(Joint, "j").takeMine(150),
        session("tokyo").open(Joint, "j").takeYours(150),
      ]);
    });
    const { violations } = await explore(target, { schedules: 10 });
    expect(violations).toMatchObject([
      { anomaly: "write-skew", remedies: ["make the method a `@Transaction()`, which validates what it has read"] },
    ]);
    expect(violations[0]?.why).toMatch(/^`take\w+` went by `j\.\w+`, which ① changed before ② happened\.$/);
  });

  it("shows a stale read at sequential, and none at linearizable, in the same workload", async () => {
    @Replicated()
    class Light {
      @Sequential() readonly sequential = register("off");
      @Linearizable() readonly linearizable = register("off");
      @NoConsistency() readonly isolated = register("off");
      constructor(readonly id: string) {}
    }
    const staleness = (field: "sequential" | "linearizable" | "isolated") =>
      of(async ({ session, check }) => {
        await session("nyc").open(Light, "l")[field].write("on");
        const seen = await session("tokyo").open(Light, "l")[field].read();
        await check("tokyo sees it at once", () => seen === "on");
      });
    expect((await explore(staleness("sequential"), { schedules: 20 })).outcome).toBe("violated");
    expect((await explore(staleness("linearizable"), { schedules: 20 })).outcome).toBe("holds");
    expect((await explore(staleness("isolated"), { schedules: 5 })).violations[0]?.count).toBe(5);
  });
});
