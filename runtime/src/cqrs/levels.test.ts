import { expect, test } from "vitest";
import { z } from "zod";
import {
  Causal,
  counter,
  Eventual,
  isConflict,
  isIndeterminate,
  isUnavailable,
  Linearizable,
  map,
  Replicated,
  Sequential,
} from "../index.js";
import { explore, randomFaults, scenario } from "../simulation/index.js";
import { commandBus, commandHandler, type Handled } from "./index.js";

const regions = ["nyc", "london", "tokyo"] as const;

/** A client that got no answer in one region sends its command again in another, under the same key. */
const retriedElsewhere = (level: ReturnType<typeof Eventual>) => {
  @Replicated()
  class Account {
    @level readonly handled = map<string, Handled>();
    @level readonly charged = counter();
    readonly commands = commandBus({
      handled: this.handled,
      handlers: {
        Charge: commandHandler({
          schema: z.object({ cents: z.number() }),
          handle: ({ cents }) => this.charged.increment(cents),
        }),
      },
    });
    constructor(readonly id: string) {}
  }
  return scenario("one wish is charged once", { regions, faults: randomFaults() }, async (context) => {
    const { session, sleep, random, converged } = context;
    const attempt = async (region: (typeof regions)[number]) => {
      await sleep(random() * 300);
      const { commands } = session(region).open(Account, "ann");
      await commands.execute({ type: "Charge", cents: 100 }, { idempotencyKey: "tap-1" }).catch((error: unknown) => {
        if (!isUnavailable(error) && !isIndeterminate(error) && !isConflict(error)) throw error;
      });
    };
    await Promise.all([attempt("nyc"), attempt("london")]);
    converged("it is charged once at most", async (reader) => {
      return (await reader.open(Account, "ann").charged.read()) <= 100;
    });
  });
};

test.each([
  ["sequential", Sequential()],
  ["linearizable", Linearizable()],
])("%s: keys hold in every schedule", async (_, level) => {
  const { outcome, violations } = await explore(retriedElsewhere(level), { schedules: 100, seed: 1 });
  expect([outcome, violations]).toEqual(["holds", []]);
});

test.each([
  ["causal", Causal()],
  ["eventual", Eventual()],
])("%s: both replicas do it, and this seed shows it", async (_, level) => {
  const { violations } = await explore(retriedElsewhere(level), { schedules: 10, seed: 1 });
  expect(violations.map(({ name, seed }) => `${name}: seed ${seed}`)).toEqual(["it is charged once at most: seed 2"]);
});
