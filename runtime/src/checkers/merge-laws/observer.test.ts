import { expect, it } from "vitest";
import type { Operation } from "../../data/data-type.js";
import type { History, HistoryCell } from "../../history/history.js";
import { MergeObserver } from "./observer.js";

const lines = (a: readonly string[], b: readonly string[]) => [...new Set([...a, ...b])].sort();
const appended = (a: readonly string[], b: readonly string[]) => [...a, ...b];

const cell = (
  name: string,
  // biome-ignore lint/suspicious/noExplicitAny: users write their merges for the type of their field
  merge: ((a: any, b: any) => unknown) | undefined,
  more?: Partial<HistoryCell>,
): HistoryCell => ({
  ...{ key: `Cart:${name}`, label: name, type: "register", level: "eventual", domain: "eventual gossip", initial: [] },
  ...(merge === undefined ? {} : { options: { merge } }),
  ...more,
});

const history = (cells: readonly HistoryCell[], operations: readonly (readonly [string, Operation])[]): History => ({
  ...{ version: 1, cells },
  events: operations.map(([key, operation], id) => ({
    ...{ id, process: 0, session: 0, region: "nyc", invokedUs: id, completedUs: id, status: "ok", transaction: false },
    operations: [{ cell: `Cart:${key}`, level: "eventual", operation, result: undefined }],
  })),
});

const write = (value: unknown): Operation => ({ name: "write", args: [value] });

it("judges the merge of a field once, by what all of its objects were given in all histories", () => {
  const observer = new MergeObserver();
  observer.observe(
    history([cell("alice.lines", lines), cell("alice.log", appended)], [["alice.lines", write(["tea"])]]),
  );
  observer.observe(
    history(
      [cell("bob.log", appended)],
      [
        ["bob.log", write(["milk"])],
        ["bob.log", write(["tea"])],
      ],
    ),
  );
  const violations = observer.judge({ seed: 1 });
  expect(violations.map(({ field, labels, law }) => ({ field, labels, law }))).toEqual([
    { field: "Cart.log", labels: ["alice.log", "bob.log"], law: "commutative" },
    { field: "Cart.log", labels: ["alice.log", "bob.log"], law: "idempotent" },
  ]);
  expect(violations[0]?.message).toBe(
    '`merge` of `Cart.log` is not commutative: merge(["milk"], ["tea"]) is ["milk", "tea"] but merge(["tea"], ["milk"]) is ["tea", "milk"].',
  );
  expect(observer.judge({ seed: 1 })).toEqual(violations);
});

it("takes the values of a map's keys, and of updates what they wrote", () => {
  const observer = new MergeObserver();
  const map = cell("alice.stock", (a, b) => a + b, { type: "map", initial: new Map() });
  const register = cell("alice.score", (a, b) => a - b, { initial: 0 });
  observer.observe(
    history(
      [map, register],
      [
        ["alice.stock", { name: "put", args: ["tea", 3] }],
        ["alice.stock", { name: "update", args: ["tea", 3, 4] }],
        ["alice.score", { name: "update", args: [0, 2] }],
        ["alice.score", { name: "compareAndSet", args: [2, 5] }],
      ],
    ),
  );
  expect(observer.judge({ seed: 1 }).map(({ message }) => message)).toMatchInlineSnapshot(`
    [
      "\`merge\` of \`Cart.stock\` is not idempotent: merge(3, 3) is 6.",
      "\`merge\` of \`Cart.score\` is not commutative: merge(0, 2) is -2 but merge(2, 0) is 2.",
      "\`merge\` of \`Cart.score\` is not idempotent: merge(2, 2) is 0.",
      "\`merge\` of \`Cart.score\` is not associative: merge(merge(0, 0), 2) is -2 but merge(0, merge(0, 2)) is 2.",
    ]
  `);
});

it("leaves alone what merges by a policy, and what nothing was written to", () => {
  const observer = new MergeObserver();
  const policy = cell("alice.note", undefined, { options: { merge: "last-writer-wins" } });
  observer.observe(
    history(
      [cell("alice.log", appended), policy],
      [
        ["alice.note", write(["a"])],
        ["alice.note", write(["b"])],
      ],
    ),
  );
  expect(observer.judge({ seed: 1 })).toEqual([]);
});
