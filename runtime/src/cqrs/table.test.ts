import fc from "fast-check";
import { expect, test } from "vitest";
import { type Criteria, emptyTable, putRow, removeRow, search, type Table } from "./index.js";

interface User {
  readonly name: string;
  readonly level: "gold" | "silver";
  readonly orders: number;
}

const users = ["ann", "bob", "cid", "__proto__"];
const level = fc.constantFrom<User["level"][]>("gold", "silver");
const row = fc.record({ name: fc.constantFrom("Ann", "Bob"), level, orders: fc.nat(3) });
const step = fc.tuple(fc.constantFrom(...users), fc.option(row, { nil: undefined }));

const tableAfter = (steps: readonly (readonly [string, User | undefined])[], start: Table<User>): Table<User> =>
  steps.reduce((table, [id, user]) => (user === undefined ? removeRow(table, id) : putRow(table, id, user)), start);

test("with indexes and without it finds the same, in the same order", () => {
  const where = fc.record({ name: fc.constantFrom("Ann", "Bob"), level, orders: fc.nat(3) }, { requiredKeys: [] });
  const orderBy = fc.constantFrom<("name" | "orders")[]>("name", "orders");
  const criteria = fc.record({ where, orderBy, descending: fc.boolean(), limit: fc.nat(3) }, { requiredKeys: [] });
  fc.assert(
    fc.property(fc.array(step), criteria, (steps, asked) => {
      const indexed = tableAfter(steps, emptyTable<User>("level", "name"));
      const plain = tableAfter(steps, emptyTable<User>());
      expect(search(indexed, asked as Criteria<User>)).toEqual(search(plain, asked as Criteria<User>));
      expect(search(indexed, {})).toHaveLength(
        new Map(steps.filter(([id], i) => lastOf(steps, id) === i && steps[i]?.[1])).size,
      );
    }),
  );
});

const lastOf = (steps: readonly (readonly [string, unknown])[], id: string): number =>
  steps.map(([each]) => each).lastIndexOf(id);

test("a row that changes is found by what it is now, and the table from before stays", () => {
  const before = putRow(emptyTable<User>("level"), "ann", { name: "Ann", level: "silver", orders: 4 });
  const after = putRow(before, "ann", { name: "Ann", level: "gold", orders: 5 });
  expect(search(after, { where: { level: "silver" } })).toEqual([]);
  expect(search(after, { where: { level: "gold" }, matches: ({ orders }) => orders > 4 })).toHaveLength(1);
  expect(search(before, { where: { level: "silver" } })).toHaveLength(1);
  expect(after.indexes).toEqual({ level: { '"gold"': ["ann"] } });
});
