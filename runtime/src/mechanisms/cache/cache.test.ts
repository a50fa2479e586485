import { describe, expect, it, test } from "vitest";
import {
  AnnotationError,
  Causal,
  cache,
  counter,
  Eventual,
  isUnavailable,
  Linearizable,
  NoConsistency,
  open,
  Replicated,
  register,
  Sequential,
} from "../../index.js";
import { explore, isolate, randomFaults, type Session, scenario } from "../../simulation/index.js";

const mechanism = cache({ origin: "price", ttlMs: 500 });

@Replicated()
class Product {
  @NoConsistency({ mechanism }) readonly none = register(0);
  @Eventual({ mechanism }) readonly eventual = register(0);
  @Causal({ mechanism }) readonly causal = register(0);
  @Sequential({ mechanism }) readonly sequential = register(0);
  @Linearizable({ mechanism }) readonly linearizable = register(0);
  @Linearizable() readonly price = register(10);
  @NoConsistency({ mechanism: cache({ origin: "none", ttlMs: 500 }) }) readonly edge = register(0);
  constructor(readonly id: string) {}
}

const regions = ["nyc", "london", "tokyo"] as const;
const product = (session: Session) => session.open(Product, "book");

describe("a copy", () => {
  const holds = async (target: Parameters<typeof explore>[0]) => {
    const report = await explore(target, { schedules: 50 });
    expect(report.violations).toEqual([]);
    expect(report.outcome).toBe("holds");
  };

  it("is served without asking while it is fresh, and taken again from the origin after that", () =>
    holds(
      scenario("time to live", { regions }, async ({ session, sleep, now, check }) => {
        const { none, price } = product(session("tokyo"));
        await check("the origin's value", async () => (await none.read()) === 10);
        const copiedMs = now();
        await price.write(20);
        while (now() < copiedMs + 450) {
          const askedMs = now();
          await check("still the old one, at once", async () => (await none.read()) === 10 && now() - askedMs < 1);
          await sleep(10);
        }
        await sleep(100);
        await check("the new one", async () => (await none.read()) === 20);
      }),
    ));

  it("keeps what is written to it to itself, until the origin is asked again", () =>
    holds(
      scenario("local", { regions }, async ({ session, sleep, check }) => {
        const { none, price } = product(session("tokyo"));
        await none.write(99);
        await check("here", async () => (await none.read()) === 99);
        await check("not at the origin", async () => (await price.read()) === 10);
        await check("not elsewhere", async () => (await product(session("nyc")).none.read()) === 10);
        await sleep(600);
        await check("no more", async () => (await none.read()) === 10);
      }),
    ));

  it("is served although it is old when the origin does not answer; without one the read is refused", () =>
    holds(
      scenario("cut off", { regions, faults: [isolate("tokyo", { fromMs: 1_000 })] }, async (context) => {
        const { session, sleep, now, check } = context;
        const { none } = product(session("tokyo"));
        await none.read();
        await sleep(2_000);
        const askedMs = now();
        await check("the old copy, in time", async () => (await none.read()) === 10 && now() - askedMs < 1_500);
        const refused = await session("tokyo")
          .open(Product, "pen")
          .none.read()
          .catch((error: unknown) => isUnavailable(error));
        await check("refused", () => refused === true);
      }),
    ));

  it("is as old as all copies on the way together, and no older", () =>
    holds(
      scenario("chain", { regions }, async ({ session, sleep, now, random, check }) => {
        const { edge, none, price } = product(session("tokyo"));
        await none.read();
        await sleep(random() * 600);
        await edge.read();
        await price.write(20);
        const writtenMs = now();
        while ((await edge.read()) !== 20) await sleep(10);
        await check("two times to live", () => now() - writtenMs < 2 * 500 + 100);
      }),
    ));

  it("does not survive a crash", () =>
    holds(
      scenario("crash", { regions }, async ({ session, sleep, faults, check }) => {
        const { none } = product(session("tokyo"));
        await none.write(99);
        faults.crash("tokyo").heal();
        await sleep(100);
        await check("from the origin again", async () => (await none.read()) === 10);
      }),
    ));
});

