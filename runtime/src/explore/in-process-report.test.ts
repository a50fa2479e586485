import { describe, expect, it } from "vitest";
import { Causal, counter, Eventual, Invariant, Replicated, register, Workload } from "../index.js";
import { crash, ExplorationError, explore, holds, partition, simulate } from "../simulation/index.js";
import { Account, of } from "./testing/account.js";

@Replicated()
class Seats {
  @Causal() readonly left = counter(10);
  @Eventual() readonly note = register("");
  @Workload({ args: [[1], [2], [6]] })
  async book(count: number): Promise<void> {
    if ((await this.left.read()) < count) throw new Error("sold out");
    await this.left.decrement(count);
  }
  @Workload({ args: [["a"], ["b"]] })
  async remark(text: string): Promise<void> {
    await this.note.write(text);
  }
  @Invariant("no seat is sold twice")
  async sound(): Promise<boolean> {
    return (await this.left.read()) >= 0;
  }
}

const schedules = 20;

async function failure(...[target, options]: Parameters<typeof holds>): Promise<ExplorationError> {
  const error: unknown = await holds(target, options).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof ExplorationError) return error;
  throw new Error("it holds", { cause: error });
}

/** Positions in this file, and how long the message of an invariant is, are not what is tested. */
const told = ({ message }: Error) => message.replace(/ at \/\S+| {2}:\d+/g, "");

describe("what fails in a test", () => {
  it("is told by the smallest schedule: who calls what, when, and what each operation did", async () => {
    const error = await failure(Seats, { schedules });
    expect(told(error)).toMatchInlineSnapshot(`
      ""Seats" is violated.
      "no seat is sold twice" does not hold at every moment in nyc: it finds seats1.left -2. Violated in 14 of 20 schedules, first with seed 1
        seed 1 · shrunk 22 → 2 operations, 2 → 0 faults
          0.000 s  nyc · session 1     seats1.book(6)
          0.000 s  london · session 2  seats1.book(6)
          0.000 s  london · session 2    seats1.left = 10
          0.000 s  nyc · session 1       seats1.left = 10
          0.001 s  london · session 2    seats1.left −6 ①
          0.001 s  nyc · session 1       seats1.left −6 ②
        Why  \`book\` decides by what its own replica shows of \`seats1.left\`; at level causal two regions may both decide before they hear of each other.
        Do   \`@Linearizable()\` for \`left\`, with the decision and the change in one \`@Transaction()\`
        Again  the same with { seed: 1, schedules: 1 }"
    `);
    const [violation] = error.report.violations;
    expect(violation?.shrunk).toMatchObject({ after: { operations: 2, faults: 0, sessions: 2 }, isMinimal: true });
    expect(violation?.shrunk?.decisions.plan?.sessions.flatMap(({ calls }) => calls)).toHaveLength(2);
    expect(violation?.shrunk?.attempts).toBeLessThanOrEqual(300);
  });

  it("is the same every time, and what was found is still there", async () => {
    const [one, other] = [await explore(Seats, { schedules }), await explore(Seats, { schedules })];
    expect(JSON.stringify(one)).toBe(JSON.stringify(other));
    const { violations } = await explore(Seats, { schedules, shrink: false });
    expect(violations[0]).not.toHaveProperty("shrunk");
    expect(one.violations[0]).toMatchObject(violations[0] ?? {});
    const { violations: again } = await simulate(Seats, { seed: violations[0]?.seed ?? 0 });
    expect(again[0]?.racing).toEqual(violations[0]?.racing);
  });

  it("is as small as so many tries can make it, and says if they were not enough", async () => {
    const few = await failure(Seats, { schedules, shrink: 12 });
    expect(few.report.violations[0]?.shrunk?.isMinimal).toBe(false);
    expect(few.message).toMatch(/shrunk \d+ → \d+ operations.*: \d+ tries were not enough to know the smallest/);
    const none = await failure(Seats, { schedules, shrink: false });
    expect(none.message).not.toContain("shrunk");
    await expect(explore(Seats, { shrink: -1 })).rejects.toThrow(
      "shrink is -1; it has to be a whole number, 0 or more.",
    );
  });

  it("of a scenario keeps what its body does, and the faults that it takes", async () => {
    const faults = [
      partition([["nyc"], ["london", "tokyo"]], { fromMs: 13, untilMs: 2_345 }),
      partition([["tokyo"], ["london", "nyc"]], { fromMs: 20, untilMs: 90 }),
    ];
    const late = of(
      async ({ session, sleep, check }) => {
        await session("nyc").open(Account, "alice").note.write("hello");
        await sleep(1_000);
        const heard = async () => (await session("london").open(Account, "alice").note.read()) === "hello";
        await check("london has heard", heard);
      },
      { faults },
    );
    expect(told(await failure(late, { schedules: 1, seed: 5 }))).toMatchInlineSnapshot(`
      ""under test" is violated.
      "london has heard" does not hold when it is checked: it finds alice.note "". Violated in 1 of 1 schedules, first with seed 5
        seed 5 · shrunk 2 → 1 fault
          0.000 s  ── partition: nyc │ london, tokyo ──
          0.000 s  nyc · session 1  alice.note → "hello" ①
          1.000 s  ── partition ends: nyc │ london, tokyo ──
        Why  london read \`alice.note\` ② before it had heard of ①: at level eventual a change counts as done where it is made, and who reads elsewhere does not wait for it.
        Do   \`@Linearizable()\`
        or   let the check accept what is a little old"
    `);
  });
});

