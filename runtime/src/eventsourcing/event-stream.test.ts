import { describe, expect, test } from "vitest";
import { AnnotationError, ConflictError, log, open, Replicated, Saga, type SagaSteps, Sequential } from "../index.js";
import { type Commit, type Event, eventStream } from "./index.js";
import { Account, type AccountEvent, type account, clock, InsufficientFundsError } from "./testing/account.js";

const deposited = (amount: number): AccountEvent => ({ type: "deposited", amount, source: "paycheck" });

const opened = async (id: string): Promise<Account> => {
  const alice = open(Account, id);
  clock.timeMs = 1_000;
  await alice.stream.execute({ open: "Alice", balance: 1_000 });
  return alice;
};

describe("appending", () => {
  test("expects a version, counts on from it, and gives the events as they were recorded", async () => {
    const { stream } = open(Account, "appends");
    clock.timeMs = 5;
    expect(await stream.append([deposited(1), deposited(2)], { expectedVersion: 0 })).toEqual([
      { version: 1, timeMs: 5, event: deposited(1) },
      { version: 2, timeMs: 5, event: deposited(2) },
    ]);
    expect(await stream.append([deposited(3)], { expectedVersion: 2 })).toMatchObject([{ version: 3 }]);
    expect(await stream.append([], { expectedVersion: 3 })).toEqual([]);
    expect((await stream.read()).map(({ version }) => version)).toEqual([1, 2, 3]);
    expect(await stream.read({ fromVersion: 2, toVersion: 2 })).toEqual([
      { version: 2, timeMs: 5, event: deposited(2) },
    ]);
  });

  test("at another version than expected conflicts, says so, and leaves the stream as it is", async () => {
    const { stream } = await opened("conflicts");
    const late = stream.append([deposited(1)], { expectedVersion: 0 });
    await expect(late).rejects.toThrow(ConflictError);
    await expect(late).rejects.toThrow(
      "`conflicts.commits` (sequential) is at version 1, and 0 was expected. It did not happen: read the stream, " +
        "decide again, and expect the version that was read.",
    );
    await expect(stream.append([deposited(1)], { expectedVersion: 2 })).rejects.toThrow(ConflictError);
    expect(await stream.read()).toHaveLength(1);
  });

  test("without a version is refused, and has a word for facts that nobody can refuse", async () => {
    const { stream } = await opened("any");
    // @ts-expect-error an append needs an expected version
    await expect(stream.append([deposited(1)], {})).rejects.toThrow(AnnotationError);
    await expect(stream.append([deposited(1)], { expectedVersion: -1 })).rejects.toThrow(
      "`any.commits`: option `expectedVersion` of append() is -1.",
    );
    expect(await stream.append([deposited(1)], { expectedVersion: "any" })).toMatchObject([{ version: 2 }]);
  });

  test("of two at once that expect the same version, one succeeds", async () => {
    const { stream } = await opened("race");
    const results = await Promise.allSettled(
      [1, 2, 3].map((amount) => stream.append([deposited(amount)], { expectedVersion: 1 })),
    );
    expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected", "rejected"]);
    expect(await stream.read()).toHaveLength(2);
  });

  test("stores copies: who changes what was handed in or out changes nothing", async () => {
    const { stream } = await opened("copies");
    const event = { type: "deposited" as const, amount: 5, source: "paycheck" };
    const [recorded] = await stream.append([event], { expectedVersion: 1 });
    event.amount = 500;
    Object.assign(recorded?.event as object, { amount: 500 });
    expect((await stream.state()).state.balance).toBe(1_005);
  });

  test("never turns time back, whatever the clock says", async () => {
    const { stream } = await opened("clocks");
    clock.timeMs = 10;
    expect(await stream.append([deposited(1)], { expectedVersion: 1 })).toMatchObject([{ version: 2, timeMs: 1_000 }]);
  });
});

describe("executing a command", () => {
  test("decides by the present state, and tells what it led to", async () => {
    const { stream } = await opened("executes");
    clock.timeMs = 2_000;
    expect(await stream.execute({ withdraw: 200, destination: "rent" })).toEqual({
      version: 2,
      timeMs: 2_000,
      state: { owner: "Alice", balance: 800 },
      events: [{ version: 2, timeMs: 2_000, event: { type: "withdrawn", amount: 200, destination: "rent" } }],
    });
    await expect(stream.execute({ withdraw: 801, destination: "rent" })).rejects.toThrow(InsufficientFundsError);
    expect(await stream.execute({ open: "Mallory", balance: 0 })).toMatchObject({ version: 2, events: [] });
    expect(await stream.read()).toHaveLength(2);
  });

  test("decides again when somebody was faster: no money is spent twice", async () => {
    const { stream } = await opened("spends");
    const results = await Promise.allSettled(
      Array.from({ length: 8 }, () => stream.execute({ withdraw: 300, destination: "rent" })),
    );
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(3);
    expect((await stream.state()).state.balance).toBe(100);
  });

  test("joins a transaction, which is undone as a whole", async () => {
    const alice = await opened("payer");
    const bob = open(Account, "payee");
    await alice.payTo(bob, 100);
    expect((await bob.stream.state()).state.balance).toBe(100);
    await expect(alice.payTo(bob, 901)).rejects.toThrow(InsufficientFundsError);
    expect([await alice.stream.read(), await bob.stream.read()]).toMatchObject([{ length: 2 }, { length: 1 }]);
  });
});

