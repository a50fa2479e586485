import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { microcentsOf } from "../../advice/cost/index.js";
import { isAtLeast, type Level, levels } from "../../levels.js";
import { type Assignment, type FieldGroup, findWeakest, type Trial } from "./weakest.js";

const groupsOf = (...operations: readonly number[]): FieldGroup[] =>
  operations.map((count, index) => ({ fields: [`Shop.f${index}`], operations: count }));

/** Tries every assignment there is, and knows nothing of levels but their prices. */
function bruteForce(groups: readonly FieldGroup[], isSufficient: (assignment: Assignment) => boolean): number | null {
  const costs = everyAssignment(groups)
    .filter(isSufficient)
    .map((each) => costOf(groups, each));
  return costs.length === 0 ? null : Math.min(...costs);
}

function everyAssignment([first, ...rest]: readonly FieldGroup[]): Assignment[] {
  if (first === undefined) return [{}];
  return everyAssignment(rest).flatMap((others) =>
    levels.map((level) => ({ ...Object.fromEntries(first.fields.map((field) => [field, level])), ...others })),
  );
}

const costOf = (groups: readonly FieldGroup[], assignment: Assignment): number =>
  groups.reduce((sum, { fields, operations }) => {
    const level = assignment[fields[0] ?? ""] ?? "none";
    return sum + microcentsOf(level, Math.max(1, operations));
  }, 0);

async function search(groups: readonly FieldGroup[], isSufficient: (assignment: Assignment) => boolean) {
  const ran: Assignment[] = [];
  const found = await findWeakest({
    groups,
    run: async (assignment): Promise<Trial> => {
      ran.push(assignment);
      return isSufficient(assignment) ? "sufficient" : "insufficient";
    },
  });
  return { ...found, ran };
}

const anyLevel = fc.constantFrom(...levels);
const anyGroups = (most: number) =>
  fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: most }).map((all) => groupsOf(...all));

describe("the weakest sufficient assignment", () => {
  it("is as cheap as brute force has it, whatever is sufficient, as long as every field at linearizable is", async () => {
    const cases = anyGroups(3).chain((groups) => {
      const every = everyAssignment(groups);
      return fc.tuple(
        fc.constant(groups),
        fc.array(fc.boolean(), { minLength: every.length, maxLength: every.length }),
      );
    });
    await fc.assert(
      fc.asyncProperty(cases, async ([groups, answers]) => {
        const byText = new Map(everyAssignment(groups).map((each, index) => [JSON.stringify(each), answers[index]]));
        const isSufficient = (assignment: Assignment) =>
          Object.values(assignment).every((level) => level === "linearizable") ||
          byText.get(JSON.stringify(assignment)) === true;
        const { assignment, isCheapest, ran } = await search(groups, isSufficient);
        expect(isCheapest).toBe(true);
        expect(assignment).not.toBeNull();
        expect(isSufficient(assignment as Assignment)).toBe(true);
        expect(costOf(groups, assignment as Assignment)).toBe(bruteForce(groups, isSufficient));
        expect(new Set(ran.map((each) => JSON.stringify(each))).size).toBe(ran.length);
      }),
    );
  });

  it("was run, and so was each neighbour one level weaker, also of more fields than can all be tried", async () => {
    const cases = fc.tuple(anyGroups(7), fc.array(anyLevel, { minLength: 7, maxLength: 7 }));
    await fc.assert(
      fc.asyncProperty(cases, async ([groups, least]) => {
        const floor = new Map(groups.map(({ fields: [field = ""] }, index) => [field, least[index] as Level]));
        const isSufficient = (assignment: Assignment) =>
          Object.entries(assignment).every(([field, level]) => isAtLeast(level, floor.get(field) ?? "none"));
        const { assignment, ran } = await search(groups, isSufficient);
        // Each field needs its own least level and nothing else: there is one answer.
        expect(assignment).toEqual(Object.fromEntries(floor));
        expect(ran).toContainEqual(assignment);
        for (const [field, level] of floor) {
          const weaker = levels[levels.indexOf(level) - 1];
          if (weaker !== undefined) expect(ran).toContainEqual({ ...assignment, [field]: weaker });
        }
      }),
      { numRuns: 30 },
    );
  });

  it("is null when not even all fields at linearizable are, whatever else is", async () => {
    const isSufficient = (assignment: Assignment) => Object.values(assignment).every((level) => level === "eventual");
    const { assignment, ran, isStopped } = await search(groupsOf(3, 4), isSufficient);
    expect({ assignment, isStopped, runs: ran.length }).toEqual({ assignment: null, isStopped: false, runs: 1 });
  });

  it("is found below a level that fails: who is refused leaves a part undone", async () => {
    const isSufficient = (assignment: Assignment) =>
      ["eventual", "linearizable"].some((kept) => Object.values(assignment).every((level) => level === kept));
    expect((await search(groupsOf(1, 1), isSufficient)).assignment).toEqual({
      "Shop.f0": "eventual",
      "Shop.f1": "eventual",
    });
  });

  it("is found from the levels as annotated where no field shares the level of another", async () => {
    const annotated: Assignment = { "Shop.f0": "linearizable", "Shop.f1": "eventual" };
    const strongest: Assignment = { "Shop.f0": "linearizable", "Shop.f1": "linearizable" };
    const sufficient = [annotated, strongest].map((each) => JSON.stringify(each));
    const run = async (assignment: Assignment): Promise<Trial> =>
      sufficient.includes(JSON.stringify(assignment)) ? "sufficient" : "insufficient";
    expect((await findWeakest({ groups: groupsOf(1, 1), annotated, run })).assignment).toEqual(annotated);
  });

  it("moves the fields of one transaction together", async () => {
    const groups = [{ fields: ["Account.balance", "Account.incoming"], operations: 10 }];
    const { assignment, ran } = await search(groups, (each) => isAtLeast(each["Account.balance"] as Level, "causal"));
    expect(assignment).toEqual({ "Account.balance": "causal", "Account.incoming": "causal" });
    expect(ran.every((each) => each["Account.balance"] === each["Account.incoming"])).toBe(true);
  });

  it("claims nothing when it was stopped", async () => {
    let isFirst = true;
    const run = async (): Promise<Trial> => {
      const trial = isFirst ? "sufficient" : "stopped";
      isFirst = false;
      return trial;
    };
    expect(await findWeakest({ groups: groupsOf(1, 1, 1), run })).toMatchObject({ assignment: null, isStopped: true });
  });
});
