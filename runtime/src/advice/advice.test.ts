import { describe, expect, it } from "vitest";
import { dollars, figure, percentage } from "./figures.js";
import {
  availabilityOf,
  capChoices,
  capOf,
  categories,
  classify,
  costOf,
  guidingQuestions,
  levels,
  needsMajority,
  pacelc,
  pacelcSystems,
  spectrum,
  spectrumOf,
} from "./index.js";

describe("CAP", () => {
  it("has the three choices, of which no distributed system can take the last", () => {
    expect(capChoices.map(({ choice }) => choice)).toEqual(["CP", "AP", "CA"]);
    expect(capChoices.at(-1)?.example).toBe("a single database server");
    expect(levels.map((level) => capOf(level).choice)).toEqual(["AP", "AP", "AP", "CP", "CP"]);
  });

  it("gives up answers exactly where somebody else has to answer", () => {
    for (const level of levels) expect(capOf(level).choice === "CP").toBe(needsMajority(level, "write"));
  });
});

describe("PACELC", () => {
  const text = (of: ReturnType<typeof pacelc> | undefined) => of && `${of.partitioned}/${of.otherwise}`;

  it("has the document's four, two of them corrected", () => {
    const inDocument = pacelcSystems.filter(({ document }) => document !== undefined);
    expect(inDocument.map((entry) => [entry.system, text(entry.document), text(entry)])).toEqual([
      ["MongoDB", "PC/EC", "PA/EC"],
      ["Cassandra", "PA/EL", "PA/EL"],
      ["DynamoDB", "PA/EL", "PC/EL"],
      ["Spanner", "PC/EC", "PC/EC"],
    ]);
    for (const { document, correction, ...entry } of inDocument)
      expect(correction === undefined).toBe(text(document) === text(entry));
  });

  it("is found by the name of a system, in any case, or by a level", () => {
    expect(text(pacelc("mongodb"))).toBe("PA/EC");
    expect(levels.map((level) => text(pacelc(level)))).toEqual(["PA/EL", "PA/EL", "PA/EL", "PC/EL", "PC/EC"]);
    expect(pacelc("a napkin")).toBeUndefined();
  });

  it("is consistent otherwise exactly where reads wait for others", () => {
    for (const level of levels) expect(pacelc(level).otherwise === "EC").toBe(needsMajority(level, "read"));
  });
});

describe("the spectrum", () => {
  it("has every level once, in order, with something for and against it and a way to live with it", () => {
    expect(spectrum.map(({ level }) => level)).toEqual(levels);
    for (const { level, pros, cons, goodFor, badFor, mitigation } of spectrum) {
      for (const texts of [pros, cons, goodFor, badFor, mitigation]) expect(texts.length, level).toBeGreaterThan(0);
      expect(spectrumOf(level).level).toBe(level);
    }
  });

  it("says slow exactly where an operation waits for a majority", () => {
    for (const { level, speed } of spectrum) expect(/slow/.test(speed), level).toBe(needsMajority(level, "write"));
  });
});

describe("a level that there is not", () => {
  it.each([
    ["costOf", () => costOf("strong" as never, { operationsPerSecond: 1 })],
    ["availabilityOf", () => availabilityOf("strong" as never, 3)],
    ["capOf", () => capOf("strong" as never)],
    ["spectrumOf", () => spectrumOf("strong" as never)],
  ])("is refused by %s", (_, ask) => {
    expect(ask).toThrow('There is no level "strong". The levels are none, eventual, causal, sequential, linearizable.');
  });
});

describe("the document's questions", () => {
  it("are four, each with what helps to answer it", () => {
    expect(guidingQuestions.map(({ id }) => id)).toEqual(["wrong", "stale", "unavailable", "worth"]);
    for (const { question, answeredBy } of guidingQuestions)
      expect([/\?$/.test(question), answeredBy !== ""]).toEqual([true, true]);
  });
});

/** The document's own classifier, as it works: any pattern anywhere, the strictest first. */
function documentClass(description: string, impact: string): "strong" | "causal" | "eventual" | "NEEDS_ANALYSIS" {
  const text = `${description} ${impact}`.toLowerCase();
  const has = (patterns: string) => patterns.split(", ").some((pattern) => text.includes(pattern));
  if (
    has(
      "financial, payment, money, billing, charge, inventory, stock, reservation, booking, security, authentication, authorization, login, legal, compliance, audit, regulation",
    )
  )
    return "strong";
  if (
    has(
      "user profile, settings, preferences, configuration, social, messages, notifications, comments, content, posts, articles, documents",
    )
  )
    return "causal";
  if (
    has(
      "analytics, metrics, statistics, reporting, search index, cache, recommendation, suggestion, logging, monitoring, debugging, performance",
    )
  )
    return "eventual";
  return "NEEDS_ANALYSIS";
}

describe("the document's classifier beside ours", () => {
  const usual = (comment: string) => {
    const { category } = classify({ comment });
    return categories.find(({ id }) => id === category)?.usual ?? "NEEDS_ANALYSIS";
  };

  it.each([
    // Its own examples: the first only by the impact, the second against its own comment.
    ["User account balance", "Financial loss if incorrect", "strong", "linearizable"],
    ["Social media post likes", "User experience degraded if stale", "causal", "eventual"],
    ["Chat messages in conversation", "User confusion if out of order", "causal", "causal"],
    // Parts of words.
    ["Illegal parking reports", "", "strong", "NEEDS_ANALYSIS"],
    ["Photos of livestock", "", "strong", "NEEDS_ANALYSIS"],
    ["Theme preferences", "", "causal", "causal"],
  ])("%s", (description, impact, itsOwn, ours) => {
    expect([documentClass(description, impact), usual(description)]).toEqual([itsOwn, ours]);
  });
});

describe("figures", () => {
  it("have three digits, or are whole", () => {
    expect([10_852, 72.43, 108.6, 0.000334, 0, 100, 99.95, 1_000_000].map(figure)).toEqual(
      "10,852 72.4 109 0.000334 0 100 100 1,000,000".split(" "),
    );
    expect([0.05, 129.6, 5_184].map(dollars)).toEqual(["$0.05", "$129.60", "$5,184"]);
    expect([0.99, 0.9985, 0.99999, 1, 0.999].map(percentage)).toEqual([
      "99 %",
      "99.85 %",
      "99.99 %",
      "100 %",
      "99.9 %",
    ]);
  });
});
