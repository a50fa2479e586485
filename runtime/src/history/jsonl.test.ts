import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeValue } from "../data/values.js";
import { encodeCell, encodeHeader } from "./encoding.js";
import type { History, HistoryCell, Recording } from "./history.js";
import { fromJson, toJson } from "./json-values.js";
import { decodeHistory, encodeHistory } from "./jsonl.js";

const history: History = {
  version: 1,
  cells: [
    { key: "a", label: "alice.balance", type: "register", level: "linearizable", domain: "raft", initial: undefined },
    {
      key: "m",
      label: "cart",
      type: "map",
      level: "causal",
      domain: "cb",
      initial: new Map([["book", { pages: 3n }]]),
      options: { initial: -0, merge: "last-writer-wins", conflict: "remove-wins" },
    },
  ],
  events: [
    {
      id: 0,
      process: 0,
      session: 1,
      region: "nyc",
      invokedUs: 10,
      completedUs: 20,
      invokedOrder: 0,
      completedOrder: 1,
      status: "ok",
      transaction: true,
      operations: [
        { cell: "a", level: "linearizable", operation: { name: "write", args: [new Date(0)] }, result: undefined },
        { cell: "m", level: "causal", operation: { name: "get", args: ["book"] }, result: { $: "not a tag" } },
      ],
    },
    {
      id: 1,
      process: 1,
      session: 2,
      region: "london",
      invokedUs: 15,
      completedUs: undefined,
      status: "info",
      transaction: false,
      operations: [
        { cell: "a", level: "linearizable", operation: { name: "update", args: [undefined, -0] }, result: undefined },
      ],
    },
  ],
};

describe("histories as JSON Lines", () => {
  it("may come in pieces, wherever they part", () => {
    const text = encodeHistory(history);
    fc.assert(
      fc.property(fc.array(fc.nat(text.length), { maxLength: 5 }), (cuts) => {
        const ends = [...cuts.sort((a, b) => a - b), text.length];
        const pieces = ends.map((end, index) => text.slice(ends[index - 1] ?? 0, end));
        expect(decodeHistory(pieces)).toEqual(history);
      }),
    );
    expect(() => decodeHistory([text, "not", " JSON"])).toThrow(`Line ${text.split("\n").length}: this is not JSON`);
  });

  it("come back as they were", () => {
    expect(decodeHistory(encodeHistory(history))).toEqual(history);
    expect(encodeHistory(decodeHistory(encodeHistory(history)))).toBe(encodeHistory(history));
  });

  it("leave out of a cell's options what has no form in text", () => {
    const [cell] = history.cells;
    const merging: History = {
      ...history,
      cells: [
        { ...(cell as HistoryCell), options: { initial: 1, merge: (a, b) => Math.max(a as number, b as number) } },
      ],
    };
    expect(decodeHistory(encodeHistory({ ...merging, events: [] })).cells[0]?.options).toEqual({ initial: 1 });
  });

  it("of a recording say how it was made, what is not known, and whether the end is there", () => {
    const [first, second] = history.cells as readonly [HistoryCell, HistoryCell];
    const recording: Recording = {
      ...{
        startedAt: "2026-01-01T00:00:00.000Z",
        sampleRatio: 0.5,
        redacted: true,
        maxClockSkewMs: 5,
        isCutOff: false,
      },
    };
    const recorded: History = { ...history, cells: [{ ...first, gap: "unrecorded" }, second], recording };
    const text = encodeHistory(recorded);
    expect(decodeHistory(text)).toEqual(recorded);
    const withoutEnd = text.slice(0, text.lastIndexOf('{"end"'));
    expect(decodeHistory(withoutEnd).recording?.isCutOff).toBe(true);
    expect(() => decodeHistory(`${withoutEnd}{"id":`)).toThrow("Line 4: this is not JSON");
    expect(decodeHistory(`${withoutEnd}{"id":`, { mayBeCutOff: true })).toEqual({
      ...recorded,
      recording: { ...recording, isCutOff: true },
    });
    // A line that is broken in the midst is no sign of a process that was killed.
    expect(() => decodeHistory(withoutEnd.replace('{"id":0', "{id:0"), { mayBeCutOff: true })).toThrow("Line 2: ");
  });

  it("declare cells as they come, the last time for good", () => {
    const [cell] = history.cells as readonly [HistoryCell];
    const text = [encodeHeader([]), encodeCell(cell), encodeCell({ ...cell, gap: "unreadable" })].join("\n");
    expect(decodeHistory(text).cells).toEqual([{ ...cell, gap: "unreadable" }]);
  });

  const lines = encodeHistory(history).split("\n");
  it.each([
    ["", "Line 1: there is no header"],
    ["{}", "Line 1: format: "],
    [lines[0]?.replace('"version":1', '"version":2'), "Line 1: version: "],
    [`${lines[0]}\n\n{"id"`, "Line 3: this is not JSON: "],
    [`${lines[0]}\n${lines[1]?.replace('"ok"', '"maybe"')}`, "Line 2: status: "],
    [`${lines[0]}\n${lines[1]?.replace('"linearizable"', '"strong"')}`, "Line 2: operations.0.level: "],
    [`${lines[0]}\n${lines[1]?.replace('"cell":"a"', '"cell":"b"')}`, 'Line 2: the header declares no cell "b"'],
    [`${lines[0]}\n${lines[1]}\n${lines[1]}`, "Line 3: a second event has the id 0"],
    [
      `${lines[0]}\n${lines[1]?.replace('"completedUs":20,', "")}`,
      'Line 2: an event with the status "ok" needs completedUs',
    ],
    [`${lines[0]}\n${lines[1]?.replace('"completedUs":20', '"completedUs":5')}`, "Line 2: the event completed before"],
    [`${lines[0]}\n${lines[1]?.replace('"$":"Date"', '"$":"Moon"')}`, 'Line 2: {"$": "Moon"} stands for no value'],
  ])("are refused with the line that is wrong: %#", (text, message) => {
    expect(() => decodeHistory(text as string)).toThrow(message);
  });
});

describe("values as JSON", () => {
  it("come back as they were, whatever they are", () => {
    const values = fc.anything({ withDate: true, withMap: true, withSet: true, withBigInt: true });
    fc.assert(
      fc.property(values, (value) => {
        const text = JSON.stringify(toJson(value));
        expect(encodeValue(fromJson(JSON.parse(text)))).toBe(encodeValue(value));
      }),
    );
  });

  it("are refused where JSON could not carry them", () => {
    const loop: unknown[] = [];
    loop.push(loop);
    expect(() => toJson(loop)).toThrow("contains itself");
    expect(() => toJson(new Uint8Array(2))).toThrow("A value of type Uint8Array has no form in JSON.");
  });
});
