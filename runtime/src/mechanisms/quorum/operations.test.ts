import { describe, expect, it, test } from "vitest";
import { openIn } from "../../cells/open.js";
import { EmbeddedDeployment } from "../../deployment/embedded.js";
import {
  Eventual,
  isConflict,
  isIndeterminate,
  isLevelError,
  isUnavailable,
  Linearizable,
  quorum,
  Replicated,
  register,
  set,
  Transaction,
} from "../../index.js";
import { crash, explore, isolate, randomFaults, scenario } from "../../simulation/index.js";

const regions = ["nyc", "london", "tokyo"] as const;
const majorities = { n: 3, r: 2, w: 2 };

@Replicated()
class Item {
  @Linearizable({ mechanism: quorum(majorities) }) readonly price = register(1);
  @Linearizable({ mechanism: quorum(majorities) }) readonly tags = set<string>();
  @Linearizable({ mechanism: quorum({ ...majorities, sloppy: true }) }) readonly sloppy = register(1);
  @Eventual({ mechanism: quorum(majorities), merge: (a: string[], b: string[]) => [...new Set([...a, ...b])].sort() })
  readonly buyers = register<string[]>([]);
  @Eventual({ mechanism: quorum({ ...majorities, r: 1, w: 1 }) }) readonly watchers = set<string>();
  constructor(readonly id: string) {}

  @Transaction()
  async reprice(price: number): Promise<void> {
    await this.price.write(price);
  }
}

/** What an atomic quorum refuses above eventual. */
const refusals: readonly [string, (item: Item) => Promise<unknown>, string][] = [
  ["update", (item) => item.price.update((price) => price + 1), "do `update` in one step"],
  ["compareAndSet", (item) => item.price.compareAndSet(1, 2), "do `compareAndSet` in one step"],
  ["a transaction", (item) => item.reprice(2), "take part in a transaction"],
  ["a set", (item) => item.tags.add("new"), "be a set: it stores single values"],
  ["reading a set", (item) => item.tags.values(), "be a set: it stores single values"],
];

describe.each(refusals)("%s", (_, act, words) => {
  const message = (label: string) =>
    `\`x.${label}\` (linearizable) is kept by quorum(), with which it cannot ${words}.`;
  const label = words.includes("set: it") ? "tags" : "price";

  test("is refused by the embedded deployment", async () => {
    const item = openIn(new EmbeddedDeployment().createSession(), Item, "x");
    const error: unknown = await act(item).catch((thrown: unknown) => thrown);
    expect(isLevelError(error)).toBe(true);
    expect((error as Error).message).toContain(message(label));
    expect((error as Error).message).toContain("leave the mechanism out for one that orders all operations");
    expect(await item.price.read()).toBe(1);
  });

  test("is refused by the simulated one", async () => {
    const target = scenario("refused", { regions }, async ({ session, check }) => {
      const item = session("nyc").open(Item, "x");
      const error: unknown = await act(item).catch((thrown: unknown) => thrown);
      await check("refused", () => isLevelError(error) && error.message.includes(message(label)));
      await check("nothing happened", async () => (await item.price.read()) === 1);
    });
    const report = await explore(target, { schedules: 3 });
    expect([report.schedules, report.violations]).toEqual([3, []]);
  });
});

test("siblings of a linearizable register are its one value, in both deployments", async () => {
  const target = scenario("concurrent", { regions }, async ({ session, check }) => {
    await Promise.all(
      regions.map((region, i) =>
        session(region)
          .open(Item, "x")
          .price.write(i + 10),
      ),
    );
    const price = session("nyc").open(Item, "x").price;
    await check("one", async () => (await price.siblings()).length === 1);
  });
  expect((await explore(target, { schedules: 20 })).violations).toEqual([]);
  expect(await openIn(new EmbeddedDeployment().createSession(), Item, "x").price.siblings()).toEqual([1]);
});

describe("at eventual everything merges", () => {
  it("an update overwrites nothing that it has not seen, and sets take elements everywhere: 150 seeds", async () => {
    const target = scenario(
      "merging",
      { regions, faults: randomFaults() },
      async ({ session, converged, sleep, random }) => {
        const bought: string[] = [];
        const watching: string[] = [];
        await Promise.all(
          [...regions, ...regions].map(async (region, client) => {
            const item = session(region).open(Item, "x");
            for (let i = 0; i < 4; i++, await sleep(random() * 100)) {
              const name = `${client}.${i}`;
              const noted = (list: string[]) => () => void list.push(name);
              const refused = (error: unknown) => {
                if (!isUnavailable(error) && !isIndeterminate(error) && !isConflict(error)) throw error;
              };
              await item.buyers.update((buyers) => [...buyers, name]).then(noted(bought), refused);
              await item.watchers.add(name).then(noted(watching), refused);
            }
          }),
        );
        converged("all buyers", async (s) => {
          const buyers = await s.open(Item, "x").buyers.read();
          return bought.every((name) => buyers.includes(name));
        });
        converged("all watchers", async (s) => {
          const watchers = await s.open(Item, "x").watchers.values();
          return watching.every((name) => watchers.includes(name));
        });
      },
    );
    const report = await explore(target, { schedules: 150 });
    expect(report.violations.map(({ message, seed }) => ({ message, seed }))).toEqual([]);
    expect(report.outcome).toBe("holds");
  });
});

describe("cut off", () => {
  const cutOff = (act: (item: Item) => Promise<unknown>, expected: (error: unknown) => boolean) =>
    scenario("alone", { regions, faults: [isolate("nyc", { fromMs: 0, untilMs: 9_000 })] }, async (context) => {
      const { session, check, sleep } = context;
      await sleep(1);
      const outcome: unknown = await act(session("nyc").open(Item, "x")).catch((error: unknown) => error);
      await check("as expected", () => expected(outcome));
      await check("the others go on", async () => {
        await session("tokyo").open(Item, "x").price.write(7);
        return (await session("london").open(Item, "x").price.read()) === 7;
      });
    });

  it.each<[string, (item: Item) => Promise<unknown>, (outcome: unknown) => boolean]>([
    ["a read is unavailable", (item) => item.price.read(), isUnavailable],
    ["a write that did not learn what to top did not happen", (item) => item.price.write(2), isUnavailable],
    ["a read weakened to eventual answers", (item) => item.price.at("eventual").read(), (outcome) => outcome === 1],
    ["a sloppy write finds somebody to stand in", (item) => item.sloppy.write(2), (outcome) => outcome === undefined],
    ["a sloppy read does not", (item) => item.sloppy.read(), isUnavailable],
  ])("%s", async (_, act, expected) => {
    const report = await explore(cutOff(act, expected), { schedules: 10 });
    expect(report.violations).toEqual([]);
    expect(report.outcome).toBe("holds");
  });

  it("after the first phase, a write may have happened", async () => {
    // What london has sent by then still arrives: the write learns what it has to top, and nobody stores it.
    const window = { fromMs: 50, untilMs: 9_000 };
    const faults = [crash("london", window), crash("tokyo", window)];
    const target = scenario("cut in between", { regions, faults }, async ({ session, check }) => {
      const { price } = session("nyc").open(Item, "x");
      const outcome: unknown = await price.write(2).catch((error: unknown) => error);
      await check("nobody knows", () => isIndeterminate(outcome));
    });
    const { violations, outcome } = await explore(target, { schedules: 10 });
    expect(violations).toEqual([]);
    expect(outcome).not.toBe("violated");
  });
});
