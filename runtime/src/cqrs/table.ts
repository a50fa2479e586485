import { compareText, compareValues, encodeValue } from "../data/values.js";
import { emptyTrie, keysIn, type Trie, valueIn, withoutKey, withValue } from "./trie.js";

/**
 * Rows that can be searched: plain data, for the state of a projection. Its indexes are kept with every row, so that a
 * search looks at the rows that an index leads to, not at all. A row more or less costs as much in a large table as in a
 * small one.
 */
export interface Table<Row> {
  /** By identity. */
  readonly rows: Trie<Row>;
  /** By field and by its value, the rows that have it. */
  readonly indexes: Readonly<Record<string, Trie<Found>>>;
}

interface Found {
  readonly count: number;
  /** Their identities. */
  readonly ids: Trie<true>;
}

/** A table without rows, indexed by these fields. */
export function emptyTable<Row extends object>(...fields: readonly (keyof Row & string)[]): Table<Row> {
  return { rows: emptyTrie(), indexes: Object.fromEntries(fields.map((field) => [field, emptyTrie()])) };
}

/** The row of this identity; undefined if there is none. */
export function getRow<Row extends object>(table: Table<Row>, id: string): Row | undefined {
  return valueIn(table.rows, id);
}

/** The table with this row, in place of the one that had its identity. The given one stays as it is. */
export function putRow<Row extends object>(table: Table<Row>, id: string, row: Row): Table<Row> {
  return { rows: withValue(table.rows, id, row), indexes: reindexed(table, id, row) };
}

/** The table without the row of this identity. */
export function removeRow<Row extends object>(table: Table<Row>, id: string): Table<Row> {
  if (getRow(table, id) === undefined) return table;
  return { rows: withoutKey(table.rows, id), indexes: reindexed(table, id, undefined) };
}

/** Its indexes once the row of an identity is another one, or none. */
function reindexed<Row extends object>(table: Table<Row>, id: string, after: Row | undefined): Table<Row>["indexes"] {
  const before = getRow(table, id);
  const indexed = Object.entries(table.indexes).map(([field, index]) => {
    const [from, to] = [before, after].map((row) => row && encodeValue(row[field as keyof Row]));
    if (from === to) return [field, index] as const;
    return [field, added(removed(index, from, id), to, id)] as const;
  });
  return Object.fromEntries(indexed);
}

function added(index: Trie<Found>, value: string | undefined, id: string): Trie<Found> {
  if (value === undefined) return index;
  const { count, ids } = valueIn(index, value) ?? { count: 0, ids: emptyTrie<true>() };
  return withValue(index, value, { count: count + 1, ids: withValue(ids, id, true) });
}

function removed(index: Trie<Found>, value: string | undefined, id: string): Trie<Found> {
  const found = value === undefined ? undefined : valueIn(index, value);
  if (value === undefined || found === undefined) return index;
  if (found.count === 1) return withoutKey(index, value);
  return withValue(index, value, { count: found.count - 1, ids: withoutKey(found.ids, id) });
}

/** All of it has to hold. */
export interface Criteria<Row> {
  /** Fields that equal a value, by structure. Quick where one of them has an index. */
  readonly where?: Readonly<Partial<Row>>;
  readonly matches?: (row: Row) => boolean;
  /** By identity unless told. Rows with equal values stay in the order of their identities. */
  readonly orderBy?: keyof Row & string;
  readonly descending?: boolean;
  /** All of them unless told. */
  readonly limit?: number;
}

/** The rows that meet the criteria, in an order that is the same everywhere. */
export function search<Row extends object>(table: Table<Row>, criteria: Criteria<Row>): readonly Row[] {
  const { matches, orderBy, descending = false, limit } = criteria;
  const where = Object.entries(criteria.where ?? {}).map(([field, value]) => [field, encodeValue(value)] as const);
  const found = candidates(table, where)
    .sort(compareText)
    .map((id) => getRow(table, id) as Row)
    .filter((row) => where.every(([field, value]) => encodeValue(row[field as keyof Row]) === value))
    .filter((row) => matches === undefined || matches(row));
  if (orderBy !== undefined) {
    found.sort((a, b) => (descending ? -1 : 1) * compareValues(a[orderBy], b[orderBy]));
  } else if (descending) found.reverse();
  return limit === undefined ? found : found.slice(0, Math.max(0, limit));
}

/** Identities of the fewest rows that an index leads to, all of them where no index helps. */
function candidates<Row>({ rows, indexes }: Table<Row>, where: readonly (readonly [string, string])[]): string[] {
  const [first, ...others] = where
    .filter(([field]) => Object.hasOwn(indexes, field))
    .map(([field, value]) => valueIn(indexes[field] as Trie<Found>, value) ?? { count: 0, ids: emptyTrie<true>() });
  if (first === undefined) return keysIn(rows);
  return keysIn(others.reduce((fewest, found) => (found.count < fewest.count ? found : fewest), first).ids);
}
