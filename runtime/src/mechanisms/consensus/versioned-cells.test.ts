import { expect, test } from "vitest";
import { write } from "./testing/bench.js";
import { cellTable } from "./testing/cluster.js";
import { VersionedCells } from "./versioned-cells.js";

test("every version can be read at any later position", () => {
  const cells = new VersionedCells(cellTable);
  cells.apply(1, undefined);
  cells.apply(2, write(1, "x", "a"));
  cells.apply(3, write(2, "y", "b"));
  cells.apply(4, write(3, "x", "c"));
  expect([0, 1, 2, 3, 4].map((index) => cells.versionAt("x", index))).toEqual([
    { index: 0, state: 0 },
    { index: 0, state: 0 },
    { index: 2, state: "a" },
    { index: 2, state: "a" },
    { index: 4, state: "c" },
  ]);
});

test("a command holds only if all expected versions are current, and then all of it", () => {
  const cells = new VersionedCells(cellTable);
  cells.apply(1, write(1, "x", "a"));
  const mutations = [...write(0, "x", "b").mutations, ...write(0, "y", "b").mutations];
  const expected = [
    { cell: "x", version: 1 },
    { cell: "y", version: 0 },
  ];
  expect(cells.apply(2, { id: 2, expected: [{ cell: "x", version: 0 }], mutations })).toEqual({
    kind: "conflict",
    index: 2,
  });
  expect([cells.latest("x").state, cells.latest("y").state, cells.has(2)]).toEqual(["a", 0, false]);
  expect(cells.apply(3, { id: 3, expected, mutations })).toMatchObject({ kind: "committed", index: 3 });
  expect([cells.latest("x").state, cells.latest("y").state, cells.has(3)]).toEqual(["b", "b", true]);
});

test("a command that is in the log twice is applied once, with the recorded outcome", () => {
  const cells = new VersionedCells(cellTable);
  const increment = { id: 1, expected: [], mutations: [{ cell: "n", operation: { name: "increment", args: [2] } }] };
  const first = cells.apply(1, increment);
  expect(cells.apply(2, increment)).toBe(first);
  expect(cells.latest("n")).toEqual({ index: 1, state: 2 });
});

test("mutations of one command on one cell see each other and make one version", () => {
  const cells = new VersionedCells(cellTable);
  const operation = { name: "increment", args: [1] };
  cells.apply(1, { id: 1, expected: [], mutations: [1, 2, 3].map(() => ({ cell: "n", operation })) });
  expect(cells.latest("n")).toEqual({ index: 1, state: 3 });
  expect(cells.versionAt("n", 0)).toEqual({ index: 0, state: 0 });
});

test("a compare-and-set that fails makes no version", () => {
  const cells = new VersionedCells(cellTable);
  const mutations = [{ cell: "x", operation: { name: "compareAndSet", args: ["other", "new"] } }];
  expect(cells.apply(1, { id: 1, expected: [], mutations })).toEqual({ kind: "committed", index: 1, results: [false] });
  expect(cells.latest("x").index).toBe(0);
  expect(cells.digest()).toBe("");
});
