import type { ts } from "ts-morph";
import type { Level } from "../../../../../runtime/src/levels.js";
import type { Item } from "../../extract/functions.js";
import { type FunctionId, keyOf, type Value } from "../../extract/values.js";
import { remembered } from "../../remembered.js";

/** What a value can come from. */
export type Origin =
  /** The result of an operation on a cell, or of something that the caller passes. */
  | {
      readonly kind: "operation";
      readonly target: Value & { readonly kind: "operation" | "parameter" };
      readonly args: readonly Value[];
      /** Reads happen at this level at most: a weaker level on a method on the way. */
      readonly cap: Level | undefined;
      readonly handled: boolean;
      /** The calls that lead to it, the operation itself last. */
      readonly path: readonly Item[];
    }
  /** Data that the caller passes; `member` of an object. */
  | {
      readonly kind: "parameter";
      readonly of: FunctionId;
      readonly index: number;
      readonly member: string | undefined;
    }
  /** Different at each run: the time, chance. */
  | { readonly kind: "ambient"; readonly what: AmbientName; readonly node: ts.Node };

export type AmbientName = "time" | "randomness";

/** What happened to a value on its way, as a set of bits. */
export const derivation = {
  count: 1,
  extreme: 2,
  arithmetic: 4,
  text: 8,
  /** Whatever it came to: it is the key, or the id, under which something is put. */
  identity: 16,
} as const;

/** What a true value says of its origin: there is something, there is nothing, or it stood some comparison. */
export type Test = "present" | "absent" | "compared";

/** One way in which a value depends on an origin. */
export interface Source {
  readonly origin: Origin;
  readonly derivation: number;
  readonly test: Test | undefined;
  /** Only by a statement's condition: which branch assigned or returned the value. */
  readonly implicit: boolean;
  /** The call that passed it to the function written here, which is where it meets what that function does. */
  readonly meeting: ts.Node | undefined;
  /** The calls that passed it on, outermost first. */
  readonly through: readonly ts.Node[];
  /** Equal for sources that no rule tells apart, so that loops and recursion come to an end. */
  readonly key: string;
}

/**
 * Code in which everything depends on everything would join ever larger sets. Beyond this many, what only a caller can
 * know is left out first, then the rest: nothing is said of it.
 */
const mostOpen = 48;
const mostSources = 192;

export type Sources = ReadonlyMap<string, Source>;

/** What a value depends on; members of object and array literals one by one, besides what all of it depends on. */
export interface Flowing {
  readonly sources: Sources;
  readonly members: ReadonlyMap<string, Flowing> | undefined;
}

/** A condition that something stands under. */
export interface Guard {
  readonly source: Source;
  /** What holds where the guarded code runs. */
  readonly test: Test;
  /** The condition, or the call that throws otherwise. */
  readonly node: ts.Node;
  /** The ways in which the other branch ended, when the branches never met again. */
  readonly exits: number;
}

export const exit = { break: 1, continue: 2, return: 4, throw: 8 } as const;

const none: Sources = new Map();
export const nothing: Flowing = { sources: none, members: undefined };

const ids = new WeakMap<object, number>();
let nextId = 1;

/** A number for a node, for keys. */
export function idOf(node: object | undefined): number {
  if (node === undefined) return 0;
  let id = ids.get(node);
  if (id === undefined) {
    id = nextId++;
    ids.set(node, id);
  }
  return id;
}

export function sourceOf(origin: Origin, rest: Partial<Omit<Source, "origin" | "key">> = {}): Source {
  const source = {
    derivation: 0,
    test: undefined,
    implicit: false,
    meeting: undefined,
    through: [] as readonly ts.Node[],
    ...rest,
    origin,
  };
  const { derivation: derived, test, implicit, meeting } = source;
  return { ...source, key: `${originKey(origin)}|${derived}|${test ?? ""}|${implicit}|${idOf(meeting)}` };
}

const originKeys = new WeakMap<Origin, string>();

export function originKey(origin: Origin): string {
  let key = originKeys.get(origin);
  if (key === undefined) {
    key = writeOriginKey(origin);
    originKeys.set(origin, key);
  }
  return key;
}

function writeOriginKey(origin: Origin): string {
  switch (origin.kind) {
    case "operation":
      return `${idOf(origin.path[0]?.node)} ${idOf(origin.path.at(-1)?.node)} ${keyOf(origin.target)} ${origin.cap ?? ""}`;
    case "parameter":
      return `parameter ${origin.of} ${origin.index} ${origin.member ?? ""}`;
    case "ambient":
      return `ambient ${idOf(origin.node)}`;
  }
}

export function flowingOf(...sources: readonly Source[]): Flowing {
  return sources.length === 0
    ? nothing
    : { sources: new Map(sources.map((each) => [each.key, each])), members: undefined };
}

const wholes = new WeakMap<Flowing, Sources>();

/** All that any part of a value depends on. */
export function wholeOf(flowing: Flowing): Sources {
  const { members } = flowing;
  if (members === undefined || members.size === 0) return flowing.sources;
  return remembered(wholes, flowing, () => uniteSources([flowing.sources, ...[...members.values()].map(wholeOf)]));
}

/** Only the caller knows what it is. */
export function isOpen({ origin }: Source): boolean {
  return origin.kind === "parameter" || (origin.kind === "operation" && origin.target.kind === "parameter");
}

/** Whether one more fits among so many. */
function hasRoom(size: number, source: Source): boolean {
  return size < mostOpen || (size < mostSources && !isOpen(source));
}

export function uniteSources(all: readonly Sources[]): Sources {
  const present = all.filter((each) => each.size > 0);
  if (present.length < 2) return present[0] ?? none;
  const united = new Map(present[0]);
  for (const sources of present.slice(1))
    for (const [key, source] of sources) if (!united.has(key) && hasRoom(united.size, source)) united.set(key, source);
  return united;
}

