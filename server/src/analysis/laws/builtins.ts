import { Callable, copyOf, type Data, describe, isObject, Undecidable, Word } from "./data.js";
import { equal, order, truthy } from "./operators.js";

/** `value.name` and `value[key]`; what an object of the program does not have might be asked for by a user's own text. */
export function member(value: Data, key: Data): Data {
  const name = key instanceof Word ? key.text : key;
  if (Array.isArray(value)) {
    if (name === "length") return value.length;
    if (typeof name === "number") return value[name] as Data;
  } else if (value instanceof Set || value instanceof Map) {
    if (name === "size") return value.size;
  } else if (value instanceof Word || typeof value === "string") {
    if (name === "length") return value instanceof Word ? value.text.length : value.length;
  } else if (isObject(value) && typeof name === "string") {
    if (Object.hasOwn(value, name)) return value[name];
    if (!(key instanceof Word)) return undefined;
  }
  throw new Undecidable();
}

const arithmetic: Readonly<Record<string, (...numbers: number[]) => number>> = {
  "Math.max": Math.max,
  "Math.min": Math.min,
  "Math.abs": Math.abs,
  "Math.round": Math.round,
  "Math.floor": Math.floor,
  "Math.ceil": Math.ceil,
  "Math.trunc": Math.trunc,
  "Math.sign": Math.sign,
};

export function callGlobal(name: string, args: readonly Data[]): Data {
  const [first, second] = args;
  const calculation = Object.hasOwn(arithmetic, name) ? arithmetic[name] : undefined;
  if (calculation !== undefined) {
    const numbers = args.filter((each) => typeof each === "number");
    if (numbers.length !== args.length) throw new Undecidable();
    return calculation(...numbers);
  }
  switch (name) {
    case "Object.keys":
      return entriesOf(first).map(([key]) => key);
    case "Object.values":
      return entriesOf(first).map(([, value]) => value);
    case "Object.entries":
      return entriesOf(first).map((entry) => [...entry]);
    case "Object.fromEntries":
      return fromEntries(listOf(first));
    case "Object.assign":
      return assign(args);
    case "Object.freeze":
      return first;
    case "Array.from":
      return second === undefined ? listOf(first) : listOf(first).map((each) => callback(second)(each));
    case "Array.of":
      return [...args];
    case "Array.isArray":
      return Array.isArray(first);
    case "structuredClone":
      return copyOf(first);
    case "JSON.stringify":
      return Word.of(describe(first));
    case "Number":
      if (typeof first === "number") return first;
      break;
    case "Boolean":
      return truthy(first);
    default:
  }
  throw new Undecidable();
}

function entriesOf(value: Data): readonly (readonly [string, Data])[] {
  if (!isObject(value)) throw new Undecidable();
  return Object.entries(value);
}

function fromEntries(entries: readonly Data[]): Data {
  return Object.fromEntries(
    entries.map((entry) => {
      const [key, value] = listOf(entry);
      const name = key instanceof Word ? key.text : key;
      if (typeof name !== "string") throw new Undecidable();
      return [name, value];
    }),
  );
}

function assign([target, ...sources]: readonly Data[]): Data {
  if (!isObject(target)) throw new Undecidable();
  for (const source of sources) {
    if (!isObject(source)) throw new Undecidable();
    Object.assign(target, source);
  }
  return target;
}

export function construct(name: string, args: readonly Data[]): Data {
  const [from] = args;
  const isEmpty = from === undefined || from === null;
  if (name === "Set") return new Set(isEmpty ? [] : listOf(from));
  if (name !== "Map") throw new Undecidable();
  return new Map(
    (isEmpty ? [] : listOf(from)).map((entry) => {
      const [key, value] = listOf(entry);
      return [key, value];
    }),
  );
}

function listOf(value: Data): Data[] {
  if (Array.isArray(value)) return [...value];
  if (value instanceof Set) return [...value];
  if (value instanceof Map) return [...value].map((entry) => [...entry]);
  throw new Undecidable();
}

function callback(value: Data): (...args: readonly Data[]) => Data {
  if (!(value instanceof Callable)) throw new Undecidable();
  return (...args) => value.call(args);
}

