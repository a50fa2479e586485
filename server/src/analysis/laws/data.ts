/**
 * What merge functions are tried with: data, text of which only equality and order are known, and values of which nothing
 * is known at all.
 */
export type Data =
  | undefined
  | null
  | boolean
  | number
  | string
  | Word
  | Unknown
  | Callable
  | readonly Data[]
  | DataSet
  | DataMap
  | DataObject;

export type DataSet = Set<Data>;
export type DataMap = Map<Data, Data>;
export interface DataObject {
  readonly [name: string]: Data;
}

/** Called by the interpreter only. */
export class Callable {
  constructor(readonly call: (args: readonly Data[]) => Data) {}
}

/** A text that a user might write. Which texts there are is not known, so it is never compared with one of the program's. */
export class Word {
  static readonly #known = new Map<string, Word>();

  /** One object a text, so that equal words are equal in sets and maps. */
  static of(text: string): Word {
    let word = Word.#known.get(text);
    if (word === undefined) {
      word = new Word(text);
      if (Word.#known.size < 1_000) Word.#known.set(text, word);
    }
    return word;
  }

  private constructor(readonly text: string) {}
}

/** A value of a type that is not known. */
export class Unknown {
  constructor(readonly name: string) {}
}

/** What a program would do here is not known, or not worth knowing. */
export class Undecidable extends Error {}

export function isObject(value: Data): value is DataObject {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** As replicas get them: each call has copies of its own. */
export function copyOf(value: Data): Data {
  if (Array.isArray(value)) return value.map(copyOf);
  if (value instanceof Set) return new Set([...value].map(copyOf));
  if (value instanceof Map) return new Map([...value].map(([key, each]) => [copyOf(key), copyOf(each)]));
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, copyOf(each)]));
  return value;
}

/** Text by which values compare; sets, maps and objects have no order. */
export function describe(value: Data): string {
  if (value === undefined) return "undefined";
  if (value instanceof Word) return JSON.stringify(value.text);
  if (value instanceof Unknown) return value.name;
  if (value instanceof Callable) throw new Undecidable();
  if (Array.isArray(value)) return `[${value.map(describe).join(", ")}]`;
  if (value instanceof Set) return `Set {${[...value].map(describe).sort().join(", ")}}`;
  if (value instanceof Map)
    return `Map {${[...value]
      .map(([key, each]) => `${describe(key)} => ${describe(each)}`)
      .sort()
      .join(", ")}}`;
  if (isObject(value)) {
    const members = Object.entries(value).filter(([, each]) => each !== undefined);
    return members.length === 0
      ? "{}"
      : `{ ${members
          .map(([name, each]) => `${name}: ${describe(each)}`)
          .sort()
          .join(", ")} }`;
  }
  return typeof value === "number" ? String(value) : JSON.stringify(value);
}

/** The parts without structure, each once. */
export function partsOf(value: Data): string {
  const parts = new Set<string>();
  const collect = (part: Data): void => {
    if (Array.isArray(part) || part instanceof Set) for (const each of part) collect(each);
    else if (part instanceof Map) for (const each of part.values()) collect(each);
    else if (isObject(part)) for (const each of Object.values(part)) collect(each);
    else parts.add(describe(part));
  };
  collect(value);
  return [...parts].sort().join();
}
