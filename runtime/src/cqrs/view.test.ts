import fc from "fast-check";
import { expect, test } from "vitest";
import { catchUp, noCheckpoint, type Recorded } from "../eventsourcing/index.js";
import { open } from "../index.js";
import { explore, randomFaults, scenario } from "../simulation/index.js";
import { furthest, lagOf } from "./index.js";
import { spending, Wallet, type WalletEvent } from "./testing/wallet.js";

const charges = (count: number): readonly Recorded<WalletEvent>[] =>
  Array.from({ length: count }, (_, i) => ({
    ...{ version: i + 1, timeMs: 100 * (i + 1) },
    event: { type: "Charged", cents: i },
  }));

test("a view goes on from where it is, and writes nothing where there is nothing new", async () => {
  const { stream, spendingView } = open(Wallet, "viewed");
  await stream.append([{ type: "Charged", cents: 1 }], { expectedVersion: 0 });
  const first = await spendingView.project("viewed", stream);
  expect(first).toEqual({ state: { charges: 1, cents: 1 }, versions: { viewed: 1 } });
  expect(await spendingView.project("viewed", stream)).toEqual(first);
  await stream.append([{ type: "Charged", cents: 2 }], { expectedVersion: 1 });
  expect((await spendingView.lag("viewed", stream, { nowMs: 0 })).events).toBe(1);
  expect((await spendingView.project("viewed", stream)).state).toEqual({ charges: 2, cents: 3 });
});

test("lag is what is missing, and how old the first of it is", () => {
  expect(lagOf({ ann: 1 }, "ann", charges(3), 250)).toEqual({ events: 2, ms: 50 });
  expect(lagOf({ ann: 3 }, "ann", charges(3), 900)).toEqual({ events: 0, ms: 0 });
  expect(lagOf({}, "ann", charges(2), 90)).toEqual({ events: 2, ms: 0 });
});

test("of two states the one that has seen more stays, in whatever order they are merged", () => {
  const streams = ["ann", "bob"];
  const seen = fc
    .tuple(fc.nat(4), fc.nat(4))
    .map((counts) =>
      counts.reduce(
        (checkpoint, count, i) => catchUp(spending, checkpoint, streams[i] ?? "", charges(count)),
        noCheckpoint(spending),
      ),
    );
  fc.assert(
    fc.property(seen, seen, seen, (a, b, c) => {
      expect(furthest(a, b)).toEqual(furthest(b, a));
      expect(furthest(a, furthest(b, c))).toEqual(furthest(furthest(a, b), c));
      expect(furthest(a, a)).toBe(a);
      const total = ({ versions }: typeof a): number => (versions["ann"] ?? 0) + (versions["bob"] ?? 0);
      expect(total(furthest(a, b))).toBe(Math.max(total(a), total(b)));
    }),
  );
});

const regions = ["nyc", "london", "tokyo"] as const;

const threeProjectors = scenario(
  "what is charged is on the bill once",
  { regions, faults: randomFaults() },
  async ({ session, sleep, random, converged }) => {
    const [nyc, london, tokyo] = regions.map((region) => session(region).open(Wallet, "ann")) as [
      Wallet,
      Wallet,
      Wallet,
    ];
    const charging = (async () => {
      for (let i = 0; i < 3; i++) {
        await sleep(random() * 300);
        await nyc.stream.append([{ type: "Charged", cents: 10 }], { expectedVersion: "any" }).catch(() => undefined);
      }
    })();
    const projecting = [london, tokyo].map(async ({ bus, stream }) => {
      for (let i = 0; i < 4; i++) {
        await sleep(random() * 300);
        await bus.relay("ann", stream).catch(() => undefined);
      }
    });
    await Promise.all([charging, ...projecting]);
    converged("the bill follows from the charges", async (reader) => {
      const wallet = reader.open(Wallet, "ann");
      const { state, versions } = await wallet.spendingView.checkpoint();
      return state.charges === (versions["ann"] ?? 0) && state.cents === 10 * state.charges;
    });
    converged("once it is projected, it has them all", async (reader) => {
      const { spendingView, stream } = reader.open(Wallet, "ann");
      const { state } = await spendingView.project("ann", stream);
      return state.charges === (await stream.read()).length;
    });
  },
);

test("projectors in two regions, with faults: nothing is counted twice, and what is missed is made up for", async () => {
  const { outcome, violations } = await explore(threeProjectors, { schedules: 60, seed: 1 });
  expect([outcome, violations]).toEqual(["holds", []]);
});
