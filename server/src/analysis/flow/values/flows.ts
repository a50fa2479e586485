import type { ts } from "ts-morph";
import type { Level } from "../../../../../runtime/src/levels.js";
import { type Extraction, splitId } from "../../extract/extraction.js";
import { isFunctionNode } from "../../extract/scopes.js";
import type { FunctionId, Value } from "../../extract/values.js";
import { remembered } from "../../remembered.js";
import { componentsFrom } from "../components.js";
import type { Summaries } from "../summaries.js";
import { type Interpreted, interpret, type Surroundings } from "./interpretation.js";
import { contentFrom, type Place, type References, referencesIn } from "./places.js";
import type { Sink, Summary } from "./run.js";
import { type Flowing, idOf, isOpen, joinFlowing, nothing, wholeOf } from "./sources.js";
import { summaryKey } from "./summary-keys.js";
import { filesOf, writersOf } from "./writers.js";

interface Known {
  readonly interpreted: Interpreted;
  readonly summary: Summary;
}

const unknownYet: Summary = { returned: nothing, throws: [], completes: true, pending: [], stored: [] };

/** A function, code that runs at load, or a place: what is computed from others, and forgotten with them. */
type Key = string;

/**
 * Which values and conditions reach which operations: the least fixpoint of one interpretation per function over the call
 * graph, across files. Forgotten like the summaries of effects: with the function, and with what it calls.
 */
export class Flows {
  readonly #known = new Map<Key, Known>();
  readonly #callers = new Map<Key, Set<Key>>();
  /** Of nameless functions, and of code that runs at load. */
  readonly #callees = new Map<Key, readonly Key[]>();
  /** What callers had been told of functions that have been edited since, and readers of what lay in places. */
  readonly #told = new Map<Key, string>();
  readonly #code = new Map<Key, ts.Node>();
  readonly #places = new Map<Key, Place>();
  readonly #writers = new Map<Key, readonly Key[]>();
  readonly #references = new WeakMap<object, References>();
  /** Files with functions that have been edited since places were last looked at. */
  readonly #edited = new Set<string>();
  /** Places in which nothing had lain, and something may lie now. */
  readonly #emptied = new Set<Key>();
  readonly #note: (node: ts.Node) => void;

  constructor(
    private readonly x: Extraction,
    private readonly summaries: Summaries,
    private readonly levelOf: (id: FunctionId) => Level | undefined,
  ) {
    this.#note = x.reads.topicOfObjects((node: ts.Node) => this.sinksOf(node));
  }

  /** All that a function or top-level code does, and what reaches it; nothing when it comes to no state by any call. */
  sinksOf(node: ts.Node): readonly Sink[] {
    this.#note(node);
    const key = this.#keyOf(node);
    const asked = this.#known.get(key);
    if (asked !== undefined) return asked.interpreted.sinks;
    return this.#touchesState(node) ? this.#ask(key).interpreted.sinks : [];
  }

  forgetNode(node: ts.Node): void {
    const key = this.#keyOf(node);
    this.#edited.add(node.getSourceFile().fileName);
    const known = this.#known.get(key);
    if (known !== undefined && isFunctionNode(node)) this.#tellLater(key, known);
    this.#forget([key]);
    this.#code.delete(key);
    if (isNameless(key)) this.#unlink(key);
  }

