import type { ts } from "ts-morph";
import type { Level } from "../../../../runtime/src/levels.js";
import { weakest } from "../../../../runtime/src/levels.js";
import { isStoreCall } from "../extract/call-nodes.js";
import { substitute } from "../extract/calls.js";
import type { Extraction } from "../extract/extraction.js";
import { type FunctionFacts, factsOf, type Item } from "../extract/functions.js";
import { isFunctionNode } from "../extract/scopes.js";
import { storeOperation } from "../extract/store-operations.js";
import { type FunctionId, keyOf, plain, type Value } from "../extract/values.js";
import { remembered } from "../remembered.js";
import { componentsFrom, reaching } from "./components.js";

/** One thing a function does to state, directly or through calls. */
export interface Effect {
  /** An operation on a cell or a store, or something done to what the caller passes. */
  readonly target: Value & { readonly kind: "operation" | "parameter" };
  readonly args: readonly Value[];
  /** Reads happen at this level at most: a weaker level on a method on the way. */
  readonly cap: Level | undefined;
  /** A failure is caught on the way. */
  readonly handled: boolean;
  /** The calls that lead to it, the operation itself last. */
  readonly path: readonly Item[];
  /** Position of each step in its function: orders effects, and picks the witness among equals. */
  readonly order: readonly number[];
}

interface OfItem {
  /** What the functions do that it reaches, as it was told. */
  readonly told: readonly (readonly [FunctionId, readonly Effect[]])[];
  readonly effects: readonly Effect[];
}

/**
 * What functions do through calls: the least fixpoint over the call graph. Of several ways to the same effect the shortest
 * is kept, then the first in source order, so that the result does not depend on where the computation began.
 */
export class Summaries {
  readonly #known = new Map<FunctionId, readonly Effect[]>();
  readonly #callers = new Map<FunctionId, Set<FunctionId>>();
  readonly #callees = new Map<FunctionId, readonly FunctionId[]>();
  readonly #ofItems = new WeakMap<Item, OfItem>();
  readonly #note: (id: FunctionId) => void;

  constructor(
    private readonly x: Extraction,
    private readonly levelOfMethod: (id: FunctionId) => Level | undefined,
  ) {
    this.#note = x.reads.topic((id: FunctionId) => this.effectsOf(id));
  }

  factsOf(node: ts.Node): FunctionFacts {
    return this.x.rememberFacts(node, () => factsOf(this.x, node));
  }

  /** The function changed: it and all that reach it are computed again when asked for. */
  forget(id: FunctionId): void {
    for (const each of reaching(id, this.#callers)) {
      this.#known.delete(each);
      this.#unlink(each);
    }
  }

  /** It says anew what it calls when it is computed again: those without a name would never be missed. */
  #unlink(id: FunctionId): void {
    for (const callee of this.#callees.get(id) ?? []) {
      const callers = this.#callers.get(callee);
      callers?.delete(id);
      if (callers?.size === 0) this.#callers.delete(callee);
    }
    this.#callees.delete(id);
  }

  forgetNode(node: ts.Node): void {
    if (isFunctionNode(node)) this.forget(this.x.functionId(node));
  }

  forgetAll(): void {
    this.#known.clear();
    this.#callers.clear();
    this.#callees.clear();
  }

  effectsOf(id: FunctionId): readonly Effect[] {
    this.#note(id);
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    const unknown = (each: FunctionId): readonly FunctionId[] =>
      this.#calleesOf(each).filter((callee) => !this.#known.has(callee));
    for (const component of componentsFrom(id, unknown)) this.#settle(component);
    return this.#known.get(id) ?? [];
  }

