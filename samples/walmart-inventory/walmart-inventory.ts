import { Eventual, Invariant, isIndeterminate, isUnavailable, log, Replicated, Sequential } from "@faultline/runtime";
import { type Commit, catchUp, eventStream, noCheckpoint, versionProblems } from "@faultline/runtime/eventsourcing";
import { partition, scenario } from "@faultline/runtime/simulation";
import {
  type InventoryEvent,
  inventory,
  lossAlerts,
  movements,
  OutOfStockError,
  type Store,
  shrinkage,
  stockByStore,
} from "./inventory.js";

/**
 * The items of one SKU, as events. Tills have to sell whatever the network does, and events are only ever added, so what
 * could go wrong? Somebody made the log eventual.
 */
@Replicated()
export class Inventory {
  @Eventual() readonly commits = log<Commit<InventoryEvent>>();
  readonly stream = eventStream(this.commits, { decider: inventory, now: () => Date.now() });

  constructor(readonly sku: string) {}

  async receive(store: Store, count: number): Promise<void> {
    await this.stream.execute({ type: "ItemReceived", store, count, supplier: "depot" });
  }

  async sell(store: Store): Promise<void> {
    await this.stream.execute({ type: "ItemSold", store, count: 1 });
  }

  async onHand(store: Store): Promise<number> {
    return (await this.stream.state()).state[store] ?? 0;
  }

  @Invariant("nothing is sold that is not there", { when: "converged" })
  async covered(): Promise<boolean> {
    return Object.values((await this.stream.state()).state).every((count) => count >= 0);
  }

  @Invariant("every version is there once", { when: "converged" })
  async ordered(): Promise<boolean> {
    const { duplicated, missing } = versionProblems(await this.stream.read());
    return duplicated.length === 0 && missing.length === 0;
  }
}

/** The right one: the log has one order, so the version that a sale was decided by is the one that it follows. */
@Replicated()
export class OrderedInventory {
  @Sequential() readonly commits = log<Commit<InventoryEvent>>();
  readonly stream = eventStream(this.commits, { decider: inventory, now: () => Date.now() });

  constructor(readonly sku: string) {}

  async receive(store: Store, count: number): Promise<void> {
    await this.stream.execute({ type: "ItemReceived", store, count, supplier: "depot" });
  }

  async sell(store: Store): Promise<void> {
    await this.stream.execute({ type: "ItemSold", store, count: 1 });
  }

  async onHand(store: Store): Promise<number> {
    return (await this.stream.state()).state[store] ?? 0;
  }

  @Invariant("nothing is sold that is not there", { when: "converged" })
  async covered(): Promise<boolean> {
    return Object.values((await this.stream.state()).state).every((count) => count >= 0);
  }

  @Invariant("every version is there once", { when: "converged" })
  async ordered(): Promise<boolean> {
    const { duplicated, missing } = versionProblems(await this.stream.read());
    return duplicated.length === 0 && missing.length === 0;
  }
}

const regions = ["dallas", "chicago", "virginia"] as const;
const faults = [partition([["dallas"], ["chicago", "virginia"]], { fromMs: 500, untilMs: 5_000 })];

/** One television is left in Dallas. The till there sells it, and so does the web shop, which runs in Virginia. */
export const lastItem = scenario(
  "the last item is sold once",
  {
    ...{ regions, faults },
    setup: ({ open }) => open(Inventory, "tv-55").receive("dallas", 1),
  },
  async ({ session, sleep, random }) => {
    const sell = async (region: "dallas" | "virginia") => {
      await sleep(random() * 1_000);
      await session(region).open(Inventory, "tv-55").sell("dallas").catch(unlessSoldOut);
    };
    await Promise.all([sell("dallas"), sell("virginia")]);
  },
);

