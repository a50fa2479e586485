import { ts } from "ts-morph";
import type { Level } from "../../../../runtime/src/levels.js";
import { decoratorsOf, levelDecorator } from "../extract/annotations.js";
import { calledIn } from "../extract/call-nodes.js";
import { calleeName, type Item } from "../extract/functions.js";
import { enclosingFunction, type FunctionNode, isFunctionNode, memberName } from "../extract/scopes.js";
import { keyOf } from "../extract/values.js";
import { isKeeping } from "../flow/values/places.js";
import type { Sink } from "../flow/values/run.js";
import { derivation, type Guard, idOf, isOpen, originKey, type Source } from "../flow/values/sources.js";
import { lazily, remembered } from "../remembered.js";
import { nodeOf, siteOf } from "../sites.js";
import type { StateEffect } from "../states.js";
import type { FlowFunction, FlowOrigin, FlowStep, FlowTarget, ValueFlow } from "../value-flows.js";
import { isAlone } from "./alone.js";
import { cellIdentity, isKeyOfEntry, keyIdentity } from "./identities.js";
import { invariantsAbout } from "./invariants.js";
import { KeptByUnit } from "./kept.js";
import { isFilledLazily } from "./lazy-fields.js";
import { isMerged, overwrites } from "./overwriting.js";
import { transactionAround } from "./transactions.js";
import type { View } from "./view.js";

/** Every pair of a read and a write that meet in a function of this file. */
export function valueFlowsOf(view: View, tree: ts.SourceFile): readonly ValueFlow[] {
  return kept.of(view.sources, tree, ({ runs }, { usages }) =>
    usages.length === 0 ? [] : runs.flatMap((run) => (isRoot(run) ? flowsIn(view, run) : [])),
  );
}

const kept = new KeptByUnit<ValueFlow>();

/** Functions written in others are looked at with them. */
function isRoot(node: ts.Node): boolean {
  return enclosingFunction(node) === undefined;
}

function flowsIn(view: View, run: ts.Node): readonly ValueFlow[] {
  const met = meetingIn(view.sources.flows.sinksOf(run));
  if (met.length === 0) return [];
  const found = new Map<string, ValueFlow>();
  const pairs = new Pairs(view, run);
  for (const sink of met) {
    for (const flow of pairs.of(sink)) {
      const key = `${flow.kind} ${flow.from.id} ${flow.to.id} ${flow.condition?.test ?? ""} ${JSON.stringify(flow.shape)}`;
      if (!found.has(key)) found.set(key, flow);
    }
  }
  return [...found.values()];
}

const meetings = new WeakMap<readonly Sink[], readonly Sink[]>();

/** Those that something reaches besides what only callers know. */
function meetingIn(sinks: readonly Sink[]): readonly Sink[] {
  return remembered(meetings, sinks, () =>
    sinks.filter(
      ({ values, guards }) =>
        [...values.values()].some((source) => !isOpen(source)) || guards.some(({ source }) => !isOpen(source)),
    ),
  );
}

class Pairs {
  readonly #within: FlowFunction | undefined;
  readonly #cap: Level | undefined;
  readonly #origins = new Map<string, FlowOrigin | undefined>();

  constructor(
    private readonly view: View,
    private readonly run: ts.Node,
  ) {
    const { x } = view.sources;
    const member = ts.isPropertyDeclaration(run.parent) ? run.parent : run;
    this.#cap = isFunctionNode(run) ? levelDecorator(x, member)?.level : undefined;
    this.#within = isFunctionNode(run) ? describe(view, run) : undefined;
  }

