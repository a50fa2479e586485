import { describe, expect, it } from "vitest";
import { randomFaults, simulate } from "../simulation/index.js";
import { Account, all, of } from "./testing/account.js";

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
});
