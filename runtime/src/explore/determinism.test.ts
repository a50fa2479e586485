import { describe, expect, it } from "vitest";
import { Linearizable, Replicated, register } from "../index.js";
import { explore, randomFaults, simulate } from "../simulation/index.js";
import { Account, all, of } from "./testing/account.js";

const unusual: readonly (readonly [what: string, value: () => unknown])[] = [
  ["a function", () => () => 1],
  ["an object with a function", () => ({ toString: () => "text", valueOf: null })],
  ["a symbol", () => Symbol("s")],
  ["nothing", () => undefined],
  [
    "a property that throws",
    () => ({
      get message() {
        return unreadable();
      },
    }),
  ],
  ["a proxy that throws", () => new Proxy({}, { ownKeys: unreadable })],
  ["an error whose message throws", () => Object.defineProperty(new Error("a"), "message", { get: unreadable })],
  ["an error whose message is a number", () => Object.assign(new Error("a"), { message: 5 })],
  [
    "what contains itself",
    () => {
      const list: unknown[] = [];
      list.push(list);
      return list;
    },
  ],
  [
    "what is very deep",
    () => {
      let deep: unknown = 0;
      for (let i = 0; i < 20_000; i++) deep = { deep };
      return deep;
    },
  ],
];

function unreadable(): never {
  throw new Error("not to be looked at");
}

@Replicated()
class Visitor {
  @Linearizable() readonly visits = register(0);
  constructor(readonly id: string) {}

  async take(_value: unknown): Promise<void> {
    await this.visits.update((visits) => visits + 1);
  }

  async refuse(reason: unknown): Promise<void> {
    await this.visits.update(() => {
      throw reason;
    });
  }
}

describe("determinism", () => {
  const busy = of(
    async ({ session, random, sleep }) => {
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
    },
    { faults: randomFaults() },
  );

  it("gives the same bytes for the same seed, and others for another", async () => {
    const [first, second, other] = [
      await simulate(busy, { seed: 11 }),
      await simulate(busy, { seed: 11 }),
      await simulate(busy, { seed: 12 }),
    ];
    expect(JSON.stringify(second)).toBe(JSON.stringify(first));
    expect(other.digest).not.toBe(first.digest);
  });

  it("has a digest that covers what a violation shows", async () => {
    let run = 0; // what a process identifier, or anything else outside the seed, does to a program
    const differing = of(async ({ session, check }) => {
      const { note } = session("nyc").open(Account, "alice");
      await note.write(`run ${run++}`);
      await check("never", async () => (await note.read()) === "");
      await note.write("");
    });
    const [first, second] = [await simulate(differing, { seed: 3 }), await simulate(differing, { seed: 3 })];
    expect(second.digest).not.toBe(first.digest);
  });

  it("is not disturbed by a run that is started at the same time", async () => {
    const days = new Set<string>();
    const drawing = of(async ({ session }) => {
      for (let i = 0; i < 4; i++) {
        await session("nyc").open(Account, "alice").balance.write(Math.random());
        days.add(new Date().toISOString().slice(0, 10));
      }
    });
    const alone = await simulate(drawing, { seed: 3 });
    const [together] = await Promise.all([simulate(drawing, { seed: 3 }), simulate(busy, { seed: 4 })]);
    expect(together.digest).toBe(alone.digest);
    expect([...days]).toEqual(["2026-01-01"]);
  });

  it("holds across machines and versions: the digest of a pinned seed", async () => {
    expect((await simulate(busy, { seed: 11 })).digest).toMatchInlineSnapshot(`"3a95b055-18e08590-6781965"`);
  });

  describe.each(unusual)("is the same traced and not, with %s", (_, value) => {
    it("as an argument", async () => {
      const given = of(async ({ session, check }) => {
        const visitor = session("nyc").open(Visitor, "alice");
        await visitor.take(value());
        await check("nobody came", async () => (await visitor.visits.read()) === 0);
      });
      expect(await explore(given, { schedules: 1 })).toMatchObject({ outcome: "violated", reason: null });
    });

    it("thrown, in a method and in what an operation does", async () => {
      const throwing = of(async ({ session, check }) => {
        const visitor = session("nyc").open(Visitor, "alice");
        await visitor.take(0);
        await visitor.refuse(value()).catch(() => undefined);
        await check("nobody came", async () => (await visitor.visits.read()) === 0);
      });
      expect(await explore(throwing, { schedules: 1 })).toMatchObject({ outcome: "violated", reason: null });
    });
  });
});
