import { describe, expect, it } from "vitest";
import {
  Eventual,
  Linearizable,
  lastWriterWins,
  primaryReplica,
  quorum,
  Replicated,
  raft,
  register,
} from "../../index.js";
import type { LevelAssignment } from "../../levels.js";
import { clockDrift, clockSkew, explore, isolate, partition, scenario } from "../../simulation/index.js";
import { exploreScenario } from "../explore.js";

const regions = ["nyc", "london", "tokyo"] as const;
type Target = Parameters<typeof explore>[0];

const found = async (target: Target, schedules = 20) => {
  const { violations } = await explore(target, { schedules });
  return violations.map(({ kind, name, anomaly, why, remedies, racing, domain }) => ({
    name: `${kind} ${name}`,
    anomaly,
    why: why?.replace(/\d+\.\d{3}(–\d+\.\d{3})? s/g, "… s"),
    remedies,
    racing: racing.length,
    isBlamed: domain !== null,
  }));
};

describe("a level that was asked of a mechanism which does not give it", () => {
  @Replicated()
  class Switch {
    @Linearizable({ mechanism: quorum({ n: 3, r: 1, w: 1 }) }) readonly narrow = register("off");
    @Linearizable() readonly right = register("off");
    constructor(readonly id: string) {}
  }
  const seen = (field: "narrow" | "right", expected: string) =>
    scenario("one switches it on, another looks", { regions }, async ({ session, check }) => {
      await session("nyc").open(Switch, "s")[field].write("on");
      const london = session("london").open(Switch, "s")[field];
      await check("it is as expected", async () => (await london.read()) === expected);
    });

  it("is the reason of a check that fails in a schedule that shows it, with the check's own read", async () => {
    const [check, level] = await found(seen("narrow", "on"));
    const why =
      "`narrow` asks for linearizable, but `quorum()` as configured gives only eventual: a read asks 1 of 3 replicas and a write waits for 1, so a read may ask only replicas that do not have the write yet (r + w ≤ n).";
    const remedies = [
      "`quorum({ n: 3, r: 2, w: 2 })`: a read then asks at least one replica that has the last write",
      "declare `@Eventual()`, if the code can live with that",
    ];
    const common = { anomaly: "stale-read", remedies, racing: 2, isBlamed: true };
    expect(level).toEqual({ ...common, name: "guarantee linearizable", why });
    expect(check).toEqual({
      ...common,
      name: "invariant it is as expected",
      why: `london read "off" from s.narrow (… s), although nyc wrote "on" to s.narrow by … s, before that began. ${why}`,
    });
  });

  it("is cured by the options that are proposed, and not by a level that promises less", async () => {
    const target = seen("narrow", "on");
    const { violations } = await explore(target, { schedules: 20 });
    const [options, level] = violations[0]?.changes ?? [];
    expect(options).toEqual({ "Switch.narrow": { options: { n: 3, r: 2, w: 2, writeBack: true, sloppy: false } } });
    expect(level).toEqual({ "Switch.narrow": { level: "eventual", options: {} } });
    const outcomeWith = async (levels: LevelAssignment | null | undefined) => {
      const asked = { evaluate: () => target, target: "test", seed: 1, schedules: 20, isUserFile: () => false };
      const { report } = await exploreScenario({ ...asked, levels: levels ?? {} });
      return report.violations.map(({ kind }) => kind);
    };
    expect(await outcomeWith({})).toEqual(["invariant", "guarantee"]);
    expect(await outcomeWith(options)).toEqual([]);
    expect(await outcomeWith(level)).toEqual(["invariant"]);
  });

  it("is not the reason of a check that is wrong by itself", async () => {
    const why = expect.stringMatching(/^Nothing was missed, lost, refused or left open here/);
    const remedies = ["change what the calls do, or what is checked"];
    expect(await found(seen("right", "off"))).toMatchObject([{ why, remedies, isBlamed: false }]);
  });
});

