import { expect, test } from "vitest";
import { z } from "zod";
import { AnnotationError, counter, map, open, Replicated, Sequential } from "../index.js";
import { explore, scenario } from "../simulation/index.js";
import { commandBus, commandHandler, forgetHandled, type Handled, keepKeysMs, once } from "./index.js";

const keepMs = 24_000;

@Replicated()
@Sequential()
class Till {
  readonly handled = map<string, Handled>();
  readonly sold = counter();
  readonly commands = commandBus({
    ...{ handled: this.handled, keepMs },
    handlers: {
      Sell: commandHandler({
        schema: z.object({}),
        handle: async () => {
          await this.sold.increment();
          return this.sold.read();
        },
      }),
    },
  });

  constructor(readonly id: string) {}

  sell(idempotencyKey: string): Promise<number> {
    return this.commands.execute({ type: "Sell" }, { idempotencyKey });
  }
}

const holdsOnce = async (target: ReturnType<typeof scenario>) => {
  const { outcome, violations } = await explore(target, { schedules: 3, seed: 1 });
  expect([outcome, violations]).toEqual(["holds", []]);
};

test("a key stands for as long as it is kept, and is then forgotten by the next command that has one", async () => {
  await holdsOnce(
    scenario("a key's life", { regions: ["nyc"] }, async ({ session, sleep, check }) => {
      const till = session("nyc").open(Till, "till");
      const first = await till.sell("k");
      await sleep(keepMs - 500);
      await check("it is answered as before", async () => (await till.sell("k")) === first);
      await sleep(500 + keepMs / 24);
      await till.sell("another");
      await check("it is gone", async () => (await till.handled.entries()).map(([key]) => key).join() === "another");
      await check("and stands for something new", async () => (await till.sell("k")) === first + 2);
    }),
  );
});

test("what is kept is what came in that time and a twenty-fourth of it, however long it goes on", async () => {
  await holdsOnce(
    scenario("a long day", { regions: ["nyc"] }, async ({ session, sleep, check }) => {
      const till = session("nyc").open(Till, "till");
      let most = 0;
      for (let i = 0; i < 120; i++) {
        await till.sell(`k${i}`);
        most = Math.max(most, (await till.handled.entries()).length);
        await sleep(500);
      }
      await check("not more", () => most <= (keepMs + keepMs / 24) / 500 + 1);
      await check("and not less", () => most >= keepMs / 500);
    }),
  );
});

test("a job forgets what nobody else does, and says how much", async () => {
  const { handled } = open(Till, "idle");
  await once(handled, "fresh", async () => 1);
  for (const key of ["a", "b"]) await handled.put(key, { request: undefined, result: 2, doneAtMs: 0 });
  expect(await forgetHandled(handled)).toBe(2);
  expect((await handled.entries()).map(([key]) => key)).toEqual(["fresh"]);
  expect(await forgetHandled(handled, { keepMs: keepKeysMs })).toBe(0);
});

test.each([0, -1, Number.NaN])("keeping keys for %s ms is refused", async (refused) => {
  const { handled } = open(Till, "refused");
  const message = `\`keepMs\` is ${refused}, for which no key would stand. Accepted: a number of milliseconds above 0`;
  expect(() => commandBus({ handled, handlers: {}, keepMs: refused })).toThrow(message);
  await expect(once(handled, "k", async () => 1, { keepMs: refused })).rejects.toThrow(AnnotationError);
  expect(() => forgetHandled(handled, { keepMs: refused })).toThrow(AnnotationError);
});
