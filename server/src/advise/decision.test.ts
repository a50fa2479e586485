import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { categoryOf, classify, type Subject } from "../../../runtime/src/advice/classification/index.js";
import { compareLevels, isAtLeast, type Level, levels } from "../../../runtime/src/levels.js";
import type { FieldClassification, FieldSimulation } from "./advise.js";
import { besideTheCode, decide, type FieldEvidence } from "./decision.js";

function classified(subject: Subject): FieldClassification {
  const { category, weakest, loss, strongest, reason } = classify(subject);
  if (category === "NEEDS_ANALYSIS")
    return { category, reason, name: null, weakest: null, usual: null, strongest: null, loss: null, source: null };
  const { name, usual, source } = categoryOf(category);
  return {
    ...{ category, name, usual, source, reason },
    ...{ weakest: weakest ?? null, strongest: strongest ?? null, loss: loss ?? null },
  };
}

const found = (level: Level): FieldSimulation => ({ outcome: "sufficient", level });
const nothing = (outcome: "untested" | "none" | "unknown"): FieldSimulation => ({ outcome, level: null });

function evidence(name: string, annotated: Level | null, simulated: FieldSimulation, judges = true): FieldEvidence {
  return {
    ...{ annotated, simulated, judgesInvariants: judges, budget: "200 schedules" },
    classification: classified({ name }),
  };
}

describe("a decision", () => {
  it.each<[string, FieldEvidence, Level | null, readonly RegExp[]]>([
    ["both agree", evidence("balance", "sequential", found("sequential")), "sequential", []],
    [
      "the code is stronger than needed",
      evidence("balance", "linearizable", found("sequential")),
      "sequential",
      [/linearizable now, which is stronger than/],
    ],
    [
      "the kind knows what no invariant says",
      evidence("balance", "sequential", found("eventual")),
      "sequential",
      [/^Simulation kept everything at eventual already, but money goes wrong below sequential/],
    ],
    [
      "the simulation knows what the kind does not",
      evidence("likes", "linearizable", found("linearizable")),
      "linearizable",
      [/nobody is served better above causal, yet/],
    ],
    [
      "only the simulation knows",
      evidence("blob", "eventual", found("causal")),
      "causal",
      [/eventual now, which is too weak/],
    ],
    ["nobody knows", evidence("blob", "eventual", nothing("untested")), null, []],
    ["nobody says what must not be lost", evidence("blob", "eventual", found("eventual"), false), null, []],
    [
      "only the kind is known",
      evidence("balance", "eventual", nothing("unknown")),
      "linearizable",
      [/eventual now, which is too weak/],
    ],
    [
      "what the code says is within what the kind bears",
      evidence("cart", "eventual", found("eventual"), false),
      "eventual",
      [],
    ],
    [
      "but not below what broke",
      evidence("cart", "eventual", found("causal"), false),
      "causal",
      [/eventual now, which is too weak/],
    ],
    ["nor without a level", evidence("cart", null, nothing("untested")), "causal", []],
    ["approximate counts are a choice", evidence("likes", "none", nothing("untested")), "none", []],
    [
      "money without consistency is none",
      evidence("balance", "none", nothing("untested")),
      "linearizable",
      [/no consistency now, which is too weak/],
    ],
    [
      "no level cures the code",
      evidence("stock", "linearizable", nothing("none")),
      "linearizable",
      [/no level is the cure: mend the code/],
    ],
  ])("%s", (_, given, level, disagreements) => {
    const decision = besideTheCode(decide(given), given.annotated);
    expect(decision.level).toBe(level);
    expect(decision.disagreements).toEqual(disagreements.map((each) => expect.stringMatching(each)));
  });

  it("says what little happens where any level will do, and does not call it going wrong", () => {
    const [first] = decide(evidence("likes", "eventual", found("eventual"))).reasoning;
    expect(first).toMatch(
      /^The name `likes` says that it holds reactions\. At eventual: a count that is a moment behind/,
    );
  });

  const level = fc.constantFrom(...levels);
  const simulation = fc.oneof(level.map(found), fc.constantFrom("untested", "none", "unknown").map(nothing));
  const name = fc.constantFrom("balance", "stock", "likes", "theme", "cart", "comments", "cache", "auditLog", "blob");

  it("is never weaker than what broke in simulation, nor than what the kind of data bears", () => {
    fc.assert(
      fc.property(name, fc.option(level), simulation, fc.boolean(), (field, annotated, simulated, judges) => {
        const given = evidence(field, annotated, simulated, judges);
        const decision = decide(given);
        if (decision.level === null) {
          expect(given.classification.weakest).toBeNull();
          expect(simulated.outcome === "sufficient" && judges).toBe(false);
          return;
        }
        if (simulated.level !== null) expect(isAtLeast(decision.level, simulated.level)).toBe(true);
        const { weakest } = given.classification;
        if (weakest !== null && isAtLeast(weakest, "causal")) expect(isAtLeast(decision.level, weakest)).toBe(true);
        expect(decision.reasoning.length).toBeGreaterThan(0);
      }),
    );
  });

  it("says whenever it is not what the code says", () => {
    fc.assert(
      fc.property(name, level, simulation, fc.boolean(), (field, annotated, simulated, judges) => {
        const decision = besideTheCode(decide(evidence(field, annotated, simulated, judges)), annotated);
        const isSaid = decision.disagreements.some((each) => each.startsWith("The code says"));
        expect(isSaid).toBe(decision.level !== null && compareLevels(decision.level, annotated) !== 0);
      }),
    );
  });
});
