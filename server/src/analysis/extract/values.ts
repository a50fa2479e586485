import type { ts } from "ts-morph";
import type { Level } from "../../../../runtime/src/levels.js";

/**
 * What an expression is known to refer to, by names alone. Promises are transparent: `await` changes nothing here.
 * Classes and functions are meant by id, which stays the same while their source is edited.
 */
export type Value =
  | { readonly kind: "unknown" }
  /** Known to be nothing that the analysis follows: data, or something of another package. */
  | { readonly kind: "plain" }
  | { readonly kind: "literal"; readonly value: string | number | boolean }
  | { readonly kind: "instance"; readonly of: ClassId }
  | { readonly kind: "class"; readonly of: ClassId }
  /** A cell of a class, as a handle; `at` after `cell.at("eventual")`, `isStream` after `eventStream(cell, …)`. */
  | {
      readonly kind: "cell";
      readonly receiver: ClassId;
      readonly declaredIn: ClassId;
      readonly field: string;
      readonly at?: Level | undefined;
      readonly isStream?: true;
    }
  /** What `register(0)` gives. */
  | { readonly kind: "handle"; readonly type: DataTypeName; readonly call: ts.CallExpression }
  | { readonly kind: "operation"; readonly cell: Value; readonly name: string }
  /** A labelled store, or what is reached through it: members by name, those that were called with `()`. */
  | { readonly kind: "store"; readonly id: StoreId; readonly chain: readonly string[] }
  /** What the caller passes; `path` are members of it, `@eventual` after `.at("eventual")`, `()` after a call. */
  | { readonly kind: "parameter"; readonly of: FunctionId; readonly index: number; readonly path: readonly string[] }
  | { readonly kind: "function"; readonly id: FunctionId }
  /** An export of the runtime by its own name, or a member of one: `deployment.session`. */
  | { readonly kind: "runtime"; readonly name: string }
  /** What calling an export of the runtime gives: an annotation, mechanism options, a scenario, a session. */
  | { readonly kind: "result"; readonly of: string; readonly call: ts.CallExpression }
  | { readonly kind: "module"; readonly file: string }
  | { readonly kind: "global"; readonly name: string }
  | { readonly kind: "collection"; readonly element: Value; readonly items?: readonly Value[] }
  | { readonly kind: "object"; readonly members: ReadonlyMap<string, Value> }
  | { readonly kind: "type"; readonly members: readonly ts.TypeElement[] }
  /** A method of an array, a map or a promise. */
  | { readonly kind: "builtin"; readonly of: Value; readonly name: string };

export type StoreValue = Value & { readonly kind: "store" };

/** `/src/account.ts#Account` */
export type ClassId = string;
/** `/src/account.ts#Account.transfer` */
export type FunctionId = string;

/** `/src/orders.ts#Orders.db`, or the name of a variable. */
export type StoreId = string;

export const dataTypeNames = ["register", "counter", "set", "map", "log"] as const;
export type DataTypeName = (typeof dataTypeNames)[number];

export const unknown: Value = { kind: "unknown" };
export const plain: Value = { kind: "plain" };

/** What iterating gives. */
export function elementOf(value: Value): Value {
  if (value.kind === "collection") return value.element;
  return value.kind === "plain" ? plain : unknown;
}

/** A member that was called: `insert()`. */
export const calledMark = "()";

/** What calling a store, or a member of one, gives. */
export function calledStore(value: StoreValue): StoreValue {
  const { chain } = value;
  return { ...value, chain: [...chain.slice(0, -1), `${chain.at(-1) ?? ""}${calledMark}`] };
}

/** The members that were called on the way. */
export function callsOf({ chain }: StoreValue): readonly string[] {
  return chain.flatMap((each) => (each.endsWith(calledMark) ? [each.slice(0, -calledMark.length)] : []));
}

export function isCalled({ chain }: StoreValue): boolean {
  return chain.at(-1)?.endsWith(calledMark) ?? false;
}

/** Calls of these give a connection or a part of the store, on which its operations are called; of all others, data. */
const handles =
  /^(?:connect|acquire|getConnection|checkout|reserve|begin|(?:start|begin|create|get)?(?:Transaction|Session|Channel|ConfirmChannel|QueryRunner|EntityManager|Repository|Collection|Producer|Client)|transaction|collection|db|duplicate|client|session)$/;

export function givesHandle({ chain }: StoreValue): boolean {
  return handles.test(chain.at(-1)?.replace(calledMark, "") ?? "");
}

/** Calls of these run what they are given within a transaction, a connection or a part of the store. */
const scopes =
  /^\$?(?:(?:run)?(?:with|in)?_?(?:transaction|tx|connection|session|client)|begin|tx|manager\.transaction)$/i;

/** `db.transaction(async (tx) => …)`: the callback is given the store itself. */
export function opensScope({ chain }: StoreValue): boolean {
  return scopes.test(chain.at(-1) ?? "");
}

/** What the callback of such a call is given. */
export function scopeOf(value: StoreValue): StoreValue {
  return { ...value, chain: value.chain.slice(0, -1) };
}

/** What waiting for a value gives: promises are transparent, but what a store answers is data. */
export function awaited(value: Value): Value {
  if (value.kind === "store" && isCalled(value)) return givesHandle(value) ? value : plain;
  if (value.kind !== "collection" || !mentionsStore(value)) return value;
  const items = value.items?.map(awaited);
  return { kind: "collection", element: awaited(value.element), ...(items && { items }) };
}

function mentionsStore(value: Value & { readonly kind: "collection" }): boolean {
  return value.element.kind === "store" || (value.items?.some(({ kind }) => kind === "store") ?? false);
}

/** The one value that both branches give; data joins with anything, as nothing is called on it. */
export function join(a: Value, b: Value): Value {
  if (a.kind === "plain" || a.kind === "literal") return b;
  if (b.kind === "plain" || b.kind === "literal") return a;
  return sameValue(a, b) ? a : unknown;
}

export function joinAll(values: Iterable<Value>): Value {
  let joined: Value = plain;
  for (const value of values) joined = join(joined, value);
  return joined;
}

function sameValue(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (a.kind === "collection" && b.kind === "collection") return sameValue(a.element, b.element);
  return keyOf(a) === keyOf(b);
}

/** Text that tells values apart; independent of positions, so that it can be compared between versions of a file. */
export function keyOf(value: Value): string {
  switch (value.kind) {
    case "instance":
    case "class":
      return `${value.kind} ${value.of}`;
    case "cell":
      return `cell ${value.receiver} ${value.declaredIn} ${value.field} ${value.at ?? ""}`;
    case "store":
      return `store ${value.id} ${value.chain.join(".")}`;
    case "parameter":
      return `parameter ${value.of} ${value.index} ${value.path.join(".")}`;
    case "function":
      return `function ${value.id}`;
    case "runtime":
    case "global":
      return `${value.kind} ${value.name}`;
    case "operation":
      return `operation ${keyOf(value.cell)} ${value.name}`;
    case "collection":
      return `collection ${keyOf(value.element)} ${value.items?.map(keyOf).join() ?? ""}`;
    case "object":
      return `object ${[...value.members].map(([name, member]) => `${name} ${keyOf(member)}`).join()}`;
    case "literal":
      return `literal ${JSON.stringify(value.value)}`;
    case "module":
      return `module ${value.file}`;
    default:
      return value.kind;
  }
}
