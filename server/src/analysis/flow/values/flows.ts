import type { ts } from "ts-morph";
import type { Level } from "../../../../../runtime/src/levels.js";
import { type Extraction, splitId } from "../../extract/extraction.js";
import { isFunctionNode } from "../../extract/scopes.js";
import { type FunctionId, keyOf, type Value } from "../../extract/values.js";
import { remembered } from "../../remembered.js";
import { componentsFrom, reaching } from "../components.js";
import type { Summaries } from "../summaries.js";
import { type Interpreted, interpret, type Surroundings } from "./interpretation.js";
import type { Sink, Summary } from "./run.js";
import { type Flowing, type Guard, isOpen, nothing, type Source, wholeOf } from "./sources.js";

interface Known {
  readonly interpreted: Interpreted;
  readonly summary: Summary;
}

const unknownYet: Summary = { returned: nothing, throws: [], completes: true, pending: [] };

/**
 * Which values and conditions reach which operations: the least fixpoint of one interpretation per function over the call
 * graph, across files. Forgotten like the summaries of effects: with the function, and with what it calls.
 */
export class Flows {
  readonly #known = new Map<FunctionId, Known>();
  readonly #callers = new Map<FunctionId, Set<FunctionId>>();
  readonly #topLevel = new WeakMap<ts.Node, { readonly version: number; readonly sinks: readonly Sink[] }>();
  /** What callers had been told of functions that have been edited since. */
  readonly #told = new Map<FunctionId, string>();
  #version = 0;

  constructor(
    private readonly x: Extraction,
    private readonly summaries: Summaries,
    private readonly levelOf: (id: FunctionId) => Level | undefined,
  ) {}

