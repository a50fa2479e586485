import {
  Available,
  Causal,
  counter,
  Deadline,
  Eventual,
  Invariant,
  Linearizable,
  log,
  map,
  NoConsistency,
  Replicated,
  raft,
  register,
  Saga,
  type SagaSteps,
  Sequential,
  set,
  Transaction,
  Workload,
} from "@faultline/runtime";
import { Command, projection, Query, ReadModel } from "@faultline/runtime/cqrs";
import {
  type Commit,
  decider,
  type Event,
  eventStream,
  everyEvents,
  type Snapshot,
} from "@faultline/runtime/eventsourcing";

// Compiled in both dialects, with and without [[Define]]: nothing here may know which.
@Replicated()
export class Account {
  @Linearizable({ mechanism: raft() }) readonly balance = register(100);
  @Eventual() readonly views = counter();
  @Causal() readonly comments = log<{ author: string; text: string }>();
  @NoConsistency() readonly draft = register("");
  @Sequential() readonly owners = set<string>();
  @Eventual({ conflict: "remove-wins", merge: (a: number, b: number) => Math.max(a, b) })
  readonly limits = map<"day" | "week", number>();

  constructor(readonly id: string) {}

  @Transaction()
  @Workload({ weight: 3 })
  async transfer(to: Account, amount: number): Promise<void> {
    await this.balance.update((b) => {
      if (b < amount) throw new Error("insufficient funds");
      return b - amount;
    });
    await to.balance.update((b) => b + amount);
  }

  @Saga({ compensate: "refund" })
  async pay(amount: number): Promise<void> {
    await this.balance.update((b) => b - amount);
    throw new Error("the shop is closed");
  }

  async refund({ completed }: SagaSteps): Promise<void> {
    for (const { before } of completed) await this.balance.write(before as number);
  }

  @Eventual()
  @Available()
  @Deadline(50)
  async glance(): Promise<number> {
    return this.balance.read();
  }

  @Invariant("no account is overdrawn")
  async solvent(): Promise<boolean> {
    return (await this.balance.read()) >= 0;
  }

  @Invariant("money is conserved", { when: "converged" })
  static async conserved(all: readonly Account[]): Promise<boolean> {
    let sum = 0;
    for (const account of all) sum += await account.balance.read();
    return sum === 100 * all.length;
  }
}

@Causal()
export class Savings extends Account {
  @Linearizable() readonly interest = register(0);
  readonly visits = counter(2);

  override async transfer(to: Account, amount: number): Promise<void> {
    await this.visits.increment();
    await super.transfer(to, amount);
  }
}

// A class without a constructor of its own.
@Replicated()
@Eventual()
export class Page {
  readonly hits = counter();
}

export type StockEvent = Event<"received", { amount: number }> | Event<"sold">;

export const shelf = decider({
  initialState: 0,
  decide(command: "sell" | "receive", left: number): readonly StockEvent[] {
    if (command === "receive") return [{ type: "received", amount: 5 }];
    if (left === 0) throw new Error("sold out");
    return [{ type: "sold" }];
  },
  evolve: (left: number, event: StockEvent) => left + (event.type === "received" ? event.amount : -1),
});

export const sales = projection({
  name: "sales",
  initialState: 0,
  evolve: (sold: number, event: StockEvent) => sold + (event.type === "sold" ? 1 : 0),
});

@Replicated()
@Sequential()
export class Shelf {
  readonly events = log<StockEvent>();
  @ReadModel() @Eventual() readonly sold = register(sales.initialState);

  @Command()
  @Transaction()
  async handle(command: "sell" | "receive"): Promise<void> {
    const left = (await this.events.entries()).reduce(shelf.evolve, shelf.initialState);
    for (const event of shelf.decide(command, left)) await this.events.append(event);
  }

  async project(): Promise<void> {
    await this.sold.write((await this.events.entries()).reduce(sales.evolve, sales.initialState));
  }

  @Query()
  async howManySold(): Promise<number> {
    return this.sold.read();
  }
}

@Replicated()
@Sequential()
export class Warehouse {
  readonly commits = log<Commit<StockEvent>>();
  @Eventual() readonly snapshots = map<string, Snapshot<number>>();
  readonly stream = eventStream(this.commits, {
    decider: shelf,
    now: () => 0,
    snapshots: { cell: this.snapshots, policy: everyEvents(2) },
  });
}

// All of its state is derived.
@ReadModel()
@Replicated()
@Eventual()
export class Popularity {
  readonly sold = map<string, number>();
}

// Not replicated: the level labels a store that exists already.
export class Service {
  @Eventual() private readonly cache = new Map<string, number>();
  size(): number {
    return this.cache.size;
  }
}
