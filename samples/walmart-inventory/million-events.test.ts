import { log, open, Replicated, Sequential } from "@faultline/runtime";
import {
  type Commit,
  catchUp,
  eventStream,
  everyPeriod,
  noCheckpoint,
  type Recorded,
  rebuild,
  snapshotsAlong,
  stateAt,
} from "@faultline/runtime/eventsourcing";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type InventoryEvent,
  inventory,
  lossAlerts,
  movements,
  type Store,
  shrinkage,
  stockByStore,
} from "./inventory.js";

const dayMs = 24 * 60 * 60 * 1000;
const stores: readonly Store[] = ["dallas", "chicago", "virginia"];

@Replicated()
@Sequential()
class Shelf {
  readonly commits = log<Commit<InventoryEvent>>();
  readonly stream = eventStream(this.commits, { decider: inventory, now: () => clock.timeMs });
}

const clock = { timeMs: 0 };

/** A year of one SKU, a day at a time; nothing is taken that is not there. */
function* daysOf(seed: number, days: number, perDay: number): Generator<readonly InventoryEvent[]> {
  let state = seed;
  const below = (bound: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
  const there = new Map<Store, number>();
  const put = (store: Store, by: number) => there.set(store, (there.get(store) ?? 0) + by);
  for (let day = 0; day < days; day++) {
    yield Array.from({ length: perDay }, (): InventoryEvent => {
      const [store, other] = [stores[below(3)] as Store, stores[below(3)] as Store];
      const count = 1 + below(3);
      const kind = (there.get(store) ?? 0) < count ? below(3) : 3 + below(7);
      if (kind < 3 || kind === 9) put(store, count);
      else put(store, -count);
      switch (kind) {
        case 0:
        case 1:
          return { type: "ItemReceived", store, count, supplier: "depot" };
        case 2:
          return { type: "ItemReturned", store, count };
        case 3:
          return { type: "ItemDamaged", store, count };
        case 4:
          put(other, count);
          return { type: "ItemMoved", from: store, to: other, count };
        case 5:
          return { type: "InventoryAdjusted", store, by: -count };
        case 9:
          return { type: "InventoryAdjusted", store, by: count };
        default:
          return { type: "ItemSold", store, count };
      }
    });
  }
}

test("a million events, appended with expected versions and rebuilt with daily snapshots and without", async () => {
  const [skus, days, perDay] = [250, 365, 11];
  const seconds = (startedAt: number) => ((performance.now() - startedAt) / 1000).toFixed(2);
  const figures: string[] = [];

  let startedAt = performance.now();
  const histories: (readonly Recorded<InventoryEvent>[])[] = [];
  for (let sku = 0; sku < skus; sku++) {
    const { stream } = open(Shelf, `sku-${sku}`);
    let day = 0;
    for (const events of daysOf(sku, days, perDay)) {
      clock.timeMs = day * dayMs;
      await stream.append(events, { expectedVersion: day++ * perDay });
    }
    histories.push(await stream.read());
  }
  const count = histories.reduce((sum, { length }) => sum + length, 0);
  expect(count).toBe(1_003_750);
  figures.push(`append and read ${count.toLocaleString("en")} events: ${seconds(startedAt)} s`);

  startedAt = performance.now();
  const snapshots = histories.map((history) => snapshotsAlong(inventory, history, everyPeriod(dayMs)));
  figures.push(`take ${(skus * days).toLocaleString("en")} daily snapshots: ${seconds(startedAt)} s`);

  let replayed = 0;
  const counting: Pick<typeof inventory, "initialState" | "evolve"> = {
    initialState: inventory.initialState,
    evolve(stock, event) {
      replayed++;
      return inventory.evolve(stock, event);
    },
  };
  const rebuilt = (name: string, work: (i: number) => unknown): readonly unknown[] => {
    replayed = 0;
    const from = performance.now();
    const states = histories.map((_, i) => work(i));
    figures.push(`${name}: ${seconds(from)} s, ${replayed.toLocaleString("en")} events replayed`);
    return states;
  };
  const halfway = { timeMs: 182 * dayMs };
  const slow = rebuilt("all SKUs today, without snapshots", (i) => rebuild(counting, histories[i] ?? []));
  expect(replayed).toBe(count);
  const quick = rebuilt("all SKUs today, with", (i) => rebuild(counting, histories[i] ?? [], snapshots[i]?.at(-1)));
  expect(replayed).toBe(skus * (perDay - 1));
  const past = rebuilt("all SKUs on July 2, without", (i) => stateAt(counting, histories[i] ?? [], halfway));
  const quickPast = rebuilt("all SKUs on July 2, with", (i) =>
    stateAt(counting, histories[i] ?? [], halfway, snapshots[i]),
  );
  expect(replayed).toBe(skus * (perDay - 1));
  expect(quick).toEqual(slow);
  expect(quickPast).toEqual(past);
  console.log(figures.join("\n"));
});

/** The five queries as somebody would answer them who has all the time in the world. */
class Twin {
  constructor(private readonly history: readonly Recorded<InventoryEvent>[]) {}

  onHand(store: Store, untilMs: number): number {
    let there = 0;
    for (const { timeMs, event } of this.history) {
      if (timeMs > untilMs) continue;
      if (event.type === "ItemMoved")
        there += (event.to === store ? event.count : 0) - (event.from === store ? event.count : 0);
      else if (event.store !== store) continue;
      else if (event.type === "InventoryAdjusted") there += event.by;
      else there += event.type === "ItemSold" || event.type === "ItemDamaged" ? -event.count : event.count;
    }
    return there;
  }

  lost(store: Store, fromMs: number, untilMs: number, lastVersion = Number.POSITIVE_INFINITY): number {
    return this.history
      .filter(({ timeMs, version }) => timeMs >= fromMs && timeMs < untilMs && version <= lastVersion)
      .map(({ event }) => event)
      .filter((event) => event.type !== "ItemMoved" && event.store === store)
      .reduce((sum, event) => {
        if (event.type === "ItemDamaged") return sum + event.count;
        return event.type === "InventoryAdjusted" ? sum + Math.max(0, -event.by) : sum;
      }, 0);
  }

  moved(): readonly string[] {
    return this.history.flatMap(({ event }) => {
      if (event.type === "ItemReceived") return [`${event.supplier} ${event.store} ${event.count}`];
      return event.type === "ItemMoved" ? [`${event.from} ${event.to} ${event.count}`] : [];
    });
  }
}

test("the five queries agree with a twin that counts by hand", () => {
  const parameters = [fc.nat(), fc.nat(12), fc.nat(12), fc.integer({ min: 1, max: 9 })] as const;
  fc.assert(
    fc.property(...parameters, (seed, someDay, otherDay, limit) => {
      const days = [...daysOf(seed, 12, 5)];
      const history = days
        .flatMap((events, day) => events.map((event) => ({ timeMs: day * dayMs, event })))
        .map((each, i): Recorded<InventoryEvent> => ({ version: i + 1, ...each }));
      const twin = new Twin(history);

      const shelves = catchUp(stockByStore, noCheckpoint(stockByStore), "tv-55", history).state;
      const period = { fromMs: Math.min(someDay, otherDay) * dayMs, untilMs: Math.max(someDay, otherDay) * dayMs };
      const then = stateAt(inventory, history, { timeMs: someDay * dayMs }).state;
      const lost = shrinkage(history, period);
      const alerts = lossAlerts(history, { limit, withinMs: 3 * dayMs });
      for (const store of stores) {
        expect(shelves[`${store} tv-55`] ?? 0).toBe(twin.onHand(store, 12 * dayMs));
        expect(then[store] ?? 0).toBe(twin.onHand(store, someDay * dayMs));
        expect(lost[store] ?? 0).toBe(twin.lost(store, period.fromMs, period.untilMs));
        const expected = history.flatMap(({ version, timeMs }, i) => {
          const [from, until] = [timeMs - 3 * dayMs + 1, timeMs + 1];
          const before = twin.lost(store, from, until, version - 1);
          const after = twin.lost(store, from, until, version);
          return after > before && after >= limit ? [{ version: i + 1, store, lost: after }] : [];
        });
        expect(alerts.filter((alert) => alert.store === store)).toEqual(expected);
      }
      expect(movements(history).map(({ from, to, count }) => `${from} ${to} ${count}`)).toEqual(twin.moved());
    }),
  );
});
