import { describe, expect, it } from "vitest";
import { counter, Eventual, isUnavailable, map, multiPrimary, Replicated, register } from "../../index.js";
import { explore, randomFaults, type Session, scenario } from "../../simulation/index.js";

/**
 * The three problems that multi-master replication is known for, each at the seed that shows it first, and each with
 * what cures it.
 */
const mechanism = multiPrimary();
const regions = ["nyc", "london", "tokyo"] as const;
const options = { regions, faults: randomFaults() };
const schedules = 200;

/** Whether it happened: a replica that is down refuses. */
const accepted = (work: Promise<unknown>): Promise<boolean> =>
  work.then(
    () => true,
    (error: unknown) => {
      if (!isUnavailable(error)) throw error;
      return false;
    },
  );

describe("lost update: two withdrawals from one balance", () => {
  @Replicated()
  class Account {
    @Eventual({ mechanism }) readonly balance = register(1000);
    @Eventual({ mechanism }) readonly counted = counter(1000);
    constructor(readonly id: string) {}
  }
  const account = (session: Session) => session.open(Account, "123");

  const withdrawals = (
    withdraw: (session: Session, amount: number) => Promise<unknown>,
    balance: (session: Session) => Promise<number>,
  ) =>
    scenario("every withdrawal counts", options, async ({ session, sleep, random, converged }) => {
      let expected = 1000;
      const pays = async (region: (typeof regions)[number], amount: number) => {
        await sleep(random() * 400);
        if (await accepted(withdraw(session(region), amount))) expected -= amount;
      };
      await Promise.all([pays("nyc", 800), pays("london", 600)]);
      converged("both are gone from the balance", async (s) => (await balance(s)) === expected);
    });

  it("the last writer wins, and the other withdrawal was never made", async () => {
    const target = withdrawals(
      (session, amount) => account(session).balance.update((balance) => balance - amount),
      (session) => account(session).balance.read(),
    );
    const { violations } = await explore(target, { schedules });
    expect(violations.map(({ name, seed, reads }) => ({ name, seed, reads }))).toMatchInlineSnapshot(`
      [
        {
          "name": "both are gone from the balance",
          "reads": [
            {
              "label": "123.balance",
              "value": "400",
            },
          ],
          "seed": 1,
        },
      ]
    `);
  });

  it("a counter sends what is taken, not what is left: both count", async () => {
    const target = withdrawals(
      (session, amount) => account(session).counted.decrement(amount),
      (session) => account(session).counted.read(),
    );
    expect(await explore(target, { schedules })).toMatchObject({ outcome: "holds", schedules, violations: [] });
  });

  it("siblings() shows both balances, from which the application can make out what was withdrawn", async () => {
    const target = scenario("reconciled", options, async ({ session, sleep, random, check, converged }) => {
      let expected = 1000;
      const pays = async (region: (typeof regions)[number], amount: number) => {
        await sleep(random() * 400);
        const asked = account(session(region)).balance.update((balance) => balance - amount);
        if (await accepted(asked)) expected -= amount;
      };
      await Promise.all([pays("nyc", 800), pays("london", 600)]);
      await sleep(10_000); // longer than any fault lasts
      const { balance } = account(session("tokyo"));
      const siblings = await balance.siblings();
      await check("nothing is lost", () => siblings.length === 2 || siblings[0] === expected);
      await balance.write(siblings.reduce((sum, sibling) => sum + sibling, 1000 * (1 - siblings.length)));
      converged("both are gone from the balance", async (s) => (await account(s).balance.read()) === expected);
    });
    expect(await explore(target, { schedules })).toMatchObject({ outcome: "holds", schedules, violations: [] });
  });
});