  of(sink: Sink): readonly ValueFlow[] {
    const values = [...sink.values.values()].filter((source) => !isOpen(source));
    const guards = sink.guards.filter(({ source }) => !isOpen(source));
    const target = this.#target(sink);
    if (target === undefined) return [];
    return [
      ...values.flatMap((source) => this.#pair(sink, target, source, undefined) ?? []),
      ...guards.flatMap((guard) => this.#pair(sink, target, guard.source, guard) ?? []),
    ];
  }

  #target(sink: Sink): FlowTarget | undefined {
    const { target } = sink;
    if (target === undefined) return this.#thrown(sink);
    if (target.kind !== "operation") return undefined;
    const effect = this.view.stateEffect({ ...sink, target, order: [] }, this.#cap);
    if (effect === undefined || (effect.access !== "write" && effect.access !== "update")) return undefined;
    // Positions would not outlive the next edit.
    const steps = sink.path.map(({ node }) => idOf(node)).join(" ");
    return { kind: "write", effect, id: `${idOf(sink.node)} ${steps} ${keyOf(target)}` };
  }

  #thrown({ node }: Sink): FlowTarget | undefined {
    if (!isFunctionNode(this.run) || !isTransaction(this.view, this.run)) return undefined;
    const writes = this.view.stateEffectsOf(this.run).filter(({ access }) => access === "write" || access === "update");
    return { kind: "throw", writes, id: `throw ${idOf(node)}` };
  }

  #pair(sink: Sink, to: FlowTarget, source: Source, guard: Guard | undefined): ValueFlow | undefined {
    const from = this.#origin(source);
    if (
      from === undefined ||
      (source.origin.kind === "operation" &&
        source.origin.path.at(-1) === sink.path.at(-1) &&
        sink.path.length === 1 &&
        source.origin.path.length === 1)
    )
      return undefined;
    // What one call decides about itself is told of what it calls; here it would be the next turn of a loop.
    if (guard !== undefined && source.origin.kind === "operation" && this.#isToldInside(source.origin.path, sink.path))
      return undefined;
    const kept = source.through.findLast(isKeeping);
    if (kept !== undefined && guard !== undefined && guard.test !== "compared" && isFilledLazily(kept))
      return undefined;
    const met = source.meeting;
    const { x } = this.view.sources;
    const read = source.origin.kind === "operation" ? source.origin.path : [];
    const isSame = from.kind === "read" && to.kind === "write" && sameState(from.effect, to.effect);
    // Whose field it was left in is not known, nor whether names mean there what they mean here.
    const isSameNamed = isSame && kept === undefined;
    const flow = {
      kind: guard === undefined && !source.implicit ? "value" : "guard",
      from,
      to,
      site: siteOf(met ?? sink.node),
      call: met === undefined ? nameOfFirstCall(sink) : nameOfCall(met),
      within: this.#within,
      path: pathOf(source, sink, guard),
      isKept: kept !== undefined,
      sameCell: isSame,
      sameObject: isSameNamed && isEqual(cellIdentity(x, read), cellIdentity(x, sink.path)),
      sameKey:
        isSameNamed && (isEqual(keyIdentity(x, read), keyIdentity(x, sink.path)) || isKeyOfEntry(read, sink.path)),
      insideUpdate: to.kind === "write" && to.effect.access === "update",
      isValidated: sink.validated.has(originKey(source.origin)),
      condition: guard && {
        site: siteOf(guard.node),
        test: guard.test,
        isAlone: isAlone(guard.node, met ?? sink.node),
      },
      shape: {
        isCount: (source.derivation & derivation.count) !== 0 || isCounted(from),
        isExtreme: (source.derivation & derivation.extreme) !== 0,
        isArithmetic: (source.derivation & derivation.arithmetic) !== 0,
        isText: (source.derivation & derivation.text) !== 0,
      },
    } as const;
    const withOverwrites = lazily(flow, "overwrites", () => overwrites(to, sink.path.at(-1)));
    const withMerge = lazily(withOverwrites, "isMerged", () => isMerged(x, to));
    // Others may state something new about what this flow, which is kept, has to do with.
    return x.reads.lively(withMerge, {
      invariants: () => invariantsAbout(this.view, this.run, from, to, flow.sameObject),
    });
  }

  #origin(source: Source): FlowOrigin | undefined {
    const id = originKey(source.origin);
    if (!this.#origins.has(id)) this.#origins.set(id, this.#buildOrigin(source, id));
    return this.#origins.get(id);
  }

  /** By one call, of a function elsewhere that knows both without being told what they are on. */
  #isToldInside(read: readonly Item[], write: readonly Item[]): boolean {
    const [call] = read;
    if (call === undefined || call !== write[0]) return false;
    if ([...read.slice(1), ...write.slice(1)].some(({ callee }) => callee.kind === "parameter")) return false;
    const called = call.callee.kind === "function" ? this.view.sources.x.functionNode(call.callee.id) : undefined;
    return called === undefined || !isWithin(called, this.run);
  }

