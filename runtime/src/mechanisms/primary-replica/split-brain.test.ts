import { describe, expect, it } from "vitest";
import { Eventual, isUnavailable, primaryReplica, Replicated, register } from "../../index.js";
import { crash, explore, type Fault, isolate, partition, promote, scenario, simulate } from "../../simulation/index.js";

/** Declared eventual, so that only loss and divergence are judged: the least that one expects of a store. */
@Replicated()
class Ledger {
  @Eventual({ mechanism: primaryReplica({ failover: "automatic", fencing: false }) })
  readonly unfenced = register(0);
  @Eventual({ mechanism: primaryReplica({ failover: "automatic" }) })
  readonly fenced = register(0);
  @Eventual({ mechanism: primaryReplica({ acknowledge: "async" }) })
  readonly async = register(0);
  @Eventual({ mechanism: primaryReplica({ acknowledge: "semiSync", failover: "automatic" }) })
  readonly semiSync = register(0);
  @Eventual({ mechanism: primaryReplica({ acknowledge: "async", failover: "automatic" }) })
  readonly asyncAutomatic = register(0);
  constructor(readonly id: string) {}
}

type Field = "unfenced" | "fenced" | "async" | "semiSync" | "asyncAutomatic";

/** A client on either side writes about once a second until then, each to a cell of its own. */
const writes = (field: Field, faults: readonly Fault[], untilSecond: number) =>
  scenario("written on both sides", { faults }, async ({ session, sleep, now }) => {
    const client = async (region: "nyc" | "london") => {
      const cell = session(region).open(Ledger, region)[field];
      for (let value = 1; now() < untilSecond * 1_000; value++, await sleep(1_000)) {
        await cell.write(value).catch((error: unknown) => {
          if (!isUnavailable(error) && (error as { code?: string }).code !== "FAULTLINE_INDETERMINATE") throw error;
        });
      }
    };
    await Promise.all([client("nyc"), client("london")]);
  });

const found = async (field: Field, faults: readonly Fault[], untilSecond: number, schedules = 20) => {
  const { violations, operations } = await explore(writes(field, faults, untilSecond), { schedules });
  const acknowledged = (region: string) => operations.find((one) => one.region === region)?.ok ?? 0;
  return {
    violations: violations.map(({ kind, anomaly, seed, count }) => ({ kind, anomaly, seed, count })),
    message: violations[0]?.message,
    nyc: acknowledged("nyc") / schedules,
    london: acknowledged("london") / schedules,
  };
};

describe("a partition of 43 seconds between the primary and the other two", () => {
  const faults = [isolate("nyc", { fromMs: 0, untilMs: 43_000 })];

  it("unfenced: both sides acknowledge, and the old primary's side is lost", async () => {
    const { violations, message, nyc, london } = await found("unfenced", faults, 40);
    expect(violations).toEqual([{ kind: "divergence", anomaly: "lost-write", seed: 1, count: 20 }]);
    expect(message).toMatch(
      /^nyc was told at [\d.]+ s that write \d+ on nyc\.unfenced had happened, but after everything has settled no replica has it\.$/,
    );
    // All but those that waited for the silent members to be given up, and for the failover.
    expect(nyc).toBeGreaterThanOrEqual(38);
    expect(london).toBeGreaterThanOrEqual(30);
  });

  it("fenced: the old primary's side acknowledges nothing, the other side goes on, and nothing is lost", async () => {
    const { violations, nyc, london } = await found("fenced", faults, 40);
    expect({ violations, nyc }).toEqual({ violations: [], nyc: 0 });
    expect(london).toBeGreaterThanOrEqual(30);
  });

  it("fenced, asynchronous: the old primary goes on until it notices its silence, and that much is lost", async () => {
    const { violations, nyc } = await found("asyncAutomatic", faults, 40);
    expect(violations).toMatchObject([{ anomaly: "lost-write", seed: 1, count: 20 }]);
    expect(nyc).toBeGreaterThanOrEqual(1);
    expect(nyc).toBeLessThanOrEqual(2);
  });
});

describe("a promotion that loses what was acknowledged", () => {
  it("asynchronous, by hand: what had not arrived", async () => {
    const faults = [isolate("nyc", { fromMs: 0, untilMs: 6_000 }), promote("london", { fromMs: 3_000 })];
    const { violations } = await found("async", faults, 5);
    expect(violations).toMatchObject([{ anomaly: "lost-write", seed: 1, count: 20 }]);
  });

  it("asynchronous and never promoted: nothing", async () => {
    const { violations } = await found("async", [isolate("nyc", { fromMs: 0, untilMs: 6_000 })], 5);
    expect(violations).toEqual([]);
  });

  it("semi-synchronous: the one replica that had it is not the one that takes over", async () => {
    const faults = [
      partition([["nyc"], ["london"]], { fromMs: 0, untilMs: 2_500 }),
      isolate("nyc", { fromMs: 2_500, untilMs: 20_000 }),
    ];
    const { violations } = await found("semiSync", faults, 10, 40);
    expect(violations).toMatchSnapshot();
    expect(violations).toMatchObject([{ anomaly: "lost-write" }]);
  });
});

it("automatic failover goes on within 1 to 3 s and the round trips of an epoch, a view and a write", async () => {
  const failoversMs: number[] = [];
  const target = scenario("the primary is cut off", { faults: [isolate("nyc")] }, async ({ session, now, sleep }) => {
    const cell = session("london").open(Ledger, "x").fenced;
    for (let isDone = false; !isDone; await sleep(1))
      isDone = await cell.write(1).then(
        () => true,
        () => false,
      );
    failoversMs.push(now());
  });
  await explore(target, { schedules: 100 });
  failoversMs.sort((a, b) => a - b);
  expect(failoversMs.length).toBe(100);
  expect(failoversMs[0]).toBeGreaterThan(1_000);
  expect(failoversMs[50]).toBeLessThan(2_500);
  expect(failoversMs[99]).toBeLessThan(3_500);
});

describe("a primary that comes back after it was replaced", () => {
  it("follows its successor instead of deposing it, in whatever way writes are acknowledged", async () => {
    const faults = [crash("nyc", { fromMs: 600, untilMs: 8_000 })];
    for (let seed = 1; seed <= 10; seed++) {
      // Opening a ledger opens all its cells, each of which is a domain of its own.
      const { trace } = await simulate(writes("fenced", faults, 12), { seed });
      const primaries = trace.events.flatMap((event) =>
        event.kind === "note" && isReplaced.test(event.domain ?? "") && event.text.startsWith("is primary")
          ? [{ region: event.region, hasBegun: event.atUs < 600_000 }]
          : [],
      );
      const later = primaries.filter(({ hasBegun }) => !hasBegun).map(({ region }) => region);
      expect(later.length, `seed ${seed}`).toBeGreaterThanOrEqual(3);
      expect(later, `seed ${seed}`).not.toContain("nyc");
    }
  });
});

/** The domains of the three that fence and replace a silent primary. */
const isReplaced = /"failover":"automatic","fencing":true/;