  /** Once it is edited away nobody would miss it; while it is there it says anew what it is computed from. */
  #unlink(key: Key): void {
    for (const callee of this.#callees.get(key) ?? []) {
      const callers = this.#callers.get(callee);
      callers?.delete(key);
      if (callers?.size === 0) this.#callers.delete(callee);
    }
    this.#callees.delete(key);
    this.#callers.delete(key);
  }

  #tellLater(key: Key, { summary }: Known): void {
    if (!this.#told.has(key)) this.#told.set(key, summaryKey(summary));
  }

  /** With all that was computed from them; nothing was computed from a place in which nothing lay. */
  #forget(keys: Iterable<Key>): void {
    const reached = new Set(keys);
    // A set is walked in the order in which it grows.
    for (const key of reached) {
      const known = this.#known.get(key);
      this.#known.delete(key);
      if (this.#places.has(key)) {
        if (known !== undefined) this.#tellLater(key, known);
        if (known?.summary.returned === nothing) this.#emptied.add(key);
        if (this.#emptied.has(key)) continue;
      }
      for (const caller of this.#callers.get(key) ?? []) reached.add(caller);
    }
  }

  /** Files with functions of which callers have to be told something new, since this was last asked. */
  changedFiles(): readonly string[] {
    this.#revisitPlaces();
    const told = [...this.#told];
    this.#told.clear();
    return told.flatMap(([key, before]) => {
      const place = this.#places.get(key);
      const isGone = place === undefined && this.x.functionNode(key) === undefined;
      if (!isGone && summaryKey(this.#ask(key).summary) === before) return [];
      return place === undefined ? [splitId(key)[0]] : filesOf(this.x, place);
    });
  }

  /** An edit may have made a function write to a place, or what it writes worth following. */
  #revisitPlaces(): void {
    for (const [key, place] of this.#places) {
      if (!this.#known.has(key) || !filesOf(this.x, place).some((file) => this.#edited.has(file))) continue;
      const before = this.#writers.get(key) ?? [];
      const after = this.#writersOf(place);
      if (before.length !== after.length || before.some((each, index) => each !== after[index])) this.#forget([key]);
    }
    this.#edited.clear();
    const visited = new Set<Key>();
    for (const key of this.#emptied) {
      this.#emptied.delete(key);
      if (visited.has(key)) continue;
      visited.add(key);
      if (this.#ask(key).summary.returned !== nothing) this.#forget(this.#callers.get(key) ?? []);
    }
  }

  #keyOf(node: ts.Node): Key {
    if (isFunctionNode(node)) return this.x.functionId(node);
    const key = `code ${idOf(node)}`;
    this.#code.set(key, node);
    return key;
  }

  #nodeOf(key: Key): ts.Node | undefined {
    if (this.#places.has(key)) return undefined;
    return key.startsWith("code ") ? this.#code.get(key) : this.x.functionNode(key);
  }

  /** Whether anything is done to a cell or a store by any call; where nothing is, nothing flows into any. */
  #touchesState(node: ts.Node): boolean {
    const own = functionsWithin(node);
    const touches = (id: FunctionId): boolean =>
      this.summaries.effectsOf(id).some(({ target }) => target.kind === "operation");
    return (
      own.some((each) => this.summaries.factsOf(each).items.some(({ callee }) => callee.kind === "operation")) ||
      own.some((each) => isFunctionNode(each) && touches(this.x.functionId(each))) ||
      this.#calledIn(node).some(touches)
    );
  }

  #ask(id: Key): Known {
    if (!this.#known.has(id)) {
      const unknown = (each: Key): readonly Key[] => this.#calleesOf(each).filter((callee) => !this.#known.has(callee));
      for (const component of componentsFrom(id, unknown)) this.#settle(component);
    }
    return this.#known.get(id) ?? { interpreted: nothingDone, summary: unknownYet };
  }

  /** Functions that call one another; all that they call besides is known. */
  #settle(component: readonly Key[]): void {
    const members = component.length === 1 ? component : this.#inSourceOrder(component);
    const open = new Map<Key, Known>();
    const askedBy = new Map<Key, Set<Key>>(members.map((each) => [each, new Set()]));
    const pending = new Set(members);
    const rounds = Math.max(2, Math.min(mostRounds, Math.floor(mostInterpretations / members.length)));
    for (let round = 0; round < rounds && pending.size > 0; round++) {
      for (const each of members) {
        if (!pending.delete(each)) continue;
        const after = this.#interpret(each, (callee) => {
          askedBy.get(callee)?.add(each);
          return (this.#known.get(callee) ?? open.get(callee))?.summary ?? unknownYet;
        });
        const before = open.get(each)?.summary ?? unknownYet;
        open.set(each, after);
        const callers = askedBy.get(each) ?? new Set();
        if (callers.size > 0 && summaryKey(before) !== summaryKey(after.summary))
          for (const caller of callers) pending.add(caller);
      }
    }
    for (const [each, found] of open) this.#known.set(each, found);
  }

  /** Ids of nameless functions say nothing of where they are. */
  #inSourceOrder(ids: readonly Key[]): readonly Key[] {
    const places = ids.map((id) => {
      const node = this.#nodeOf(id);
      return { id, file: node?.getSourceFile().fileName ?? "", at: node?.pos ?? 0 };
    });
    const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
    return places.sort((a, b) => compare(a.file, b.file) || a.at - b.at || compare(a.id, b.id)).map(({ id }) => id);
  }

  #interpret(key: Key, lookUp: (key: Key) => Summary): Known {
    const place = this.#places.get(key);
    if (place !== undefined) return { interpreted: nothingDone, summary: this.#lookInto(place, lookUp) };
    const node = this.#nodeOf(key);
    if (node === undefined || (isFunctionNode(node) && node.body === undefined))
      return { interpreted: nothingDone, summary: unknownYet };
    const interpreted = interpret(this.#surroundings(lookUp), node);
    return { interpreted, summary: summarize(interpreted) };
  }

  /** What all that may write there have left, as far as that depends on no caller of theirs. */
  #lookInto(place: Place, lookUp: (key: Key) => Summary): Summary {
    const contents = this.#followedOf(place).flatMap((writer) => {
      const cap = writer.startsWith("code ") ? undefined : this.levelOf(writer);
      return lookUp(writer).stored.flatMap((each) => (each.place.id === place.id ? contentFrom(each.value, cap) : []));
    });
    const content = contents.reduce<Flowing>((all, each) => joinFlowing(all, each), nothing);
    return { ...unknownYet, returned: wholeOf(content).size === 0 ? nothing : content };
  }

  #surroundings(summaryOf: (key: Key) => Summary): Surroundings {
    return {
      x: this.x,
      summaryOf,
      itemsOf: (node) => this.summaries.factsOf(node).items,
      effectsOf: (item) => this.summaries.effectsOfItem(item),
      levelOf: this.levelOf,
      referencesIn: (node) => this.#referencesIn(node),
      contentOf: (place) => summaryOf(place.key).returned,
    };
  }

  #referencesIn(node: ts.Node): References {
    return remembered(this.#references, this.summaries.factsOf(node), () => referencesIn(this.x, node));
  }

  /** What it is computed from. */
  #calleesOf(key: Key): readonly Key[] {
    const place = this.#places.get(key);
    if (place !== undefined) {
      const writers = this.#writersOf(place);
      this.#writers.set(key, writers);
      // Those that are not followed may come to be.
      for (const each of [...writers, ...writers.flatMap((writer) => this.#calleesOf(writer))])
        remembered(this.#callers, each, () => new Set()).add(key);
      return this.#followedOf(place);
    }
    const node = this.#nodeOf(key);
    if (node === undefined) return [];
    const callees = this.#calledIn(node).filter((each) => each !== key && !this.#isInside(each, node));
    const all = [...callees, ...this.#placesIn(node)];
    for (const callee of all) remembered(this.#callers, callee, () => new Set()).add(key);
    if (isNameless(key)) this.#callees.set(key, all);
    return all;
  }

  #placesIn(node: ts.Node): readonly Key[] {
    const keys = new Set<Key>();
    for (const reference of this.#referencesIn(node).values()) {
      if (reference.kind !== "place") continue;
      this.#places.set(reference.place.key, reference.place);
      keys.add(reference.place.key);
    }
    return [...keys];
  }

  #writersOf(place: Place): readonly Key[] {
    return writersOf(this.x, place).map((node) => this.#keyOf(node));
  }

  /** Where many functions write what they have read, nobody can tell what another one finds. */
  #followedOf(place: Place): readonly Key[] {
    const writers = (this.#writers.get(place.key) ?? []).filter((key) => {
      const node = this.#nodeOf(key);
      return node !== undefined && this.#touchesState(node);
    });
    return writers.length > mostWriters ? [] : writers;
  }

  /** What is called, or passed to what is called, in a function and in those written in it. */
  #calledIn(node: ts.Node): readonly FunctionId[] {
    const called = new Set<FunctionId>();
    for (const run of functionsWithin(node))
      for (const { callee, args } of this.summaries.factsOf(run).items)
        for (const value of [callee, ...args]) for (const id of functionsIn(value)) called.add(id);
    for (const reference of this.#referencesIn(node).values())
      if (reference.kind === "accessor") for (const id of [reference.get, reference.set]) if (id) called.add(id);
    return [...called];
  }

  #isInside(id: FunctionId, root: ts.Node): boolean {
    for (let each: ts.Node | undefined = this.x.functionNode(id); each !== undefined; each = each.parent)
      if (each === root) return true;
    return false;
  }
}