  /** All that a function or top-level code does, and what reaches it; nothing when it comes to no state by any call. */
  sinksOf(node: ts.Node): readonly Sink[] {
    const id = isFunctionNode(node) ? this.x.functionId(node) : undefined;
    const asked = id === undefined ? undefined : this.#known.get(id);
    if (asked !== undefined) return asked.interpreted.sinks;
    if (!this.#touchesState(node)) return [];
    if (id !== undefined) return this.#ask(id).interpreted.sinks;
    const known = this.#topLevel.get(node);
    if (known?.version === this.#version) return known.sinks;
    const { sinks } = interpret(
      this.#surroundings((id) => this.#ask(id).summary),
      node,
    );
    this.#topLevel.set(node, { version: this.#version, sinks });
    return sinks;
  }

  forgetNode(node: ts.Node): void {
    this.#version++;
    if (isFunctionNode(node)) this.#forget(this.x.functionId(node));
  }

  #forget(id: FunctionId): void {
    const known = this.#known.get(id);
    if (known !== undefined && !this.#told.has(id)) this.#told.set(id, summaryKey(known.summary));
    for (const each of reaching(id, this.#callers)) this.#known.delete(each);
  }

  /** Files with functions of which callers have to be told something new, since this was last asked. */
  changedFiles(): readonly string[] {
    const told = [...this.#told];
    this.#told.clear();
    return told.flatMap(([id, before]) => {
      const isGone = this.x.functionNode(id) === undefined;
      return isGone || summaryKey(this.#ask(id).summary) !== before ? [splitId(id)[0]] : [];
    });
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

  #ask(id: FunctionId): Known {
    if (!this.#known.has(id)) {
      const unknown = (each: FunctionId): readonly FunctionId[] =>
        this.#calleesOf(each).filter((callee) => !this.#known.has(callee));
      for (const component of componentsFrom(id, unknown)) this.#settle(component);
    }
    return this.#known.get(id) ?? { interpreted: nothingDone, summary: unknownYet };
  }

  /** Functions that call one another; all that they call besides is known. */
  #settle(component: readonly FunctionId[]): void {
    const members = component.length === 1 ? component : this.#inSourceOrder(component);
    const open = new Map<FunctionId, Known>();
    const askedBy = new Map<FunctionId, Set<FunctionId>>(members.map((each) => [each, new Set()]));
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
  #inSourceOrder(ids: readonly FunctionId[]): readonly FunctionId[] {
    const places = ids.map((id) => ({ id, file: splitId(id)[0], at: this.x.functionNode(id)?.pos ?? 0 }));
    const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
    return places.sort((a, b) => compare(a.file, b.file) || a.at - b.at || compare(a.id, b.id)).map(({ id }) => id);
  }

  #interpret(id: FunctionId, lookUp: (id: FunctionId) => Summary): Known {
    const node = this.x.functionNode(id);
    if (node?.body === undefined) return { interpreted: nothingDone, summary: unknownYet };
    const interpreted = interpret(this.#surroundings(lookUp), node);
    return { interpreted, summary: summarize(interpreted) };
  }

  #surroundings(summaryOf: (id: FunctionId) => Summary): Surroundings {
    return {
      x: this.x,
      summaryOf,
      itemsOf: (node) => this.summaries.factsOf(node).items,
      effectsOf: (item) => this.summaries.effectsOfItem(item),
      levelOf: this.levelOf,
      field: () => nothing,
    };
  }

  #calleesOf(id: FunctionId): readonly FunctionId[] {
    const node = this.x.functionNode(id);
    if (node === undefined) return [];
    const callees = this.#calledIn(node).filter((each) => each !== id && !this.#isInside(each, node));
    for (const callee of callees) remembered(this.#callers, callee, () => new Set()).add(id);
    return callees;
  }

  /** What is called, or passed to what is called, in a function and in those written in it. */
  #calledIn(node: ts.Node): readonly FunctionId[] {
    const called = new Set<FunctionId>();
    for (const run of functionsWithin(node))
      for (const { callee, args } of this.summaries.factsOf(run).items)
        for (const value of [callee, ...args]) for (const id of functionsIn(value)) called.add(id);
    return [...called];
  }

  #isInside(id: FunctionId, root: ts.Node): boolean {
    for (let each: ts.Node | undefined = this.x.functionNode(id); each !== undefined; each = each.parent)
      if (each === root) return true;
    return false;
  }
}

/** Chains of mutual recursion are shorter than this. */
const mostRounds = 8;

/** Where hundreds of functions call one another, no more than this many interpretations in all. */
const mostInterpretations = 400;

/** Of what functions do with what they are given, callers are told so much; the rest is not followed. */
const mostPending = 64;

const nothingDone: Interpreted = { returned: nothing, throws: [], completes: true, sinks: [] };

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
function summarize({ returned, throws, completes, sinks }: Interpreted): Summary {
  const pending = sinks.flatMap((sink) => pendingOf(sink) ?? []);
  return { returned, throws, completes, pending: pending.length > mostPending ? nearest(pending) : pending };
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

/** Text that stays the same while callers see the same, wherever it is written. */
function summaryKey({ returned, throws, completes, pending }: Summary): string {
  return JSON.stringify([flowingKey(returned), guardsKey(throws), completes, pending.map(sinkKey)]);
}

function sinkKey({ target, cap, handled, path, values, guards, passed, validated }: Sink): unknown {
  return [
    target && stable(keyOf(target)),
    cap,
    handled,
    path.map((item) => stable(keyOf(item.callee))),
    sourcesKey(values.values()),
    guardsKey(guards),
    passed.map(flowingKey),
    validated.size,
  ];
}

function flowingKey(flowing: Flowing): unknown {
  return [
    sourcesKey(wholeOf(flowing).values()),
    [...(flowing.members ?? [])].map(([name, member]) => [name, sourcesKey(wholeOf(member).values())]),
  ];
}

function sourcesKey(sources: Iterable<Source>): unknown {
  return [...sources].map((source) => sourceKey(source));
}

function guardsKey(guards: readonly Guard[]): unknown {
  return guards.map(({ source, test, exits }) => [sourceKey(source), test, exits]);
}

function sourceKey({ origin, derivation, test, implicit }: Source): unknown {
  const from =
    origin.kind === "operation"
      ? [
          stable(keyOf(origin.target)),
          origin.cap,
          origin.handled,
          origin.path.map((item) => stable(keyOf(item.callee))),
        ]
      : origin.kind === "parameter"
        ? [origin.index, origin.member]
        : [origin.what];
  return [from, derivation, test, implicit];
}

/** Ids of nameless functions differ from one version of a file to the next. */
function stable(key: string): string {
  return key.replace(/#~\d+/g, "#~");
}