describe("a smaller schedule", () => {
  const cutOffAndCrashed = [
    partition([["nyc"], ["london", "tokyo"]], { fromMs: 0, untilMs: 5_000 }),
    crash("tokyo", { fromMs: 0, untilMs: 5_000 }),
  ];

  it("throws the same error", async () => {
    const lost = of(
      async ({ session, sleep }) => {
        await session("nyc").open(Account, "alice").note.write("hello");
        await sleep(1_000);
        const note = await session("london").open(Account, "alice").note.read();
        if (note === "") throw new RangeError("london knows nothing");
      },
      { faults: cutOffAndCrashed },
    );
    const { report, message } = await failure(lost, { schedules: 1 });
    expect(report.violations[0]).toMatchObject({ kind: "error", name: "RangeError" });
    expect(report.violations[0]?.shrunk?.decisions.faults.map(({ fault }) => fault)).toEqual(["partition"]);
    expect(message).toContain("seed 1 · shrunk 2 → 1 fault");
  });

  it("does not go wrong in another way", async () => {
    const either = of(
      async ({ session, sleep, check }) => {
        await session("nyc").open(Account, "alice").note.write("hello");
        await sleep(1_000);
        const read = (region: "london" | "tokyo") => session(region).open(Account, "alice").note.read();
        const isUp = await read("tokyo").then(
          () => true,
          () => false,
        );
        const heard = (await read("london")) === "hello";
        await check(isUp ? "london has heard" : "london has heard without tokyo", () => heard);
      },
      { faults: cutOffAndCrashed },
    );
    const { report } = await failure(either, { schedules: 1 });
    const [violation] = report.violations;
    expect(violation).toMatchObject({ name: "london has heard without tokyo", shrunk: { isMinimal: true } });
    expect(violation?.shrunk?.decisions.faults).toHaveLength(2);
    expect(violation?.shrunk?.result.violations.map(({ name }) => name)).toContain(violation?.name);
  });

  it("may be called with what no document can hold", async () => {
    @Replicated()
    class Box {
      @Causal() readonly content = register<unknown>(undefined);
      @Workload({ args: [[10n, new Map([["a", Number.NaN]]), undefined, () => 1, Symbol("s")]] })
      async put(...things: readonly unknown[]): Promise<void> {
        await this.content.write(things[0]);
      }
      @Invariant("it stays empty")
      async empty(): Promise<boolean> {
        return (await this.content.read()) === undefined;
      }
    }
    const { report, message } = await failure(Box, { schedules: 5 });
    const { after, isMinimal } = report.violations[0]?.shrunk ?? {};
    expect({ faults: after?.faults, isMinimal }).toEqual({ faults: 0, isMinimal: true });
    expect(after?.operations).toBeLessThanOrEqual(2);
    expect(message).toMatch(/box1\.put\(10n?, /);
  });
});

describe("what cannot be made smaller", () => {
  it("is told as it was found where it does not show again", async () => {
    let runs = 0;
    const fading = of(async ({ session, check }) => {
      await session("nyc").open(Account, "alice").note.write("hello");
      await check("it lasts", () => ++runs > 2);
    });
    const error = await failure(fading, { schedules: 1, seed: 3 });
    expect(error.report.violations[0]).toMatchObject({ name: "it lasts", seed: 3 });
    expect(told(error)).toMatchInlineSnapshot(`
      ""under test" is violated.
      "it lasts" does not hold when it is checked: \`++runs > 2\` is false. Violated in 1 of 1 schedules, first with seed 3
        Not made smaller: Seed 3 does not violate "it lasts" (invariant) when what was decided in it is done again. Something besides the schedule decides: look for module variables and properties of globalThis that carry over from one to the next.
        Why  Nothing was missed, lost, refused or left open here: each read was shown all that had been done. It is what the calls do, or what is checked: no level and no mechanism helps.
        Do   change what the calls do, or what is checked"
    `);
  });
});