test("the seed at which a customer is shown a price that is no more", async () => {
  const stale = scenario("what is shown is the price", { regions }, async ({ session, sleep, random, check }) => {
    const shop = product(session("nyc"));
    const customer = product(session("tokyo"));
    await customer.none.read();
    await shop.price.write(20);
    await sleep(random() * 1_000);
    await check("the shown price is the price", async () => (await customer.none.read()) === 20);
  });
  const { violations, outcome } = await explore(stale, { schedules: 20 });
  expect(outcome).toBe("violated");
  expect(violations.map(({ kind, name, seed, count }) => ({ kind, name, seed, count }))).toMatchInlineSnapshot(`
    [
      {
        "count": 9,
        "kind": "invariant",
        "name": "the shown price is the price",
        "seed": 4,
      },
    ]
  `);
});

const writes = (level: "eventual" | "causal" | "sequential" | "linearizable") =>
  scenario("reads follow writes", { regions, faults: randomFaults() }, async ({ session, sleep, random, check }) => {
    const traveller = session("nyc");
    const cell = product(traveller)[level];
    await cell.write(1);
    await sleep(random() * 1_000);
    if (random() < 0.5) traveller.moveTo("london");
    await check("it reads its write", async () => (await cell.read()) === 1);
  });

describe("claims none: the seed that shows what each level above misses", () => {
  it.each(["eventual", "causal", "sequential", "linearizable"] as const)("%s", async (level) => {
    const { violations } = await explore(writes(level), { schedules: 40 });
    expect(violations.map(({ kind, name, anomaly, seed }) => ({ kind, name, anomaly, seed }))).toMatchSnapshot();
    expect(violations.length).toBeGreaterThan(0);
  });
});

test("with a single copy of everything, as embedded, a cache shows its origin until it is written itself", async () => {
  const { none, price } = open(Product, "embedded");
  expect(await none.read()).toBe(10);
  await price.write(20);
  expect(await none.read()).toBe(20);
  await none.update((value) => value + 1);
  expect([await none.read(), await price.read()]).toEqual([21, 20]);
  await price.write(30);
  expect(await none.read()).toBe(30);
});

test("a copy of a copy shows what the first copy does, also as embedded", async () => {
  const { edge, price } = open(Product, "chain");
  await price.write(20);
  expect(await edge.read()).toBe(20);
});

describe("an origin that is none is refused, with the names that can be one", () => {
  it.each([
    ["nothing", "mine"],
    ["sold", "mine"],
    ["shown", "mine"],
    // A circle of two, and one that this copy would only lead into.
    ["left", "mine"],
  ])("%s", (origin, accepted) => {
    @Replicated()
    class Shop {
      @NoConsistency({ mechanism: cache({ origin, ttlMs: 5 }) }) readonly shown = register(0);
      @NoConsistency({ mechanism: cache({ origin: "right", ttlMs: 5 }) }) readonly left = register(0);
      @NoConsistency({ mechanism: cache({ origin: "left", ttlMs: 5 }) }) readonly right = register(0);
      @Eventual() readonly sold = counter();
      @Linearizable() readonly mine = register(0);
      constructor(readonly id: string) {}
    }
    expect(() => open(Shop, "a")).toThrow(AnnotationError);
    expect(() => open(Shop, "a")).toThrow(
      `\`Shop.shown\`: option \`mechanism.origin\` is "${origin}". ` +
        `Accepted: the name of a register of the class that is no copy of \`shown\`: "${accepted}".`,
    );
  });

  it("says so when there is none", () => {
    @Replicated()
    @NoConsistency({ mechanism: cache({ origin: "shown", ttlMs: 5 }) })
    class Shop {
      readonly shown = register(0);
      constructor(readonly id: string) {}
    }
    expect(() => open(Shop, "a")).toThrow("`shown`: the class has no other register.");
  });
});