describe("colliding ids: two primaries that count for themselves", () => {
  const union = (a: readonly string[], b: readonly string[]) => [...new Set([...a, ...b])].sort();

  @Replicated()
  class Users {
    @Eventual({ mechanism }) readonly byId = map<string, readonly string[]>();
    @Eventual({ mechanism, merge: union }) readonly keptById = map<string, readonly string[]>();
    constructor(readonly id: string) {}
  }

  type Signing = (session: Session, name: string) => Promise<unknown>;
  const nextOf = async (users: { entries(): Promise<readonly unknown[]> }) => 1001 + (await users.entries()).length;

  const signUps = (
    field: "byId" | "keptById",
    signUp: Signing,
    isRight: (users: readonly (readonly string[])[]) => boolean,
  ) =>
    scenario("everyone has an account", options, async ({ session, sleep, random, converged }) => {
      const names: string[] = [];
      const joins = async (region: (typeof regions)[number], name: string) => {
        await sleep(random() * 400);
        if (await accepted(signUp(session(region), name))) names.push(name);
      };
      await Promise.all([joins("nyc", "ann"), joins("london", "bob")]);
      converged("everyone is there", async (s) => {
        const users = (await s.open(Users, "all")[field].entries()).map(([, user]) => user);
        return isRight(users) && users.flat().sort().join() === names.sort().join();
      });
    });

  const inSequence =
    (field: "byId" | "keptById"): Signing =>
    async (session, name) => {
      const users = session.open(Users, "all")[field];
      await users.put(String(await nextOf(users)), [name]);
    };

  it("both take the same number, and one of the two users is gone", async () => {
    const { violations } = await explore(
      signUps("byId", inSequence("byId"), () => true),
      { schedules },
    );
    expect(violations.map(({ name, seed }) => ({ name, seed }))).toMatchInlineSnapshot(`
      [
        {
          "name": "everyone is there",
          "seed": 1,
        },
      ]
    `);
  });

  it("a merge that keeps both loses nobody, though two still share an id", async () => {
    const kept = await explore(
      signUps("keptById", inSequence("keptById"), () => true),
      { schedules },
    );
    expect(kept).toMatchObject({ outcome: "holds", schedules, violations: [] });
    const distinct = signUps("keptById", inSequence("keptById"), (users) => users.every(({ length }) => length === 1));
    expect((await explore(distinct, { schedules })).violations[0]?.seed).toMatchInlineSnapshot(`1`);
  });

  it("ids that name their primary never meet", async () => {
    const signUp: Signing = async (session, name) => {
      const users = session.open(Users, "all").byId;
      await users.put(`${session.region}-${await nextOf(users)}`, [name]);
    };
    const target = signUps("byId", signUp, (users) => users.every(({ length }) => length === 1));
    expect(await explore(target, { schedules })).toMatchObject({ outcome: "holds", schedules, violations: [] });
  });
});

describe("resurrected delete: one primary deletes what the other changes", () => {
  @Replicated()
  class Users {
    @Eventual({ mechanism }) readonly addWins = map<string, string>();
    @Eventual({ mechanism, conflict: "remove-wins" }) readonly removeWins = map<string, string>();
    constructor(readonly id: string) {}
  }

  const deletion = (field: "addWins" | "removeWins") =>
    scenario(
      "who is deleted stays deleted",
      { ...options, setup: ({ open }) => open(Users, "all")[field].put("123", "old@example.com") },
      async ({ session, sleep, random, converged }) => {
        let isDeleted = false;
        const deletes = async (users = session("nyc").open(Users, "all")[field]) => {
          await sleep(random() * 400);
          isDeleted = await accepted(users.delete("123"));
        };
        const changes = async (users = session("london").open(Users, "all")[field]) => {
          await sleep(random() * 400);
          const change = async () => {
            if (await users.has("123")) await users.put("123", "new@example.com");
          };
          await accepted(change());
        };
        await Promise.all([deletes(), changes()]);
        converged("user 123 is gone", async (s) => (await s.open(Users, "all")[field].has("123")) !== isDeleted);
      },
    );

  it("an add-wins map brings the user back with the new address", async () => {
    const { violations } = await explore(deletion("addWins"), { schedules });
    expect(violations.map(({ name, seed }) => ({ name, seed }))).toMatchInlineSnapshot(`
      [
        {
          "name": "user 123 is gone",
          "seed": 1,
        },
      ]
    `);
  });

  it("with `remove-wins` the deletion stands", async () => {
    const report = await explore(deletion("removeWins"), { schedules });
    expect(report).toMatchObject({ outcome: "holds", schedules, violations: [] });
  });
});