/** The same evening with one order: whoever comes second is told that it is sold, or that nobody can say. */
export const lastItemFixed = scenario(
  "the last item is sold once when the stream has one order",
  {
    ...{ regions, faults },
    setup: ({ open }) => open(OrderedInventory, "tv-55").receive("dallas", 1),
  },
  async ({ session, sleep, random, check }) => {
    let sold = 0;
    const sell = async (region: "dallas" | "virginia") => {
      await sleep(random() * 1_000);
      const item = session(region).open(OrderedInventory, "tv-55");
      await item.sell("dallas").then(() => sold++, unlessSoldOut);
    };
    await Promise.all([sell("dallas"), sell("virginia")]);
    const left = await session("chicago").open(OrderedInventory, "tv-55").onHand("dallas");
    await check("one customer has it", () => sold <= 1 && left >= 0);
  },
);

/** Sales in three regions without faults: what one order costs, and whether the books agree with the shelves. */
export const tradeMeasured = scenario(
  "what a sale waits for",
  { regions, setup: ({ open }) => open(OrderedInventory, "tv-55").receive("dallas", 5) },
  async ({ session, sleep, random, now, measure, converged }) => {
    let onShelf = 5;
    const sell = async (region: (typeof regions)[number]) => {
      const item = session(region).open(OrderedInventory, "tv-55");
      for (let i = 0; i < 2; i++) {
        await sleep(random() * 500);
        const startedAt = now();
        const sold = () => {
          onShelf--;
          measure(`a sale in ${region}`, now() - startedAt, { unit: "ms" });
        };
        await item.sell("dallas").then(sold, unlessSoldOut);
      }
    };
    await Promise.all(regions.map(sell));
    converged("the books agree with the shelf", async (reader) => {
      const agree = (await reader.open(OrderedInventory, "tv-55").onHand("dallas")) === onShelf;
      measure("books that agree with the shelf", agree ? 100 : 0, { unit: "%", claim: "95 %, then 99.8 %" });
      return agree;
    });
  },
);

/** An evening with an event of each type, while Dallas is cut off for a part of it, and the five queries that night. */
export const auditFixed = scenario(
  "every auditor gets the same five answers",
  { regions, faults, setup: ({ open }) => open(OrderedInventory, "tv-55").receive("dallas", 5) },
  async ({ session, sleep, random, converged }) => {
    const [openedMs, closedMs] = [Date.now(), Date.now() + 3_000];
    let noted = 1;
    const clerk = async (region: (typeof regions)[number], ...evening: readonly InventoryEvent[]) => {
      const { stream } = session(region).open(OrderedInventory, "tv-55");
      for (const event of evening) {
        await sleep(random() * 500);
        await stream.execute(event).then(() => noted++, unlessSoldOut);
      }
    };
    await Promise.all([
      clerk(
        "dallas",
        { type: "ItemMoved", from: "dallas", to: "chicago", count: 2 },
        { type: "ItemDamaged", store: "dallas", count: 1 },
        { type: "InventoryAdjusted", store: "dallas", by: -1 },
      ),
      clerk("chicago", { type: "ItemReceived", store: "chicago", count: 1, supplier: "depot" }),
      clerk(
        "virginia",
        { type: "ItemSold", store: "dallas", count: 1 },
        { type: "ItemReturned", store: "virginia", count: 1 },
      ),
    ]);
    const answers = new Set<string>();
    converged("five answers, the same everywhere", async (auditor) => {
      const { stream } = auditor.open(OrderedInventory, "tv-55");
      const history = await stream.read();
      const today = catchUp(stockByStore, noCheckpoint(stockByStore), "tv-55", history).state;
      const then = (await stream.stateAt({ timeMs: openedMs + 1_000 })).state;
      const lost = shrinkage(history, { fromMs: openedMs, untilMs: closedMs });
      const alerts = lossAlerts(history, { limit: 2, withinMs: 3_000 });
      answers.add(JSON.stringify([today, then, lost, movements(history), alerts]));
      return answers.size === 1;
    });
    converged("nothing that a clerk was told is missing", async (auditor) => {
      return (await auditor.open(OrderedInventory, "tv-55").stream.read()).length >= noted;
    });
  },
);

/** The customer is told: it is sold, the till cannot sell now, or nobody can say whether it just did. */
function unlessSoldOut(error: unknown): void {
  if (!(error instanceof OutOfStockError) && !isUnavailable(error) && !isIndeterminate(error)) throw error;
}
