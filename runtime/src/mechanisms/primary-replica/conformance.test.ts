import { describe, expect, it } from "vitest";
import { Eventual, isUnavailable, Linearizable, primaryReplica, Replicated, register } from "../../index.js";
import { explore, randomFaults, type ScenarioContext, scenario } from "../../simulation/index.js";

@Replicated()
class Probe {
  @Linearizable({ mechanism: primaryReplica() }) readonly manual = register(0);
  @Linearizable({ mechanism: primaryReplica({ failover: "automatic" }) }) readonly automatic = register(0);
  @Linearizable({ mechanism: primaryReplica({ acknowledge: "async" }) }) readonly async = register(0);
  @Linearizable({ mechanism: primaryReplica({ acknowledge: "semiSync" }) }) readonly semiSync = register(0);
  @Eventual({ mechanism: primaryReplica({ reads: "local" }) }) readonly local = register(0);
  @Eventual({ mechanism: primaryReplica({ reads: "local", failover: "automatic" }) })
  readonly localAutomatic = register(0);
  @Eventual({ mechanism: primaryReplica({ reads: "local", acknowledge: "async" }) }) readonly localAsync = register(0);
  @Linearizable({ mechanism: primaryReplica({ reads: "local" }) }) readonly overclaimed = register(0);
  @Linearizable({ mechanism: primaryReplica({ fencing: false }) }) readonly unfenced = register(0);
  constructor(readonly id: string) {}
}

type Field = Exclude<keyof Probe, "id">;
type Regions = readonly string[];
const three: Regions = ["nyc", "london", "tokyo"];
const five: Regions = [...three, "sydney", "sao-paulo"];

const tolerant = async (work: Promise<unknown>) => {
  await work.catch((error: unknown) => {
    const { code } = error as { code?: string };
    if (!isUnavailable(error) && code !== "FAULTLINE_INDETERMINATE" && code !== "FAULTLINE_CONFLICT") throw error;
  });
};

/** Clients that read, write and update two objects and move about. */
const workload = (field: Field, regions: Regions, disturb: (context: ScenarioContext<string>) => void = () => {}) =>
  scenario<string>("clients that move", { regions, faults: randomFaults() }, async (context) => {
    const { session, sleep, random } = context;
    const pick = () => regions[Math.floor(random() * regions.length)] as string;
    let values = 0;
    const client = async (home: string) => {
      const here = session(home);
      for (let i = 0; i < 10; i++, await sleep(random() * 500)) {
        if (random() < 0.2) here.moveTo(pick());
        const cell = here.open(Probe, random() < 0.7 ? "x" : "y")[field];
        const what = random();
        if (what < 0.4) await tolerant(cell.read());
        else await tolerant(what < 0.8 ? cell.write(++values) : cell.update((value) => value + 1_000));
      }
    };
    disturb(context);
    await Promise.all(regions.map(client));
  });

const promotions = (regions: Regions) => (context: ScenarioContext<string>) => {
  const { faults, random } = context;
  const below = (bound: number) => Math.floor(random() * bound);
  for (let i = below(4); i > 0; i--) faults.promote(regions[below(regions.length)] as string, { fromMs: below(4_000) });
  const fromMs = below(3_000);
  faults.pause(regions[below(regions.length)] as string, { fromMs, untilMs: fromMs + 200 + below(4_000) });
};

async function expectHolds(target: ReturnType<typeof workload>, schedules: number) {
  const report = await explore(target, { schedules });
  expect(report.violations.map(({ message, seed }) => ({ message, seed }))).toEqual([]);
  expect(report).toMatchObject({ outcome: "holds", schedules });
  return report;
}

/** A plain reader beside a writer; both in regions without the primary. */
const staleRead = (field: Field) =>
  scenario("a reader and a writer", {}, async ({ session, sleep, random }) => {
    const writes = async (cell = session("london").open(Probe, "x")[field]) => {
      for (let value = 1; value <= 5; value++, await sleep(random() * 50)) await cell.write(value);
    };
    const reads = async (cell = session("tokyo").open(Probe, "x")[field]) => {
      for (let i = 0; i < 200; i++, await sleep(random() * 10)) await cell.read();
    };
    await Promise.all([writes(), reads()]);
  });

/** The first seed at which linearizability's own promise breaks, and how. */
async function firstSeed(target: ReturnType<typeof workload>, schedules: number) {
  const { violations } = await explore(target, { schedules });
  const { seed, name, anomaly, message } = violations.find(({ kind }) => kind === "guarantee") ?? {};
  expect(name).toBe("linearizable");
  return { seed, anomaly, message };
}

describe("what is claimed holds under random faults", () => {
  it.each(["automatic", "manual"] as const)(
    "%s failover with sync and fencing is linearizable, also when operators promote and primaries stand still",
    async (field) => {
      const { faultsFired } = await expectHolds(workload(field, three, promotions(three)), 250);
      expect(faultsFired["promote"]).toBeGreaterThan(150);
      await expectHolds(workload(field, five, promotions(five)), 40);
    },
  );

  it.each(["manual", "automatic", "async", "semiSync"] as const)(
    "%s, with nobody promoted by hand, is linearizable",
    async (field) => {
      await expectHolds(workload(field, three), 120);
    },
  );

  it.each(["local", "localAutomatic"] as const)(
    "%s reads with sync are eventual, whoever is promoted",
    async (field) => {
      await expectHolds(workload(field, three, promotions(three)), 120);
    },
  );

  it("local reads, asynchronous and never promoted, are eventual", async () => {
    await expectHolds(workload("localAsync", three), 120);
  });
});

describe("more is not claimed, as a seed shows", () => {
  it("local reads are not linearizable: they are stale", async () => {
    expect(await firstSeed(staleRead("overclaimed"), 20)).toMatchInlineSnapshot(`
      {
        "anomaly": "stale-read",
        "message": "tokyo read 0 from x.overclaimed (0.180 s), although london wrote 1 to x.overclaimed by 0.174 s, before that began.",
        "seed": 1,
      }
    `);
  });

  // Causal and sequential both promise that a session reads what it has written.
  it("local reads are neither causal nor sequential: a session misses what it wrote itself", async () => {
    const target = scenario("read your writes", {}, async ({ session, check }) => {
      const cell = session("tokyo").open(Probe, "x").local;
      await cell.write(7);
      await check("it is there", async () => (await cell.read()) === 7);
    });
    const { violations } = await explore(target, { schedules: 40 });
    expect(violations.map(({ name, seed }) => ({ name, seed }))).toMatchInlineSnapshot(`
      [
        {
          "name": "it is there",
          "seed": 4,
        },
      ]
    `);
  });

  it.each(["async", "semiSync", "unfenced"] as const)("%s and promoted is not linearizable", async (field) => {
    expect(await firstSeed(workload(field, three, promotions(three)), 20)).toMatchSnapshot();
  });
});

it("replicas agree again whatever was lost", async () => {
  for (const field of ["unfenced", "async", "semiSync"] as const) {
    const { violations } = await explore(workload(field, three, promotions(three)), { schedules: 40 });
    expect(violations.map(({ anomaly }) => anomaly)).not.toContain("divergence");
    expect(violations.map(({ kind }) => kind)).not.toContain("liveness");
  }
});
