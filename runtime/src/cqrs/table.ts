import { compareText, compareValues, encodeValue } from "../data/values.js";

/**
 * Rows that can be searched: plain data, for the state of a projection. Its indexes are kept with every row, so that a
 * search looks at the rows that an index leads to, not at all.
 */
export interface Table<Row> {
  /** By identity. */
  readonly rows: Readonly<Record<string, Row>>;
  /** By field and by its value, the identities. */
  readonly indexes: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

/** A table without rows, indexed by these fields. */
export function emptyTable<Row extends object>(...fields: readonly (keyof Row & string)[]): Table<Row> {
  return { rows: {}, indexes: Object.fromEntries(fields.map((field) => [field, {}])) };
}

/** The table with this row, in place of the one that had its identity. The given one stays as it is. */
export function putRow<Row extends object>(table: Table<Row>, id: string, row: Row): Table<Row> {
  const { rows, indexes } = removeRow(table, id);
  const indexed = Object.entries(indexes).map(([field, ids]) => {
    const value = encodeValue(row[field as keyof Row]);
    return [field, { ...ids, [value]: [...idsIn(ids, value), id] }] as const;
  });
  return { rows: { ...rows, [id]: row }, indexes: Object.fromEntries(indexed) };
}

/** The table without the row of this identity. */
export function removeRow<Row extends object>(table: Table<Row>, id: string): Table<Row> {
  if (!Object.hasOwn(table.rows, id)) return table;
  const { [id]: removed, ...rows } = table.rows;
  const indexed = Object.entries(table.indexes).map(([field, ids]) => {
    const value = encodeValue((removed as Row)[field as keyof Row]);
    const { [value]: found = [], ...others } = ids;
    const left = found.filter((each) => each !== id);
    return [field, left.length === 0 ? others : { ...others, [value]: left }] as const;
  });
  return { rows, indexes: Object.fromEntries(indexed) };
}

/** All of it has to hold. */
export interface Criteria<Row> {
  /** Fields that equal a value, by structure. Quick where one of them has an index. */
  readonly where?: Readonly<Partial<Row>>;
  readonly matches?: (row: Row) => boolean;
  /** By identity unless told. Rows with equal values stay in the order of their identities. */
  readonly orderBy?: keyof Row & string;
  readonly descending?: boolean;
  readonly limit?: number;
}

/** The rows that meet the criteria, in an order that is the same everywhere. */
export function search<Row extends object>(table: Table<Row>, criteria: Criteria<Row>): readonly Row[] {
  const { matches, orderBy, descending = false, limit } = criteria;
  const where = Object.entries(criteria.where ?? {}).map(([field, value]) => [field, encodeValue(value)] as const);
  const found = candidates(table, where)
    .sort(compareText)
    .map((id) => table.rows[id] as Row)
    .filter((row) => where.every(([field, value]) => encodeValue(row[field as keyof Row]) === value))
    .filter((row) => matches === undefined || matches(row));
  if (orderBy !== undefined) {
    found.sort((a, b) => (descending ? -1 : 1) * compareValues(a[orderBy], b[orderBy]));
  } else if (descending) found.reverse();
  return limit === undefined ? found : found.slice(0, limit);
}

/** Identities that the shortest list of an index has, all of them where no index helps. */
function candidates<Row>({ rows, indexes }: Table<Row>, where: readonly (readonly [string, string])[]): string[] {
  const lists = where
    .filter(([field]) => Object.hasOwn(indexes, field))
    .map(([field, value]) => idsIn(indexes[field] ?? {}, value));
  const [first, ...others] = lists;
  if (first === undefined) return Object.keys(rows);
  return [...others.reduce((shortest, list) => (list.length < shortest.length ? list : shortest), first)];
}

const idsIn = (ids: Readonly<Record<string, readonly string[]>>, value: string): readonly string[] =>
  Object.hasOwn(ids, value) ? (ids[value] as readonly string[]) : [];