export function callMethod(value: Data, name: string, args: readonly Data[]): Data {
  if (Array.isArray(value)) return callArray(value, name, args);
  if (value instanceof Set) return callSet(value, name, args);
  if (value instanceof Map) return callMap(value, name, args);
  if (value instanceof Word) return callWord(value, name, args);
  throw new Undecidable();
}

function callWord(value: Word, name: string, [other]: readonly Data[]): Data {
  if (name === "localeCompare") return order(value, other ?? null);
  if (name === "concat" && other instanceof Word) return Word.of(value.text + other.text);
  if (name === "trim" || name === "toString" || name === "toLowerCase") return value;
  throw new Undecidable();
}

function callArray(value: Data[], name: string, args: readonly Data[]): Data {
  const [first, second] = args;
  const test = (each: Data, index: number): boolean => truthy(callback(first)(each, index, value));
  switch (name) {
    case "map":
      return value.map((each, index) => callback(first)(each, index, value));
    case "flatMap":
      return value.flatMap((each, index) => {
        const made = callback(first)(each, index, value);
        return Array.isArray(made) ? made : [made];
      });
    case "filter":
      return value.filter(test);
    case "find":
      return value.find(test);
    case "findIndex":
      return value.findIndex(test);
    case "some":
      return value.some(test);
    case "every":
      return value.every(test);
    case "forEach":
      value.forEach((each, index) => void callback(first)(each, index, value));
      return undefined;
    case "reduce":
      return args.length < 2
        ? value.reduce((sum, each, index) => callback(first)(sum, each, index, value))
        : value.reduce<Data>((sum, each, index) => callback(first)(sum, each, index, value), second);
    case "includes":
      return value.some((each) => equal(each, first));
    case "indexOf":
      return value.findIndex((each) => equal(each, first));
    case "concat":
      return value.concat(...args.map((each) => (Array.isArray(each) ? (each as Data[]) : [each])));
    case "slice":
      return value.slice(...positions(args));
    case "at":
      return typeof first === "number" ? value.at(first) : undecided();
    case "sort":
      return value.sort(comparison(first));
    case "toSorted":
      return [...value].sort(comparison(first));
    case "reverse":
      return value.reverse();
    case "toReversed":
      return [...value].reverse();
    case "push":
      return value.push(...args);
    case "join":
      return Word.of(value.map(describe).join());
    case "values":
      return [...value];
    case "entries":
      return value.map((each, index) => [index, each]);
    default:
      return undecided();
  }
}

function undecided(): never {
  throw new Undecidable();
}

function positions(args: readonly Data[]): number[] {
  return args.map((each) => (typeof each === "number" ? each : undecided()));
}

/** Without a comparison values are sorted as texts. */
function comparison(given: Data): (a: Data, b: Data) => number {
  if (given === undefined)
    return (a, b) => (typeof a === "number" && typeof b === "number" ? order(String(a), String(b)) : order(a, b));
  return (a, b) => {
    const result = callback(given)(a, b);
    return typeof result === "number" ? result : undecided();
  };
}

function callSet(value: Set<Data>, name: string, [first]: readonly Data[]): Data {
  switch (name) {
    case "has":
      return [...value].some((each) => equal(each, first));
    case "add":
      return value.add(first);
    case "delete":
      return value.delete(first);
    case "values":
    case "keys":
      return [...value];
    case "forEach":
      for (const each of value) callback(first)(each);
      return undefined;
    case "union": {
      const other = first instanceof Set ? first : undecided();
      return new Set([...value, ...other]);
    }
    default:
      return undecided();
  }
}

function callMap(value: Map<Data, Data>, name: string, [first, second]: readonly Data[]): Data {
  const key = [...value.keys()].find((each) => equal(each, first));
  switch (name) {
    case "get":
      return value.get(key);
    case "has":
      return value.has(key);
    case "set":
      return value.set(key ?? first, second);
    case "delete":
      return value.delete(key);
    case "keys":
      return [...value.keys()];
    case "values":
      return [...value.values()];
    case "entries":
      return [...value].map((entry) => [...entry]);
    case "forEach":
      for (const [each, held] of value) callback(first)(held, each);
      return undefined;
    default:
      return undecided();
  }
}