  /** Functions that call one another; all that they call besides is known. */
  #settle(members: readonly FunctionId[]): void {
    const open = new Map<FunctionId, readonly Effect[]>();
    const askedBy = new Map<FunctionId, Set<FunctionId>>(members.map((each) => [each, new Set()]));
    const pending = new Set(members);
    while (pending.size > 0) {
      for (const each of members) {
        if (!pending.delete(each)) continue;
        const after = this.#combine(each, (callee) => {
          askedBy.get(callee)?.add(each);
          return this.#known.get(callee) ?? open.get(callee) ?? [];
        });
        if (sameEffects(open.get(each) ?? [], after)) continue;
        open.set(each, after);
        for (const caller of askedBy.get(each) ?? []) pending.add(caller);
      }
    }
    for (const each of members) this.#known.set(each, open.get(each) ?? []);
  }

  /** What one call does, seen from the function in which it stands; the same list while all that it was told of is. */
  effectsOfItem(item: Item): readonly Effect[] {
    const known = this.#ofItems.get(item);
    if (known?.told.every(([id, effects]) => this.effectsOf(id) === effects)) return known.effects;
    const told = new Map<FunctionId, readonly Effect[]>();
    const effects = this.#through(item, 0, (id) => remembered(told, id, () => this.effectsOf(id)));
    this.#ofItems.set(item, { told: [...told], effects });
    return effects;
  }

  #calleesOf(id: FunctionId): readonly FunctionId[] {
    const callees = new Set<FunctionId>();
    for (const { callee, args } of this.#itemsOf(id))
      for (const value of [callee, ...args]) for (const each of functionsIn(value)) callees.add(each);
    for (const each of callees) remembered(this.#callers, each, () => new Set()).add(id);
    this.#callees.set(id, [...callees]);
    return [...callees];
  }

  #itemsOf(id: FunctionId): readonly Item[] {
    const node = this.x.functionNode(id);
    return node === undefined ? [] : this.factsOf(node).items;
  }

  #combine(id: FunctionId, lookUp: (id: FunctionId) => readonly Effect[]): readonly Effect[] {
    const best = new Map<string, Effect>();
    const level = this.levelOfMethod(id);
    for (const [index, item] of this.#itemsOf(id).entries()) {
      for (const effect of this.#through(item, index, lookUp)) {
        const capped =
          level === undefined
            ? effect
            : { ...effect, cap: effect.cap === undefined ? level : weakest(effect.cap, level) };
        const key = effectKey(capped);
        const known = best.get(key);
        if (known === undefined || compareOrder(capped.order, known.order) < 0) best.set(key, capped);
      }
    }
    return nearest([...best.values()]).sort((a, b) => compareSource(a.order, b.order));
  }

  #through(item: Item, index: number, lookUp: (id: FunctionId) => readonly Effect[]): readonly Effect[] {
    const { callee } = item;
    if (callee.kind !== "function") {
      return [{ target: callee, args: item.args, cap: undefined, handled: item.handled, path: [item], order: [index] }];
    }
    const effects: Effect[] = [];
    for (const effect of lookUp(callee.id)) {
      const target = this.#targetOf(effect, callee.id, item.args);
      if (isTooFar(target)) continue;
      const args = effect.args.map((each) => substitute(this.x, each, callee.id, item.args));
      const step = {
        cap: effect.cap,
        handled: item.handled || effect.handled,
        path: [item, ...effect.path],
        order: [index, ...effect.order],
      };
      if (target.kind === "operation" || target.kind === "parameter") effects.push({ ...step, target, args });
      else if (target.kind === "function") effects.push(...this.#callback(target.id, args, step, lookUp));
    }
    return effects;
  }

  /** What an effect of a callee is on, seen from its caller. A store that the caller passes is operated on only now. */
  #targetOf(effect: Effect, callee: FunctionId, args: readonly Value[]): Value {
    const target = substitute(this.x, effect.target, callee, args);
    const node = effect.path.at(-1)?.node;
    if (target.kind !== "store" || node === undefined || !isStoreCall(node)) return target;
    return storeOperation(this.x, target, node) ?? plain;
  }

  /** The callee calls a function that this call passes: what that does is done here. */
  #callback(
    id: FunctionId,
    args: readonly Value[],
    step: Omit<Effect, "target" | "args">,
    lookUp: (id: FunctionId) => readonly Effect[],
  ): readonly Effect[] {
    const effects: Effect[] = [];
    for (const effect of lookUp(id)) {
      const target = this.#targetOf(effect, id, args);
      if ((target.kind !== "operation" && target.kind !== "parameter") || isTooFar(target)) continue;
      effects.push({
        target,
        args: effect.args.map((each) => substitute(this.x, each, id, args)),
        cap: step.cap === undefined ? effect.cap : effect.cap === undefined ? step.cap : weakest(step.cap, effect.cap),
        handled: step.handled || effect.handled,
        path: [...step.path, ...effect.path],
        order: [...step.order, ...effect.order],
      });
    }
    return effects;
  }
}

/** What is done to who knows what multiplies from caller to caller; only the nearest of it is followed. */
const mostOnParameters = 96;

/** Recursion over a tree reaches members of members without end. */
const longestPath = 12;

function nearest(effects: readonly Effect[]): Effect[] {
  const isOnParameter = ({ target }: Effect): boolean => target.kind === "parameter";
  const onParameters = effects.filter(isOnParameter);
  if (onParameters.length <= mostOnParameters) return [...effects];
  onParameters.sort((a, b) => compareOrder(a.order, b.order));
  return [...effects.filter((each) => !isOnParameter(each)), ...onParameters.slice(0, mostOnParameters)];
}

function isTooFar(target: Value): boolean {
  return target.kind === "parameter" && target.path.length > longestPath;
}

function functionsIn(value: Value): readonly FunctionId[] {
  if (value.kind === "function") return [value.id];
  if (value.kind === "object") return [...value.members.values()].flatMap(functionsIn);
  return [];
}

function effectKey(effect: Effect): string {
  return `${keyOf(effect.target)} ${effect.cap ?? ""} ${effect.handled} ${effect.args.some((each) => each.kind === "function") ? effect.args.map(keyOf).join() : ""}`;
}

/** Shorter first, then earlier. */
function compareOrder(a: readonly number[], b: readonly number[]): number {
  return a.length - b.length || compareSource(a, b);
}

function compareSource(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < a.length && i < b.length; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

function sameEffects(a: readonly Effect[], b: readonly Effect[]): boolean {
  return (
    a.length === b.length &&
    a.every(
      (effect, index) =>
        effectKey(effect) === effectKey(b[index] as Effect) && compareOrder(effect.order, b[index]?.order ?? []) === 0,
    )
  );
}