describe("time travel", () => {
  test("the fraud hunt: by date, by version, and what the large withdrawal changed", async () => {
    const { stream } = open(Account, "fraud-investigation-123");
    const at = (month: number, day: number) => new Date(Date.UTC(2023, month - 1, day)).getTime();
    const record = async (timeMs: number, command: Parameters<typeof account.decide>[0]) => {
      clock.timeMs = timeMs;
      await stream.execute(command);
    };
    await record(at(1, 1), { open: "Alice", balance: 1_000 });
    await record(at(1, 15), { deposit: 500, source: "paycheck" });
    await record(at(1, 20), { deposit: 14_000, source: "refund" });
    // Within one second, so that the state a second before is one from before the refund.
    await record(at(1, 20) + 1, { withdraw: 12_000, destination: "unknown" });
    await record(at(1, 20) + 2, { withdraw: 1_000, destination: "unknown" });
    await record(at(2, 1), { withdraw: 200, destination: "rent" });

    const balanceAt = async (timeMs: number) => (await stream.stateAt({ timeMs })).state.balance;
    expect([await balanceAt(at(1, 1) - 1), await balanceAt(at(1, 1)), await balanceAt(at(2, 1))]).toEqual([
      0, 1_000, 2_300,
    ]);
    expect(await stream.stateAt({ timeMs: at(1, 31) })).toMatchObject({ version: 5, state: { balance: 2_500 } });
    expect(await stream.stateAt({ version: 2 })).toMatchObject({ version: 2, timeMs: at(1, 15) });
    expect(await stream.stateAt({ version: 99 })).toMatchObject({ version: 6, state: { balance: 2_300 } });

    const suspicious = (await stream.read()).filter(({ event }) => event.type === "withdrawn" && event.amount > 10_000);
    expect(suspicious).toHaveLength(1);
    expect(await stream.around(suspicious[0]?.version as number)).toEqual({
      before: { owner: "Alice", balance: 15_500 },
      recorded: suspicious[0],
      after: { owner: "Alice", balance: 3_500 },
    });
    expect(await stream.around(7)).toBeUndefined();
  });
});

describe("snapshots of a stream", () => {
  test("are taken when they are due, and are not asked for what they are too new for", async () => {
    const { stream, snapshots } = await opened("snapshots");
    const taken = async () => (await snapshots.entries()).map(([name, { version }]) => `${name}: ${version}`);
    clock.timeMs = 2_000;
    await stream.execute({ deposit: 1, source: "paycheck" });
    expect(await taken()).toEqual([]);
    await stream.append([deposited(2), deposited(3)], { expectedVersion: 2 });
    expect(await taken()).toEqual(["4: 4", "newest: 4"]);
    // A snapshot that lies, so that it shows where it is used.
    await snapshots.put("4", { version: 4, timeMs: 2_000, state: { owner: "nobody", balance: 0 } });
    expect([await stream.stateAt({ version: 3 }), await stream.stateAt({ version: 4 })]).toMatchObject([
      { state: { owner: "Alice", balance: 1_003 } },
      { state: { owner: "nobody", balance: 0 } },
    ]);
    expect((await stream.stateAt({ timeMs: 1_999 })).state.owner).toBe("Alice");
  });

  test("are no step of a saga, and wait for the next append", async () => {
    @Replicated()
    @Sequential()
    class Trip extends Account {
      undone: readonly string[] = [];

      @Saga({ compensate: "undo" })
      async pay(): Promise<void> {
        await this.stream.append([deposited(1), deposited(2), deposited(3)], { expectedVersion: 0 });
        throw new Error("no seat");
      }

      async undo({ completed }: SagaSteps): Promise<void> {
        this.undone = completed.map(({ cell }) => cell);
      }
    }
    const trip = open(Trip, "trip");
    await expect(trip.pay()).rejects.toThrow("no seat");
    expect(trip.undone).toEqual(["trip.commits"]);
    expect(await trip.snapshots.entries()).toEqual([]);
    await trip.stream.append([deposited(4)], { expectedVersion: 3 });
    expect((await trip.snapshots.entries()).map(([name]) => name)).toEqual(["4", "newest"]);
  });

  test("that came further than the log are left out", async () => {
    const { stream, snapshots } = await opened("ahead");
    const ahead = { version: 2, timeMs: 1_000, state: { owner: "nobody", balance: 0 } };
    await snapshots.put("2", ahead);
    await snapshots.put("newest", ahead);
    expect(await stream.state()).toMatchObject({ version: 1, state: { owner: "Alice" } });
    expect(await stream.stateAt({ version: 2 })).toMatchObject({ version: 1 });
    expect(await stream.execute({ withdraw: 1, destination: "rent" })).toMatchObject({ state: { balance: 999 } });
  });
});

describe("events in an older schema", () => {
  type Priced = Event<"sold", { cents: number }>;
  const till = { initialState: 0, decide: () => [], evolve: (sum: number, { cents }: Priced) => sum + cents };

  @Replicated()
  @Sequential()
  class Till {
    readonly commits = log<Commit<Priced>>();
    readonly stream = eventStream(this.commits, {
      decider: till,
      now: () => 0,
      upcasters: { sold: [({ usd }: { usd: number }) => ({ type: "sold", cents: usd * 100 })] },
    });
  }

  test("are brought up to date when they are read, and new ones say which schema they have", async () => {
    const { commits, stream } = open(Till, "till");
    await commits.append({ version: 1, timeMs: 0, events: [{ type: "sold", usd: 3 } as unknown as Priced] });
    await stream.append([{ type: "sold", cents: 5 }], { expectedVersion: 1 });
    expect((await stream.state()).state).toBe(305);
    expect((await commits.entries())[1]).toEqual({
      version: 2,
      timeMs: 0,
      events: [{ type: "sold", cents: 5 }],
      schemaVersions: [2],
    });
  });
});