function isNameless(key: Key): boolean {
  return key.startsWith("code ") || key.includes("#~");
}

const mostWriters = 8;

/** Chains of mutual recursion are shorter than this. */
const mostRounds = 8;

/** Where hundreds of functions call one another, no more than this many interpretations in all. */
const mostInterpretations = 400;

/** Of what functions do with what they are given, callers are told so much; the rest is not followed. */
const mostPending = 64;

const nothingDone: Interpreted = { returned: nothing, throws: [], completes: true, sinks: [], stored: [] };

const within = new WeakMap<ts.Node, readonly ts.Node[]>();

function functionsWithin(node: ts.Node): readonly ts.Node[] {
  return remembered(within, node, () => {
    const found: ts.Node[] = [node];
    const visit = (child: ts.Node): void => {
      if (isFunctionNode(child)) found.push(child);
      child.forEachChild(visit);
    };
    node.forEachChild(visit);
    return found;
  });
}

function functionsIn(value: Value): readonly FunctionId[] {
  if (value.kind === "function") return [value.id];
  if (value.kind === "object") return [...value.members.values()].flatMap(functionsIn);
  return [];
}

/** What of an interpretation depends on the caller. */
function summarize({ returned, throws, completes, sinks, stored }: Interpreted): Summary {
  const pending = sinks.flatMap((sink) => pendingOf(sink) ?? []);
  return { returned, throws, completes, pending: pending.length > mostPending ? nearest(pending) : pending, stored };
}

/** What is known to be done to state before what is done to who knows what, and short ways before long ones. */
function nearest(pending: readonly Sink[]): readonly Sink[] {
  const order = ({ target, path }: Sink): number => (target?.kind === "operation" ? 0 : 1_000) + path.length;
  return [...pending].sort((a, b) => order(a) - order(b)).slice(0, mostPending);
}

function pendingOf(sink: Sink): Sink | undefined {
  if (sink.target === undefined) return undefined; // Callers are told what holds when nothing is thrown.
  if (sink.target?.kind === "parameter") return sink;
  const values = new Map([...sink.values].filter(([, source]) => isOpen(source)));
  const guards = sink.guards.filter(({ source }) => isOpen(source));
  return values.size === 0 && guards.length === 0 ? undefined : { ...sink, values, guards, passed: [] };
}
