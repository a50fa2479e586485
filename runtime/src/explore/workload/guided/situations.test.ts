import { describe, expect, it } from "vitest";
import { runSchedule } from "../../run.js";
import type { ScenarioContext } from "../../scenario.js";
import { Account, cutOff, of, type Region } from "../../testing/account.js";
import { Situations } from "./situations.js";

async function reachedBy(
  body: (context: ScenarioContext<Region>) => Promise<void>,
  faults = [cutOff],
): Promise<readonly string[]> {
  const situations = new Situations();
  await runSchedule(() => of(body, { faults }), { seed: 1, isUserFile: () => false, situations });
  return [...situations.reached].sort();
}

describe("what a schedule reaches", () => {
  it("is how far the writes of others had come when an operation ended", async () => {
    const reached = await reachedBy(async ({ session, sleep }) => {
      const [here, there] = (["nyc", "london"] as const).map((region) => session(region).open(Account, "alice"));
      await here?.note.write("a");
      await here?.note.read(); // its own: nobody else wrote
      await there?.note.read();
      await sleep(10_000);
      await there?.note.read();
    });
    expect(reached).toMatchInlineSnapshot(`
      [
        "note.read ok",
        "note.read ok note.write ok false 1 false",
        "note.read ok note.write ok true all false",
        "note.write ok",
      ]
    `);
  });

  it("is the same whatever the values, the objects and the regions are", async () => {
    const one = (region: Region, id: string, value: string) =>
      reachedBy(async ({ session, sleep }) => {
        await session(region).open(Account, id).note.write(value);
        await sleep(10_000);
        await session("tokyo").open(Account, id).note.write(`${value}!`);
      }, []);
    expect(await one("nyc", "alice", "a")).toEqual(await one("london", "bob", "something else"));
  });

  it("tells operations that overlap, and those that fail", async () => {
    const reached = await reachedBy(async ({ session }) => {
      const [one, other] = [session("london"), session("tokyo")].map((each) => each.open(Account, "alice"));
      await Promise.all([one?.balance.write(1), other?.balance.write(2)]);
      await session("nyc").open(Account, "alice").balance.write(3);
    });
    expect(reached).toMatchInlineSnapshot(`
      [
        "balance.write info balance.write ok false 2 false",
        "balance.write ok",
        "balance.write ok balance.write ok true 2 true",
      ]
    `);
  });
});
