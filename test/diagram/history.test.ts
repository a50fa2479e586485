import { describe, expect, it } from "vitest";
import type { History } from "../../runtime/src/history/history.js";
import { encodeHistory } from "../../runtime/src/history/jsonl.js";
import { scheduleOfHistory } from "../../server/src/diagram/history.js";

const cell = {
  key: "x#1",
  label: "alice.balance",
  type: "register",
  level: "linearizable",
  domain: "d",
  initial: 0,
} as const;
const one = { level: "linearizable", cell: cell.key, result: undefined } as const;

const history: History = {
  version: 1,
  cells: [cell],
  events: [
    {
      ...{
        id: 7,
        process: 1,
        session: 1,
        region: "nyc",
        invokedUs: 10,
        completedUs: 20,
        status: "ok",
        transaction: false,
      },
      operations: [{ ...one, operation: { name: "write", args: [5n] } }],
    },
    {
      ...{ id: 8, process: 2, session: 2, region: "london", invokedUs: 15, completedUs: undefined, status: "info" },
      transaction: true,
      operations: [
        { ...one, operation: { name: "update", args: [0, 1] } },
        { ...one, operation: { name: "read", args: [] }, result: Number.NaN },
      ],
    },
  ],
};

describe("a history without a simulation", () => {
  it("is sessions and operations, with the values that JSON has no form for", () => {
    const { regions, sessions, events } = scheduleOfHistory(encodeHistory(history));
    expect(regions).toEqual([]);
    expect(sessions).toEqual([
      { id: 1, region: "nyc" },
      { id: 2, region: "london" },
    ]);
    expect(events).toMatchObject([
      {
        id: 7,
        cell: "alice.balance",
        operation: "write",
        detail: "→ 5",
        outcome: "ok",
        mutates: true,
        atUs: 10,
        endUs: 20,
      },
      { id: 8, detail: "0 → 1", outcome: "info", mutates: true },
      { id: 8, detail: "= NaN", outcome: "info", mutates: false },
    ]);
  });
});