/** A value made of others. */
export function unite(...parts: readonly Flowing[]): Flowing {
  const sources = uniteSources(parts.map(wholeOf));
  return sources.size === 0 ? nothing : { sources, members: undefined };
}

/** One value or the other. */
export function joinFlowing(a: Flowing, b: Flowing): Flowing {
  if (a === b || isNothing(b)) return a;
  if (isNothing(a)) return b;
  const sources = uniteSources([a.sources, b.sources]);
  if (a.members === undefined && b.members === undefined) return { sources, members: undefined };
  const members = new Map<string, Flowing>();
  for (const name of new Set([...(a.members?.keys() ?? []), ...(b.members?.keys() ?? [])]))
    members.set(name, joinFlowing(a.members?.get(name) ?? nothing, b.members?.get(name) ?? nothing));
  return { sources, members };
}

function isNothing({ sources, members }: Flowing): boolean {
  return sources.size === 0 && members === undefined;
}

/** `value.name`; of a value whose members are not known, whatever it depends on. */
export function memberOf(flowing: Flowing, name: string): Flowing {
  const member = flowing.members?.get(name);
  if (member !== undefined)
    return flowing.sources.size === 0
      ? member
      : { sources: uniteSources([member.sources, flowing.sources]), members: member.members };
  // Members that are known are all there are, besides what the object as a whole depends on.
  const sources = new Map<string, Source>();
  for (const source of flowing.sources.values()) {
    const { origin } = source;
    const named =
      origin.kind === "parameter" && origin.member === undefined && source.derivation === 0 && source.test === undefined
        ? changed(source, { origin: { ...origin, member: name } })
        : source;
    sources.set(named.key, named);
  }
  return sources.size === 0 ? nothing : { sources, members: undefined };
}

/** Every element of an array, or value of an object. */
export function elementOf(flowing: Flowing): Flowing {
  return flowing.members === undefined ? flowing : unite(flowing);
}

/** Only what comes from these sources. */
export function filterFlowing(flowing: Flowing, isKept: (source: Source) => boolean): Flowing {
  const sources = new Map([...flowing.sources].filter(([, source]) => isKept(source)));
  const members =
    flowing.members &&
    new Map([...flowing.members].map(([name, member]) => [name, filterFlowing(member, isKept)] as const));
  return sources.size === 0 && members === undefined ? nothing : { sources, members };
}

export function changed(source: Source, change: Partial<Omit<Source, "key">>): Source {
  const { origin, ...rest } = { ...source, ...change };
  return sourceOf(origin, rest);
}

export function mapSources(sources: Sources, map: (source: Source) => Source): Sources {
  if (sources.size === 0) return sources;
  const mapped = new Map<string, Source>();
  for (const source of sources.values()) {
    const after = map(source);
    if (!mapped.has(after.key)) mapped.set(after.key, after);
  }
  return mapped;
}

export function mapFlowing(flowing: Flowing, map: (source: Source) => Source): Flowing {
  if (isNothing(flowing)) return flowing;
  return {
    sources: mapSources(flowing.sources, map),
    members:
      flowing.members &&
      new Map([...flowing.members].map(([name, member]) => [name, mapFlowing(member, map)] as const)),
  };
}

/** A value computed from another in this way. */
export function derived(flowing: Flowing, how: number, test?: Test): Flowing {
  const sources = wholeOf(flowing);
  if (sources.size === 0) return nothing;
  return {
    sources: mapSources(sources, (source) => changed(source, { derivation: source.derivation | how, test })),
    members: undefined,
  };
}

export function opposite(test: Test): Test {
  return test === "compared" ? test : test === "present" ? "absent" : "present";
}

/** What it says when the value counts as true. */
export function testOf({ test, derivation: how }: Source): Test {
  return test ?? ((how & ~derivation.count) === 0 ? "present" : "compared");
}

const guardKeys = new WeakMap<Guard, string>();

export function guardKey(guard: Guard): string {
  let key = guardKeys.get(guard);
  if (key === undefined) {
    const { source, test, node, exits } = guard;
    key = `${source.key}#${test}#${idOf(node)}#${exits}`;
    guardKeys.set(guard, key);
  }
  return key;
}

/** Those that are not known yet, as far as they fit. */
export function addGuards(to: readonly Guard[], guards: readonly Guard[]): readonly Guard[] {
  if (guards.length === 0) return to;
  const known = new Set(to.map(guardKey));
  const added: Guard[] = [];
  for (const guard of guards) {
    const key = guardKey(guard);
    if (known.has(key) || !hasRoom(known.size, guard.source)) continue;
    known.add(key);
    added.push(guard);
  }
  return added.length === 0 ? to : [...to, ...added];
}

/** What a value depends on because a statement's condition chose it. */
export function chosenBy(guards: readonly Guard[]): Sources {
  if (guards.length === 0) return none;
  return new Map(
    guards.map(({ source }) => {
      const chosen = changed(source, { implicit: true });
      return [chosen.key, chosen] as const;
    }),
  );
}

export function withSources(flowing: Flowing, sources: Sources): Flowing {
  return sources.size === 0 ? flowing : { sources: uniteSources([flowing.sources, sources]), members: flowing.members };
}

export function sameFlowing(a: Flowing, b: Flowing): boolean {
  if (a === b) return true;
  if (a.sources.size !== b.sources.size || (a.members?.size ?? -1) !== (b.members?.size ?? -1)) return false;
  for (const key of a.sources.keys()) if (!b.sources.has(key)) return false;
  for (const [name, member] of a.members ?? []) if (!sameFlowing(member, b.members?.get(name) ?? nothing)) return false;
  return true;
}
