import { decider, type Event, type Recorded, type StreamProjection } from "@faultline/runtime/eventsourcing";

export type Store = "dallas" | "chicago" | "virginia";

/** What happens to the items of one SKU. Its stream has the SKU's identity. */
export type InventoryEvent =
  | Event<"ItemReceived", { store: Store; count: number; supplier: string }>
  | Event<"ItemSold", { store: Store; count: number }>
  | Event<"ItemReturned", { store: Store; count: number }>
  | Event<"ItemMoved", { from: Store; to: Store; count: number }>
  | Event<"ItemDamaged", { store: Store; count: number }>
  /** A count by hand has found so many more or fewer. */
  | Event<"InventoryAdjusted", { store: Store; by: number }>;

/** How many are in each store. */
export type Stock = Readonly<Partial<Record<Store, number>>>;

const nothing: Stock = {};

/** A command is the event that it asks for. What is not there cannot be sold, moved or thrown away. */
export const inventory = decider({
  initialState: nothing,
  decide(wanted: InventoryEvent, stock: Stock): readonly InventoryEvent[] {
    if ("count" in wanted && wanted.count <= 0) throw new RangeError(`${wanted.count} items`);
    for (const [store, change] of changesOf(wanted)) {
      const there = stock[store] ?? 0;
      if (there + change < 0) throw new OutOfStockError(`${-change} asked for in ${store}, ${there} there`);
    }
    return [wanted];
  },
  evolve(stock: Stock, event: InventoryEvent): Stock {
    let next = stock;
    for (const [store, change] of changesOf(event)) next = { ...next, [store]: (next[store] ?? 0) + change };
    return next;
  },
});

export class OutOfStockError extends Error {
  override readonly name = "OutOfStockError";
}

/** Current inventory by store and SKU: a read model over the streams of all SKUs. */
export const stockByStore: StreamProjection<InventoryEvent, Readonly<Record<string, number>>> = {
  initialState: {},
  evolve(counts, event, { stream: sku }) {
    let next = counts;
    for (const [store, change] of changesOf(event)) {
      const shelf = `${store} ${sku}`;
      next = { ...next, [shelf]: (next[shelf] ?? 0) + change };
    }
    return next;
  },
};

export interface Period {
  readonly fromMs: number;
  /** Not included. */
  readonly untilMs: number;
}

/** Shrinkage by period: what was damaged, and what a count by hand did not find. */
export function shrinkage(history: readonly Recorded<InventoryEvent>[], { fromMs, untilMs }: Period): Stock {
  const lost: Partial<Record<Store, number>> = {};
  for (const { timeMs, event } of history) {
    const store = timeMs >= fromMs && timeMs < untilMs ? lossIn(event) : undefined;
    if (store !== undefined) lost[store[0]] = (lost[store[0]] ?? 0) + store[1];
  }
  return lost;
}

export interface Movement {
  readonly version: number;
  readonly from: string;
  readonly to: Store;
  readonly count: number;
}

/** Movement through the supply chain, from supplier to store to store. */
export function movements(history: readonly Recorded<InventoryEvent>[]): readonly Movement[] {
  return history.flatMap(({ version, event }): Movement[] => {
    if (event.type === "ItemReceived") return [{ version, from: event.supplier, to: event.store, count: event.count }];
    return event.type === "ItemMoved" ? [{ version, from: event.from, to: event.to, count: event.count }] : [];
  });
}

export interface Alert {
  readonly version: number;
  readonly store: Store;
  readonly lost: number;
}

/** Loss prevention: each loss with which a store has lost that many or more within the time given. */
export function lossAlerts(
  history: readonly Recorded<InventoryEvent>[],
  { limit, withinMs }: { readonly limit: number; readonly withinMs: number },
): readonly Alert[] {
  const recent = new Map<Store, { readonly timeMs: number; readonly count: number }[]>();
  const alerts: Alert[] = [];
  for (const { version, timeMs, event } of history) {
    const loss = lossIn(event);
    if (loss === undefined) continue;
    const [store, count] = loss;
    const losses = (recent.get(store) ?? []).filter((each) => each.timeMs > timeMs - withinMs);
    losses.push({ timeMs, count });
    recent.set(store, losses);
    const lost = losses.reduce((sum, each) => sum + each.count, 0);
    if (lost >= limit) alerts.push({ version, store, lost });
  }
  return alerts;
}

function lossIn(event: InventoryEvent): readonly [Store, number] | undefined {
  if (event.type === "ItemDamaged") return [event.store, event.count];
  return event.type === "InventoryAdjusted" && event.by < 0 ? [event.store, -event.by] : undefined;
}

/** What an event adds to stores, or takes away: what is taken away comes first. */
function changesOf(event: InventoryEvent): readonly (readonly [Store, number])[] {
  switch (event.type) {
    case "ItemReceived":
    case "ItemReturned":
      return [[event.store, event.count]];
    case "ItemSold":
    case "ItemDamaged":
      return [[event.store, -event.count]];
    case "ItemMoved":
      return [
        [event.from, -event.count],
        [event.to, event.count],
      ];
    case "InventoryAdjusted":
      return [[event.store, event.by]];
  }
}