it("promises nothing: then no level is proposed for the code to live with", async () => {
  const mechanism = primaryReplica({ acknowledge: "async", failover: "automatic", fencing: false });
  @Replicated()
  class Ledger {
    @Eventual({ mechanism }) readonly entry = register(0);
    constructor(readonly id: string) {}
  }
  const faults = [isolate("nyc", { fromMs: 0, untilMs: 10_000 })];
  const target = scenario("both sides write", { regions, faults }, async ({ session, sleep }) => {
    await sleep(5_000);
    await session("nyc").open(Ledger, "l").entry.write(1);
    await session("london").open(Ledger, "l").entry.write(2);
    await sleep(6_000);
  });
  expect(await found(target, 3)).toEqual([
    {
      name: "divergence no acknowledged write to l.entry is lost",
      anomaly: "lost-write",
      why: "`entry` asks for eventual, but `primaryReplica()` as configured promises nothing: without `fencing` a primary that was replaced while it was cut off goes on taking writes, and throws them away when it hears of its successor.",
      remedies: [
        '`fencing: true`: a primary that was replaced can confirm nothing more, and `acknowledge: "sync"`: whoever takes over has every confirmed write',
      ],
      racing: 1,
      isBlamed: true,
    },
  ]);
});

it("says whose clock went beyond what the mechanism reckons with", async () => {
  @Replicated()
  class Token {
    @Linearizable({ mechanism: raft({ reads: "lease" }) }) readonly valid = register(true);
    constructor(readonly id: string) {}
  }
  const faults = [clockDrift("sydney", -0.6), isolate("sydney", { fromMs: 1_000 })];
  const target = scenario("revoked", { regions: ["sydney", "london", "paris"], faults }, async ({ session, sleep }) => {
    const gateway = session("sydney").open(Token, "t").valid;
    await Promise.all([
      sleep(1_001).then(() => session("london").open(Token, "t").valid.write(false)),
      (async () => {
        for (let i = 0; i < 100; i++, await sleep(20)) await gateway.read();
      })(),
    ]);
  });
  const [violation] = await found(target, 30);
  expect(violation).toMatchObject({ name: "guarantee linearizable", anomaly: "stale-read", isBlamed: true });
  expect(violation?.why).toMatch(
    /^The clock of sydney ran 60 % too slow, and `raft\(\)` reckons with 1 % at most\. A slow/,
  );
});

describe("a write that is thrown away because of a clock", () => {
  @Replicated()
  class Order {
    @Eventual({ merge: lastWriterWins.wallClock }) readonly byWallClock = register("");
    @Eventual() readonly hybrid = register("");
    constructor(readonly id: string) {}
  }
  const corrected = (field: "byWallClock" | "hybrid", offsetMs: number, isOneSession: boolean) => {
    const faults = [clockSkew(offsetMs > 0 ? "nyc" : "london", offsetMs), partition([["nyc"], ["london"]])];
    return scenario("written, then corrected", { regions, faults }, async ({ session, sleep, converged }) => {
      converged("the correction counts", async (s) => (await s.open(Order, "o")[field].read()) === "second");
      const [first, later] = [session("nyc"), session("london")];
      await first.open(Order, "o")[field].write("first");
      await sleep(1_000);
      first.moveTo("london");
      await (isOneSession ? first : later).open(Order, "o")[field].write("second");
    });
  };

  it.each([
    ["byWallClock", 3_000, "`lastWriterWins.wallClock`", "nyc was 3.0 s ahead"],
    ["hybrid", 3_000, "`lastWriterWins`", "nyc was 3.0 s ahead"],
    ["byWallClock", -4_000, "`lastWriterWins.wallClock`", "london was 4.0 s behind"],
  ] as const)("says whose clock it was: %s, %i ms", async (field, offsetMs, policy, clock) => {
    const [violation] = await found(corrected(field, offsetMs, false), 1);
    expect(violation).toEqual({
      name: "invariant the correction counts",
      anomaly: "lost-update",
      why: `② was written 1.0 s after ①, but the clock of ${clock}: ① carries the time … s and ② ${offsetMs > 0 ? "" : "-"}… s. ${policy} keeps the later time, so the later write is thrown away.`,
      remedies: ["`@Linearizable()`: no clock decides"],
      racing: 2,
      isBlamed: false,
    });
  });

  it("proposes causality where one session wrote both", async () => {
    const [violation] = await found(corrected("byWallClock", 3_000, true), 1);
    expect(violation?.remedies[0]).toMatch(/^`@Causal\(\)`: what a session writes replaces/);
  });
});
