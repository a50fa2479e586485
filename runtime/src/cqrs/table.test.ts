import fc from "fast-check";
import { expect, test } from "vitest";
import { type Criteria, emptyTable, getRow, putRow, removeRow, search, type Table } from "./index.js";

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
  expect(getRow(after, "ann")).toEqual({ name: "Ann", level: "gold", orders: 5 });
  expect(removeRow(after, "ann")).toEqual(emptyTable<User>("level"));
});

test("rows and their indexes agree with a map, however many they are, and clone as plain data", () => {
  const known = new Map<string, User>();
  let table = emptyTable<User>("level");
  for (let i = 0; i < 20_000; i++) {
    const [id, user] = [`user-${(i * 7) % 9_000}`, { name: `${i}`, level: "gold", orders: i % 3 } as const];
    if (i % 5 === 4) known.delete(id);
    else known.set(id, user);
    table = i % 5 === 4 ? removeRow(table, id) : putRow(table, id, { ...user, level: i % 2 === 0 ? "gold" : "silver" });
  }
  const copy = structuredClone(table);
  expect(search(copy, {})).toHaveLength(known.size);
  expect(search(copy, { where: { level: "gold" } }).length + search(copy, { where: { level: "silver" } }).length).toBe(
    known.size,
  );
  for (const [id, { name }] of known) expect(getRow(copy, id)?.name).toBe(name);
  expect(search(copy, { limit: -1 })).toEqual([]);
});

test("the same rows in any order are the same table", () => {
  const ids = fc.uniqueArray(fc.string({ maxLength: 3 }), { minLength: 1, maxLength: 60 });
  const tableOf = (order: readonly string[]) =>
    order.reduce(
      (table, id) => putRow(table, id, { name: id, level: "gold", orders: id.length }),
      emptyTable<User>("orders"),
    );
  fc.assert(
    fc.property(ids, (order) => {
      expect(tableOf(order)).toEqual(tableOf([...order].reverse()));
    }),
  );
});
