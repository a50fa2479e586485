import { ts } from "ts-morph";
import { type Level, weakest } from "../../../../../runtime/src/levels.js";
import { calledIn, givenTo, isStoreCall } from "../../extract/call-nodes.js";
import { substitute } from "../../extract/calls.js";
import type { Item } from "../../extract/functions.js";
import { accessOf, operationNames } from "../../extract/operation-names.js";
import { isFunctionNode, skipOuter } from "../../extract/scopes.js";
import { storeOperation } from "../../extract/store-operations.js";
import type { FunctionId, Value } from "../../extract/values.js";
import { remembered } from "../../remembered.js";
import { choose } from "./choices.js";
import type { Run, Running, Sink, Stored } from "./run.js";
import {
  addGuards,
  changed,
  exit,
  type Flowing,
  filterFlowing,
  flowingOf,
  type Guard,
  isOpen,
  memberOf,
  nothing,
  opposite,
  type Source,
  type Sources,
  sourceOf,
  type Test,
  testOf,
  unite,
  uniteSources,
  wholeOf,
} from "./sources.js";

/** Functions that are passed to functions that are passed to functions … */
const mostPassed = 3;

/** Longer chains of calls than this are not followed; recursion would build them without end. */
const mostCalls = 12;

/** Calls a function that is written elsewhere: its summary, with what this call passes in place of its parameters. */
export function instantiate(run: Run, id: FunctionId, item: Item | undefined, args: readonly Flowing[]): Flowing {
  const summary = run.summaryOf(id);
  const call = new Call(run, id, item, args);
  for (const sink of summary.pending) call.perform(sink);
  for (const each of summary.stored) call.store(each);
  call.runLeftOver();
  call.guardEffects();
  if (run.state === undefined) return nothing;
  const required = summary.throws.flatMap((guard) => call.guards(guard));
  const throwing = required.map((guard) => ({ ...guard, exits: exit.throw }));
  run.require(addGuards([], throwing), item?.node);
  if (!summary.completes) {
    run.state = undefined;
    run.exits |= exit.throw;
    return nothing;
  }
  return call.flowing(summary.returned);
}

class Call {
  /** What functions that this call passes gave, by the argument. */
  readonly #given = new Map<number, Flowing>();
  /** What a source of the callee is here; to be found again once a function that this call passes has been run. */
  readonly #instantiated = new Map<Source, Sources>();

  constructor(
    private readonly run: Run,
    private readonly id: FunctionId,
    private readonly item: Item | undefined,
    private readonly args: readonly Flowing[],
  ) {}

