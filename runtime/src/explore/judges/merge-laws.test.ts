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
      Replicas merge in different orders, and more than once; only a commutative, associative and idempotent \`merge\` gives all of them the same."
    `);
  });

  it("are judged the same in the schedule that is shown", async () => {
    const { violations } = await simulate(alone, { seed: 1 });
    expect(violations.map(({ name }) => name)).toEqual(["the merge of User.profile is commutative"]);
  });
});
