import { z } from "zod";
import { type Commit, decider, type Event, eventStream, noCheckpoint } from "../../eventsourcing/index.js";
import { Eventual, log, map, Replicated, register, Sequential } from "../../index.js";
import {
  commandBus,
  commandHandler,
  eventBus,
  furthest,
  type Handled,
  projection,
  queryBus,
  queryHandler,
  ReadModel,
  view,
} from "../index.js";

export type WalletEvent = Event<"Charged", { cents: number }> | Event<"Refunded", { cents: number }>;

export class OverdrawnError extends Error {}

const wallet = decider({
  initialState: 1_000,
  decide(command: { readonly charge: number }, cents: number): readonly WalletEvent[] {
    if (command.charge > cents) throw new OverdrawnError();
    return [{ type: "Charged", cents: command.charge }];
  },
  evolve: (cents: number, event: WalletEvent) => cents + (event.type === "Charged" ? -event.cents : event.cents),
});

export const spending = projection({
  name: "spending",
  initialState: { charges: 0, cents: 0 },
  evolve(spent, event: WalletEvent) {
    if (event.type === "Refunded") return { ...spent, cents: spent.cents - event.cents };
    return { charges: spent.charges + 1, cents: spent.cents + event.cents };
  },
});

export const charge = z.object({
  cents: z.number().int("is no whole number").positive("has to be above 0"),
  note: z.object({ lines: z.array(z.string()) }).optional(),
  currency: z.enum(["USD", "EUR"]).default("USD"),
});

/** Opened under an identity of its own by each test: the embedded deployment is one for the whole process. */
@Replicated()
export class Wallet {
  @Sequential() readonly commits = log<Commit<WalletEvent>>();
  @Sequential() readonly handled = map<string, Handled>();
  @Eventual() readonly positions = map<string, number>();
  @ReadModel() @Eventual({ merge: furthest }) readonly spending = register(noCheckpoint(spending));

  readonly stream = eventStream(this.commits, { decider: wallet, now: () => Date.now() });
  readonly spendingView = view(this.spending, spending);
  readonly commands = commandBus({
    handled: this.handled,
    handlers: {
      Charge: commandHandler({
        schema: charge,
        version: async () => (await this.stream.state()).version,
        handle: async ({ cents }) => {
          const { version, state } = await this.stream.execute({ charge: cents });
          return { left: state, token: { [this.id]: version } };
        },
      }),
      Close: commandHandler({ schema: z.object({}), handle: async () => true }),
    },
  });
  readonly bus = eventBus<WalletEvent>({ subscribers: { spending: this.spendingView }, positions: this.positions });
  readonly queries = queryBus({
    queries: {
      Spent: queryHandler(this.spendingView, ({ cents }, { currency }: { currency: string }) => `${cents} ${currency}`),
      Sneaky: queryHandler(this.spendingView, async () => {
        await this.positions.put("asked", 1);
      }),
    },
    clock: { now: () => Date.now(), sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)) },
  });

  constructor(readonly id: string) {}
}
