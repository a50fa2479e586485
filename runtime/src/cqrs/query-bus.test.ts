import { expect, expectTypeOf, test } from "vitest";
import { isLevelError, open } from "../index.js";
import { explore, scenario } from "../simulation/index.js";
import { Wallet } from "./testing/wallet.js";

test("a query answers from its read model, and says how far that has come", async () => {
  const { commands, queries, stream, spendingView } = open(Wallet, "asked");
  const { token } = await commands.execute({ type: "Charge", cents: 250 });
  const before = await queries.ask({ type: "Spent", currency: "USD" }, { after: token });
  expectTypeOf(before.answer).toEqualTypeOf<string>();
  expect(before).toEqual({ answer: "0 USD", versions: {}, isStale: true });

  await spendingView.project("asked", stream);
  const after = await queries.ask({ type: "Spent", currency: "USD" }, { after: token });
  expect(after).toEqual({ answer: "250 USD", versions: { asked: 1 }, isStale: false });
});

test("a query that writes is refused, whatever it writes through, and writes outside of it are not", async () => {
  const { queries, positions } = open(Wallet, "sneaky");
  const error: unknown = await queries.ask({ type: "Sneaky" }).catch((thrown: unknown) => thrown);
  expect(isLevelError(error)).toBe(true);
  expect((error as Error).message).toBe(
    "`sneaky.positions` cannot put in the query `Sneaky`: whoever asks again must not change anything. Do it in a command.",
  );
  await positions.put("told", 1);
  expect(await positions.entries()).toEqual([["told", 1]]);
});

test("a query that nobody answers is told which are", async () => {
  await expect(open(Wallet, "no-query").queries.ask({ type: "Balance" } as never)).rejects.toThrow(
    "`type`: is not known. Accepted: Spent, Sneaky.",
  );
});

test.each([Number.NaN, -1])("waiting for %s ms is refused", async (withinMs) => {
  const asked = open(Wallet, "waiting").queries.ask({ type: "Spent", currency: "USD" }, { after: { a: 1 }, withinMs });
  await expect(asked).rejects.toThrow(`\`Spent\`: option \`withinMs\` of ask() is ${withinMs}. Accepted: a number of`);
});

const regions = ["nyc", "london"] as const;

const readingInAnotherRegion = (withinMs: number) =>
  scenario("one's own charge is on the bill", { regions }, async ({ session, sleep, check }) => {
    const [wallet, elsewhere] = [session("nyc").open(Wallet, "ann"), session("london").open(Wallet, "ann")];
    const { token } = await wallet.commands.execute({ type: "Charge", cents: 250 });
    const projecting = sleep(30).then(() => wallet.bus.relay("ann", wallet.stream));
    const { answer, isStale } = await elsewhere.queries.ask(
      { type: "Spent", currency: "USD" },
      { after: token, withinMs },
    );
    await projecting;
    await check("what is missing is said", () => isStale === (answer === "0 USD"));
    await check("it is there", () => answer === "250 USD");
  });

test("a query with a token waits until its read model has what was written, as long as it may", async () => {
  const waiting = await explore(readingInAnotherRegion(2_000), { schedules: 20, seed: 1 });
  expect([waiting.outcome, waiting.violations]).toEqual(["holds", []]);
  const hasty = await explore(readingInAnotherRegion(20), { schedules: 20, seed: 1 });
  expect(hasty.violations.map(({ name }) => name)).toEqual(["it is there"]);
});
