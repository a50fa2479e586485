import { describe, expect, it } from "vitest";
import { Eventual, Linearizable, Replicated, register } from "../../index.js";
import { exhaust, partition, scenario } from "../../simulation/index.js";
import { traceScenario } from "../explore.js";
import { workloadOf } from "../workload/untyped.js";
import { exhaustScenario } from "./exhaust.js";

@Replicated()
class Tally {
  @Eventual() votes = register(0);
  async vote(): Promise<void> {
    await this.votes.write((await this.votes.read()) + 1);
  }
}

@Replicated()
class Board {
  @Eventual() text = register("");
  async write(): Promise<void> {
    await this.text.write("x");
  }
}

const lostVote = scenario("no vote is lost", { regions: ["nyc", "london"] }, async ({ session, converged }) => {
  const vote = (region: "nyc" | "london") => session(region).open(Tally, "t").vote();
  await Promise.all([vote("nyc"), vote("london")]);
  converged("both votes count", async (later) => (await later.open(Tally, "t").votes.read()) === 2);
});

describe("exhaust", () => {
  it("counts the states of a small search: any change of what may happen next, or of what is told apart, shows here", async () => {
    const { states, schedules, outcome, isComplete } = await exhaust(Board, { sessions: 2, operations: 1, timers: 0 });
    expect({ states, schedules, outcome, isComplete }).toMatchInlineSnapshot(`
      {
        "isComplete": true,
        "outcome": "holds",
        "schedules": 6,
        "states": 64,
      }
    `);
  });

  it("tries no timer that lets nothing but time pass, unless user code looks at the time", async () => {
    @Replicated()
    class Dated {
      @Eventual() at = register(0);
      async write(): Promise<void> {
        await this.at.write(Date.now());
      }
    }
    const size = { sessions: 2, operations: 1 };
    const [calm, timed] = [await exhaust(Board, { ...size, timers: 0 }), await exhaust(Board, { ...size, timers: 3 })];
    expect(timed).toMatchObject({ states: calm.states, isComplete: true });
    const [early, late] = [await exhaust(Dated, { ...size, timers: 0 }), await exhaust(Dated, { ...size, timers: 1 })];
    expect(late).toMatchObject({ isComplete: true, noticed: [{ what: "clock", states: 0 }] });
    expect(late.states).toBeGreaterThan(2 * early.states);
  });

  it("takes nothing for settled where a scenario asks for faults itself", async () => {
    const cut = scenario("cut", { regions: ["nyc", "london"] }, async ({ session, faults }) => {
      const board = session("nyc").open(Board, "b");
      await board.write();
      const partition = faults.partition([["nyc"], ["london"]]);
      await board.write();
      partition.heal();
    });
    const visited = async (isEager: boolean) => {
      const { isComplete, states, noticed } = await exhaustScenario({
        ...{ target: cut.name, seed: 1, isUserFile: () => true, bounds: { timers: 1, states: 10_000 }, isEager },
        evaluate: () => cut,
      });
      return { isComplete, states, noticed };
    };
    const patient = await visited(false);
    expect(patient.noticed).toEqual([]);
    expect(await visited(true)).toEqual({ ...patient, noticed: [{ what: "faults", states: 0 }] });
  });

  it("finds the order that a scenario does not survive, and explains it", async () => {
    const report = await exhaust(lostVote, { timers: 0 });
    expect(report).toMatchObject({ outcome: "violated", isComplete: true });
    expect(report.violated).toBeLessThan(report.schedules);
    const [violation] = report.violations;
    expect(violation).toMatchObject({ kind: "invariant", name: "both votes count", count: report.violated });
    expect(violation?.racing.length).toBeGreaterThan(0);
  });

  it("gives the order as data, by which the schedule is the same again", async () => {
    const { decisions, violations } = await exhaust(lostVote, { timers: 0 });
    const again = () =>
      traceScenario({
        ...{ evaluate: () => lostVote, target: lostVote.name, seed: 1, isUserFile: () => true },
        decisions: JSON.parse(JSON.stringify(decisions)),
      });
    const { result } = await again();
    expect(result.violations.map(({ name }) => name)).toEqual(violations.map(({ name }) => name));
    expect((await again()).result).toEqual(result);
    expect((await again()).decisions).toEqual(decisions);
  });

  it("holds only where everything within the bounds was tried", async () => {
    const cut = await exhaust(Board, { timers: 0, states: 20 });
    expect(cut).toMatchObject({ outcome: "unknown", isComplete: false, states: 20 });
    expect(cut.reason).toBe(
      "Stopped at 20 states: there are more within the bounds. Of the others 200 orders were drawn.",
    );
  });

  it("draws other orders where it is cut: what comes first it has tried in one way only", async () => {
    const cut = await exhaust(lostVote, { timers: 0, states: 2 });
    expect(cut).toMatchObject({ outcome: "violated", isComplete: false, states: 2, drawn: 200 });
    expect(cut.violated).toBeLessThan(cut.schedules);
    const { result } = await traceScenario({
      ...{ evaluate: () => lostVote, target: lostVote.name, seed: 1, isUserFile: () => true },
      decisions: cut.decisions,
    });
    expect(result.violations.map(({ name }) => name)).toEqual(["both votes count"]);
  });

  it("says so when the same choices lead elsewhere", async () => {
    let runs = 0;
    const moody = scenario("moody", { regions: ["nyc", "london"] }, async ({ session, converged }) => {
      const board = session("nyc").open(Board, "b");
      converged("it is there", async (later) => (await later.open(Board, "b").text.read()) === "x");
      await Promise.all(++runs % 2 === 0 ? [board.write()] : [board.write(), board.write()]);
    });
    const report = await exhaust(moody, { timers: 0 });
    expect(report.outcome).toBe("unknown");
    expect(report.reason).toContain("not deterministic");
  });

  it("takes faults, whose windows open between any two events", async () => {
    @Replicated()
    class Safe {
      @Linearizable() value = register(0);
    }
    const asked = scenario("answers", { regions: ["nyc", "london"] }, async ({ session, check }) => {
      await check("it answers", async () => (await session("nyc").open(Safe, "s").value.read()) === 0);
    });
    const calm = await exhaust(asked, { timers: 0 });
    expect(calm.outcome).toBe("holds");
    const cut = await exhaust(asked, { timers: 0, faults: [partition([["nyc"], ["london"]], { fromMs: 1 })] });
    expect(cut.states).toBeGreaterThan(calm.states);
    expect(cut.faultsFired["partition"]).toBeGreaterThan(0);
  });

  it("stops when it is asked to, with what it knows", async () => {
    const { workload, resolve } = workloadOf(Board, { size: { sessions: 2, operations: 2 } });
    let schedules = 0;
    const report = await exhaustScenario({
      ...{ target: "Board", seed: 1, isUserFile: () => true, bounds: { timers: 0, states: 100_000 } },
      evaluate: (seed, decisions) => workload.scenario(seed, resolve, decisions),
      shouldStop: () => ++schedules === 5,
    });
    expect(report).toMatchObject({ outcome: "unknown", isComplete: false });
    expect(report.reason).toMatch(/^Stopped after \d+ states\.$/);
  });

  it("refuses what is no bound", async () => {
    await expect(exhaust(Board, { sessions: 0 })).rejects.toThrow(
      "sessions is 0; it has to be a whole number, 1 or more.",
    );
    await expect(exhaust(Board, { timers: -1 })).rejects.toThrow(
      "timers is -1; it has to be a whole number, 0 or more.",
    );
  });
});
