import type { ts } from "ts-morph";
import type { Level } from "../../../../../runtime/src/levels.js";
import { type Extraction, splitId } from "../../extract/extraction.js";
import type { Item } from "../../extract/functions.js";
import { isFunctionNode } from "../../extract/scopes.js";
import { type FunctionId, keyOf, type Value } from "../../extract/values.js";
import { remembered } from "../../remembered.js";
import type { Summaries } from "../summaries.js";
import { type Interpreted, interpret, type Surroundings } from "./interpretation.js";
import type { Sink, Summary } from "./run.js";
import { type Flowing, type Guard, nothing, type Source, wholeOf } from "./sources.js";

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

  /** All that a function or top-level code does, and what reaches it. */
  sinksOf(node: ts.Node): readonly Sink[] {
    if (isFunctionNode(node)) return this.#ask(this.x.functionId(node)).interpreted.sinks;
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
    const pending = [id];
    const seen = new Set(pending);
    for (let each = pending.pop(); each !== undefined; each = pending.pop()) {
      this.#known.delete(each);
      for (const caller of this.#callers.get(each) ?? []) {
        if (seen.has(caller)) continue;
        seen.add(caller);
        pending.push(caller);
      }
    }
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

  #ask(id: FunctionId): Known {
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    const pending = this.#reachable(id);
    const open = new Map<FunctionId, Known>();
    let isStable = false;
    // Callees come first, so that only recursion asks for what is not known yet.
    const lookUp = (each: FunctionId): Summary => {
      const found = this.#known.get(each)?.summary ?? open.get(each)?.summary;
      if (found === undefined) isStable = false;
      return found ?? unknownYet;
    };
    for (let round = 0; !isStable && round < mostRounds; round++) {
      isStable = true;
      for (const each of pending) {
        const before = open.get(each);
        const after = this.#interpret(each, lookUp);
        open.set(each, after);
        if (before !== undefined && summaryKey(before.summary) !== summaryKey(after.summary)) isStable = false;
      }
    }
    for (const [each, found] of open) this.#known.set(each, found);
    return open.get(id) ?? { interpreted: nothingDone, summary: unknownYet };
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

  /** Callees first, so that only recursion needs a second round. */
  #reachable(root: FunctionId): readonly FunctionId[] {
    const order: FunctionId[] = [];
    const seen = new Set<FunctionId>();
    const visit = (id: FunctionId): void => {
      if (seen.has(id) || this.#known.has(id)) return;
      seen.add(id);
      for (const callee of this.#calleesOf(id)) {
        remembered(this.#callers, callee, () => new Set()).add(id);
        visit(callee);
      }
      order.push(id);
    };
    visit(root);
    return order;
  }

  #calleesOf(id: FunctionId): readonly FunctionId[] {
    const node = this.x.functionNode(id);
    if (node === undefined) return [];
    const callees = new Set<FunctionId>();
    const add = (item: Item): void => {
      for (const value of [item.callee, ...item.args])
        for (const callee of functionsIn(value))
          if (callee !== id && !this.#isInside(callee, node)) callees.add(callee);
    };
    for (const run of functionsWithin(node)) this.summaries.factsOf(run).items.forEach(add);
    return [...callees];
  }

  #isInside(id: FunctionId, root: ts.Node): boolean {
    for (let each: ts.Node | undefined = this.x.functionNode(id); each !== undefined; each = each.parent)
      if (each === root) return true;
    return false;
  }
}

/** Chains of mutual recursion are shorter than this. */
const mostRounds = 8;

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
  return { returned, throws, completes, pending: sinks.flatMap((sink) => pendingOf(sink) ?? []) };
}

function pendingOf(sink: Sink): Sink | undefined {
  if (sink.target === undefined) return undefined; // Callers are told what holds when nothing is thrown.
  if (sink.target?.kind === "parameter") return sink;
  const values = new Map([...sink.values].filter(([, source]) => isOpen(source)));
  const guards = sink.guards.filter(({ source }) => isOpen(source));
  return values.size === 0 && guards.length === 0 ? undefined : { ...sink, values, guards, passed: [] };
}

/** Only the caller knows what it is. */
function isOpen({ origin }: Source): boolean {
  return origin.kind === "parameter" || (origin.kind === "operation" && origin.target.kind === "parameter");
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