  /** What the callee does with what it is given. */
  perform(sink: Sink): void {
    const { run, item } = this;
    const { state } = run;
    if (item === undefined || state === undefined || sink.path.length > mostCalls) return;
    const target = this.#target(sink);
    const guards = sink.guards.flatMap((guard) => this.guards(guard));
    if (target?.kind === "function") {
      this.#runPassed(sink, guards);
      return;
    }
    if (target?.kind !== "operation" && target?.kind !== "parameter") return;
    run.record({
      target,
      node: item.node,
      cap: this.#cap(sink.cap),
      handled: sink.handled || item.handled,
      args: sink.args.map((each) => this.#substitute(each)),
      path: [item, ...sink.path],
      values: this.#sources(sink.values),
      guards: addGuards(state.guards, guards),
      passed: sink.passed.map((each) => this.flowing(each)),
      validated: sink.validated,
    });
  }

  /** What of it the callee itself was given is left there by whoever gave it. */
  store({ place, value }: Stored): void {
    const given = filterFlowing(value, isOpen);
    if (this.item !== undefined && wholeOf(given).size > 0) this.run.store(place, this.flowing(given), this.item.node);
    if (place.declaredIn === undefined || this.#isOnThis()) this.run.overwrite(place, this.flowing(value));
  }

  #isOnThis(): boolean {
    const called = this.item && calledIn(this.item.node);
    if (called === undefined || !ts.isPropertyAccessExpression(called)) return false;
    const { kind } = called.expression;
    return kind === ts.SyntaxKind.ThisKeyword || kind === ts.SyntaxKind.SuperKeyword;
  }

  /** The callee calls a function that this call passes. */
  #runPassed(sink: Sink, guards: readonly Guard[]): void {
    const { target } = sink;
    if (target?.kind !== "parameter") return;
    const value = this.item?.args[target.index];
    const argument = this.item && givenTo(this.item.node)[target.index];
    if (value === undefined || argument === undefined) return;
    const passed = sink.passed.map((each) => this.flowing(each));
    const result = applyFunction(this.run, value, passed, this.item, argument, { isOptional: true, entering: guards });
    const known = this.#given.get(target.index);
    this.#instantiated.clear();
    this.#given.set(target.index, {
      sources: uniteSources([wholeOf(known ?? nothing), wholeOf(result ?? nothing)]),
      members: undefined,
    });
  }

  /** Functions written in place that the callee keeps, or calls in a way that is not seen. */
  runLeftOver(): void {
    for (const [index, argument] of (this.item === undefined ? [] : givenTo(this.item.node)).entries()) {
      const literal = skipOuter(argument);
      if (!isFunctionNode(literal) || this.#given.has(index)) continue;
      this.#given.set(index, this.run.runFunction(literal, [], { isOptional: true }));
      this.#instantiated.clear();
    }
  }

  /** Whatever it does, it does under the conditions of this call. */
  guardEffects(): void {
    const { run, item } = this;
    const guards = run.state?.guards ?? [];
    if (item === undefined || guards.length === 0) return;
    for (const effect of run.effectsOf(item)) {
      const last = effect.path.at(-1);
      if (effect.target.kind !== "operation" || accessOf(effect.target.name) === "read") continue;
      if (last === undefined || (last !== item && run.isWrittenHere(last.node))) continue;
      run.record({
        target: effect.target,
        node: item.node,
        cap: effect.cap,
        handled: effect.handled,
        args: effect.args,
        path: effect.path,
        values: new Map(),
        guards,
        passed: [],
        validated: new Set(),
      });
    }
  }

  flowing(flowing: Flowing): Flowing {
    const sources = this.#sources(flowing.sources);
    const members =
      flowing.members && new Map([...flowing.members].map(([name, each]) => [name, this.flowing(each)] as const));
    return sources.size === 0 && members === undefined ? nothing : { sources, members };
  }

  guards(guard: Guard): readonly Guard[] {
    const node: ts.Node = this.item?.node ?? guard.node;
    return [...this.#source(guard.source).values()].map((source) => ({
      source,
      test:
        guard.source.origin.kind === "operation" && !this.#isPassed(guard.source)
          ? guard.test
          : composed(guard.test, source),
      node,
      exits: guard.exits,
    }));
  }

  #isPassed({ origin }: Source): boolean {
    return origin.kind === "operation" && origin.target.kind === "parameter" && origin.target.path.length === 0;
  }

  #sources(sources: Sources): Sources {
    return sources.size === 0 ? sources : uniteSources([...sources.values()].map((each) => this.#source(each)));
  }

  #source(source: Source): Sources {
    return remembered(this.#instantiated, source, () => this.#instantiate(source));
  }

  #instantiate(source: Source): Sources {
    const { origin } = source;
    if (origin.kind === "parameter") {
      if (origin.of !== this.id) return nothing.sources;
      const passed = this.args[origin.index] ?? nothing;
      return this.#passedOn(source, origin.member === undefined ? passed : memberOf(passed, origin.member));
    }
    if (origin.kind === "ambient") return new Map([[source.key, source]]);
    if (this.item === undefined || origin.path.length > mostCalls) return nothing.sources;
    const target = this.#target(origin);
    if (target?.kind === "function" && origin.target.kind === "parameter")
      return this.#passedOn(source, this.#given.get(origin.target.index) ?? nothing);
    if (target?.kind !== "operation" && target?.kind !== "parameter") return nothing.sources;
    const read = changed(source, {
      meeting: undefined,
      origin: {
        ...origin,
        target,
        args: origin.args.map((each) => this.#substitute(each)),
        cap: this.#cap(origin.cap),
        handled: origin.handled || this.item.handled,
        path: [this.item, ...origin.path],
      },
    });
    return new Map([[read.key, read]]);
  }

  /** The callee has gone on with what it was given. */
  #passedOn(source: Source, passed: Flowing): Sources {
    const node = this.item?.node;
    const on = [...wholeOf(passed).values()].map((each) =>
      changed(each, {
        derivation: each.derivation | source.derivation,
        test: source.test === undefined ? each.test : composed(source.test, each),
        implicit: each.implicit || source.implicit,
        through:
          node === undefined || each.through.includes(node) ? each.through : [...each.through, node, ...source.through],
      }),
    );
    return new Map(on.map((each) => [each.key, each]));
  }

  /** What it is done to, seen from here. A store that this call passes is operated on only now. */
  #target({ target, path }: Pick<Sink, "target" | "path">): Value | undefined {
    const substituted = target && this.#substitute(target);
    const node = path.at(-1)?.node;
    if (substituted?.kind !== "store" || node === undefined || !isStoreCall(node)) return substituted;
    return storeOperation(this.run.x, substituted, node);
  }

  #substitute(value: Value): Value {
    return this.item === undefined ? value : substitute(this.run.x, value, this.id, this.item.args);
  }

  #cap(cap: Level | undefined): Level | undefined {
    const level = this.run.levelOf(this.id);
    return level === undefined || cap === undefined ? (cap ?? level) : weakest(cap, level);
  }
}

/** A test of what a call passed is a test of what that came from. */
function composed(test: Test, source: Source): Test {
  if (test === "compared") return test;
  return test === "present" ? testOf(source) : opposite(testOf(source));
}

/** Something done to a cell that the caller passes, or a call of a function that it passes. */
export function isOperationName(path: readonly string[]): boolean {
  const name = path.at(-1);
  return name !== undefined && operationNames.has(name);
}

/** Runs a function that is passed as an argument; undefined when it is none. */
export function applyFunction(
  run: Run,
  value: Value,
  args: readonly Flowing[],
  item: Item | undefined,
  argument: ts.Expression,
  how: Running,
): Flowing | undefined {
  if (value.kind === "function") {
    if (run.passedDepth >= mostPassed) return unite(...args);
    run.passedDepth++;
    try {
      return callPassedFunction(run, value.id, args, item, argument, how);
    } finally {
      run.passedDepth--;
    }
  }
  if (value.kind !== "parameter" || item === undefined) return undefined;
  const origin = {
    kind: "operation",
    target: value,
    args: [],
    cap: undefined,
    handled: item.handled,
    path: [item],
  } as const;
  return flowingOf(sourceOf(origin));
}

function callPassedFunction(
  run: Run,
  id: FunctionId,
  args: readonly Flowing[],
  item: Item | undefined,
  argument: ts.Expression,
  how: Running,
): Flowing | undefined {
  const target = run.x.functionNode(id);
  if (target === undefined) return undefined;
  if (run.isWrittenHere(target)) {
    const isInPlace = skipOuter(argument) === (target as ts.Node);
    return run.runFunction(target, args, isInPlace ? how : { ...how, meeting: item?.node });
  }
  const [result = nothing] = choose(run, [
    { entering: how.entering ?? [], body: () => instantiate(run, id, item, args) },
    { entering: [], body: () => nothing },
  ]);
  return result;
}
