import {
  Available,
  Eventual,
  gossip,
  Invariant,
  Linearizable,
  log,
  map,
  open,
  quorum,
  Replicated,
  raft,
  register,
  Saga,
  Transaction,
  Workload,
} from "@faultline/runtime";
import { Command, projection, Query, ReadModel } from "@faultline/runtime/cqrs";
import { type Decider, decider, type Event } from "@faultline/runtime/eventsourcing";

// Every use here has to be a type error in both dialects. Never run.
// @ts-expect-error no such option
Eventual({ merged: true });
// @ts-expect-error merges happen below sequential only
Linearizable({ merge: Math.max });
// @ts-expect-error no such way to read
raft({ reads: "fast" });
// @ts-expect-error r and w are missing
quorum({ n: 3 });
// @ts-expect-error not a number
gossip({ intervalMs: "1s" });
// @ts-expect-error a mechanism is what its function returns
Linearizable({ mechanism: "raft" });
// @ts-expect-error compensation without a method
Saga({});
// @ts-expect-error not a time to judge at
Invariant("holds", { when: "sometimes" });
// @ts-expect-error not a list of argument lists
Workload({ args: [1, 2] });

// @ts-expect-error no options yet
Query({ level: "eventual" });
// @ts-expect-error a read model is told apart by its name
projection({ initialState: 0, evolve: (sold: number) => sold });
// @ts-expect-error a decider has a state to begin with
decider({ decide: () => [], evolve: (state: number) => state });
export const counted: Decider<"count", Event<"counted", { by: number }>, number> = {
  initialState: 0,
  // @ts-expect-error no such event
  decide: () => [{ type: "count", by: 1 }],
  evolve: (state, event) => {
    // @ts-expect-error what happened does not change
    event.by = 0;
    return state + event.by;
  },
};

// @ts-expect-error a query is a method
@Query()
export class Report {
  // @ts-expect-error a field changes nothing
  @Command() readonly lines = register(0);

  // @ts-expect-error a method holds nothing
  @ReadModel()
  async read(): Promise<number> {
    return this.lines.read();
  }

  // @ts-expect-error a synchronous method cannot wait for a store
  @Query()
  size(): number {
    return 0;
  }
}

// @ts-expect-error a transaction is a method
@Transaction()
export class Shop {
  // @ts-expect-error a field is not available or not
  @Available() readonly stock = register(1);

  // @ts-expect-error a synchronous method cannot wait for replicas
  @Eventual()
  count(): number {
    return 1;
  }

  // @ts-expect-error a field does not run
  @Transaction() readonly prices = map<"a", number>();

  // @ts-expect-error an accessor is neither field nor method
  @Eventual()
  get size(): number {
    return 1;
  }

  // @ts-expect-error only a class is replicated
  @Replicated()
  async buy(): Promise<void> {
    // @ts-expect-error not a number
    await this.stock.write("many");
    // @ts-expect-error not a key
    await this.prices.get("b");
    // @ts-expect-error not an entry
    await log<string>().append(1);
    // @ts-expect-error not a level
    await this.stock.at("strong").read();
  }
}

export class Mailer {
  constructor(
    readonly id: string,
    readonly send: () => void,
  ) {}
}
// @ts-expect-error a constructor that needs more goes through `replicated`
open(Mailer, "a");
