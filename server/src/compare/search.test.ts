import { describe, expect, test } from "vitest";
import type { FieldMeasurement } from "../../../runtime/src/explore/measurements.js";
import { noMeasurements } from "../../../runtime/src/explore/measurements.js";
import { type Level, levels } from "../../../runtime/src/levels.js";
import type { LevelRun, Levels } from "./run-levels.js";
import { search, searchSpaceOf } from "./search.js";

const field = (name: string, rest: Partial<FieldMeasurement> = {}): FieldMeasurement => ({
  ...{ field: name, annotated: "linearizable", isCopy: false, operations: 10, mutations: 5 },
  ...rest,
});

const ran = (holds: boolean): LevelRun => ({ runs: [], measurements: noMeasurements, holds, isStopped: false });

describe("what levels may be tried for", () => {
  test("fields of one transaction move together; copies, and what nothing wrote to, stay", () => {
    const space = searchSpaceOf({
      ...noMeasurements,
      fields: [
        field("Account.balance"),
        field("Account.name", { annotated: "causal", mutations: 0 }),
        field("Ledger.total", { operations: 7 }),
        field("Account.copy", { annotated: "none", isCopy: true }),
        field("Account.views", { annotated: "eventual" }),
      ],
      transactions: [["Account.balance", "Ledger.total"]],
    });
    expect(space.groups).toEqual([
      { fields: ["Account.balance", "Ledger.total"], operations: 17 },
      { fields: ["Account.views"], operations: 10 },
    ]);
    expect(space.fixed).toEqual({ "Account.name": "causal", "Account.copy": "none" });
  });

  test("what has run for the table does not run again, and what stays is part of each assignment", async () => {
    const asked: Levels[] = [];
    const uniform = new Map(levels.map((level): [Level, LevelRun] => [level, ran(level === "linearizable")]));
    const run = async (assigned: Levels) => {
      asked.push(assigned);
      return ran(assigned["Account.balance"] === "linearizable");
    };
    const alone = { ...noMeasurements, fields: [field("Account.balance")] };
    expect(await search({ space: searchSpaceOf(alone), uniform, run })).toMatchObject({
      assignment: { "Account.balance": "linearizable" },
    });
    expect(asked).toEqual([]);
    const withName = {
      ...alone,
      fields: [...alone.fields, field("Account.name", { annotated: "causal", mutations: 0 })],
    };
    expect(await search({ space: searchSpaceOf(withName), uniform, run })).toMatchObject({
      assignment: { "Account.balance": "linearizable" },
    });
    expect(asked.every((each) => each["Account.name"] === "causal")).toBe(true);
    // All but causal, which is what the table has run with everything at causal.
    expect(asked.map((each) => each["Account.balance"]).sort()).toEqual([
      "eventual",
      "linearizable",
      "none",
      "sequential",
    ]);
  });
});
