import { expect, it } from "vitest";
import { parseTimeline } from "./timeline.js";

const parsed = parseTimeline(`
x: register 0
s: set @causal
nyc      [x.write("a]b")--]   [x.read() = "a]b"; s.add([1, 2])?  [s@eventual.has(1) = false]
nyc/2  [x.write(-1)-!
`);

it("a timeline is a history", () => {
  expect(parsed.cells).toEqual([
    { key: "x", label: "x", type: "register", level: "linearizable", domain: "linearizable", initial: 0 },
    { key: "s", label: "s", type: "set", level: "causal", domain: "causal", initial: new Map() },
  ]);
  expect(
    parsed.events.map(({ id, process, session, region, status }) => [id, process, session, region, status]),
  ).toEqual([
    [0, 100, 1, "nyc", "fail"],
    [1, 0, 0, "nyc", "ok"],
    [2, 0, 0, "nyc", "info"],
    [3, 1, 0, "nyc", "ok"],
  ]);
});

it("columns are milliseconds", () => {
  expect(parsed.events.map(({ invokedUs, completedUs }) => [invokedUs, completedUs])).toEqual([
    [7_000, 20_000],
    [9_000, 26_000],
    [30_000, undefined],
    [65_000, 91_000],
  ]);
});

it("what stands in an interval is one operation or a transaction", () => {
  expect(parsed.events.map(({ transaction }) => transaction)).toEqual([false, false, true, false]);
  expect(parsed.events.flatMap(({ operations }) => operations)).toEqual([
    { cell: "x", level: "linearizable", operation: { name: "write", args: [-1] }, result: undefined },
    { cell: "x", level: "linearizable", operation: { name: "write", args: ["a]b"] }, result: undefined },
    { cell: "x", level: "linearizable", operation: { name: "read", args: [] }, result: "a]b" },
    { cell: "s", level: "causal", operation: { name: "add", args: [[1, 2]] }, result: undefined },
    { cell: "s", level: "eventual", operation: { name: "has", args: [1] }, result: false },
  ]);
});

it.each([
  ["x: register 0\nnyc [x.write(1)", "An interval has no end in: nyc [x.write(1)"],
  ["x: register 0\nnyc [y.write(1)]", "This is no operation on a cell: y.write(1)"],
  ["x: register @strong 0", 'There is no level "strong"'],
  ["x: register 0\nnyc", "This is neither a cell nor a process: nyc"],
])("what is no timeline is refused: %j", (text, message) => {
  expect(() => parseTimeline(text)).toThrow(message);
});