  /** Read in a function that this one does not call, under a level of its own. */
  #isElsewhere({ origin }: Source): boolean {
    const first = origin.kind === "operation" ? origin.path[0] : undefined;
    return first !== undefined && !isWithin(first.node, this.run);
  }

  #buildOrigin(source: Source, id: string): FlowOrigin | undefined {
    const { origin } = source;
    if (origin.kind === "ambient") return { kind: "ambient", what: origin.what, site: siteOf(origin.node), id };
    if (origin.kind !== "operation" || origin.target.kind !== "operation") return undefined;
    const cap = this.#isElsewhere(source) ? undefined : this.#cap;
    const effect = this.view.stateEffect({ ...origin, target: origin.target, order: [] }, cap);
    return effect?.access === "read" || effect?.access === "update" ? { kind: "read", effect, id } : undefined;
  }
}

function isWithin(node: ts.Node, outer: ts.Node): boolean {
  let around: ts.Node | undefined = node;
  while (around !== undefined && around !== outer) around = around.parent;
  return around !== undefined;
}

function sameState(a: StateEffect, b: StateEffect): boolean {
  if ("cell" in a !== "cell" in b) return false;
  if ("cell" in a) return "cell" in b && nodeOf(a.cell.site) === nodeOf(b.cell.site);
  return "store" in b && a.store === b.store;
}

function isEqual(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && a === b;
}

function isCounted(from: FlowOrigin): boolean {
  if (from.kind !== "read") return false;
  return from.effect.operation === "size" || ("cell" in from.effect && from.effect.cell.dataType === "counter");
}

function pathOf(source: Source, sink: Sink, guard: Guard | undefined): readonly FlowStep[] {
  const steps: FlowStep[] = [];
  const add = (kind: FlowStep["kind"], node: ts.Node): void => void steps.push({ kind, site: siteOf(node) });
  const { origin } = source;
  if (origin.kind === "operation") {
    const [last, ...calls] = [...origin.path].reverse();
    if (last !== undefined) add("read", last.node);
    for (const call of calls) if (!call.inline) add("returned", call.node);
  }
  if (origin.kind === "ambient") add("read", origin.node);
  for (const node of source.through) add(isKeeping(node) ? "kept" : "passed", node);
  if (guard !== undefined) add("condition", guard.node);
  for (const call of sink.path.slice(0, -1)) if (!call.inline) add("call", call.node);
  const last = sink.path.at(-1);
  add(last === undefined ? "throw" : "write", last?.node ?? sink.node);
  return steps;
}

/** Of the first call that leads away from here; a function that is written in place is called by no name. */
function nameOfFirstCall({ path }: Sink): string | undefined {
  const call = path.slice(0, -1).find(({ inline }) => !inline);
  return call && calleeName(call);
}

function nameOfCall(node: ts.Node): string {
  if (!ts.isCallExpression(node) && !ts.isTaggedTemplateExpression(node)) return "the call";
  const expression = calledIn(node);
  if (ts.isPropertyAccessExpression(expression)) return expression.name.text;
  return ts.isIdentifier(expression) ? expression.text : "the call";
}

function describe(view: View, run: FunctionNode): FlowFunction {
  const holder = ts.isArrowFunction(run) || ts.isFunctionExpression(run) ? run.parent : run;
  const owner = ts.isClassLike(holder.parent) ? holder.parent.name?.text : undefined;
  const name = ts.isConstructorDeclaration(run) ? "constructor" : memberName(holder);
  const id = view.sources.x.functionId(run);
  return { id, name, owner, transaction: transactionAround(view, run) };
}

function isTransaction(view: View, run: FunctionNode): boolean {
  const member = ts.isPropertyDeclaration(run.parent) ? run.parent : run;
  return decoratorsOf(view.sources.x, member).some(({ name }) => name === "Transaction");
}
