import { describe, expect, it } from "vitest";
import { Eventual, Replicated, register } from "../../index.js";
import { explore, simulate } from "../../simulation/index.js";
import { of } from "../testing/account.js";

interface Profile {
  readonly name: string | null;
}

@Replicated()
class User {
  // The merge of the source document, which keeps what it calls its own.
  @Eventual({ merge: (a: Profile, b: Profile) => ({ name: a.name ?? b.name }) })
  readonly profile = register<Profile>({ name: null });
  @Eventual({ merge: (a: number, b: number) => Math.max(a, b) }) readonly highScore = register(0);
  constructor(readonly id: string) {}
}

/** One session, one after the other: no two writes are ever concurrent. */
const alone = of(async ({ session }) => {
  const user = session("nyc").open(User, "ann");
  await user.profile.write({ name: "Ann" });
  await user.profile.write({ name: "Anna" });
  await user.highScore.write(3);
  await user.highScore.update((score) => score + 4);
});

describe("the laws of a merge", () => {
  it("are judged without any conflict in the run, and the failing pair is shown", async () => {
    const report = await explore(alone, { schedules: 20 });
    expect(report.outcome).toBe("violated");
    expect(report.violations).toHaveLength(1);
    expect(report.violations[0]).toMatchObject({ kind: "divergence", anomaly: "divergence", seed: 1, count: 20 });
    const [{ name, message, why }] = report.violations as [(typeof report.violations)[0]];
    expect(`${name}\n${message}\n${why}`).toMatchInlineSnapshot(`
      "the merge of User.profile is commutative
      \`merge\` of \`User.profile\` is not commutative: merge({name: "Ann"}, {name: "Anna"}) is {name: "Ann"} but merge({name: "Anna"}, {name: "Ann"}) is {name: "Anna"}.
      One replica merges the left value into the right one, another the right one into the left, and they keep different results."
    `);
  });

  it("are judged the same in the schedule that is shown", async () => {
    const { violations } = await simulate(alone, { seed: 1 });
    expect(violations.map(({ name }) => name)).toEqual(["the merge of User.profile is commutative"]);
  });
});

describe("a merge that fails", () => {
  it("is reported as an error of the program, with its arguments, and its field by the law", async () => {
    @Replicated()
    class Strict {
      @Eventual({
        merge: () => {
          throw new Error("cannot decide");
        },
      })
      readonly name = register("");
      constructor(readonly id: string) {}
    }
    const report = await explore(
      of(async ({ session }) => {
        await Promise.all([
          session("nyc").open(Strict, "s").name.write("Ann"),
          session("london").open(Strict, "s").name.write("Anna"),
        ]);
      }),
      { schedules: 3 },
    );
    expect(report.outcome).toBe("violated");
    expect(report.violations.map(({ kind, name, count }) => ({ kind, name, count }))).toEqual([
      { kind: "error", name: "MergeError", count: 3 },
      { kind: "divergence", name: "the merge of Strict.name is pure", count: 3 },
    ]);
    expect(report.violations[0]?.message).toMatch(
      /^A merge failed: A `merge` option gives no value: merge\("Anna?", "Anna?"\)/,
    );
  });
});
