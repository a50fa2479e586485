import type { ts } from "ts-morph";
import type { Level } from "../../../../runtime/src/levels.js";
import { type DecoratorFacts, decoratorsOf, levelDecorator } from "../extract/annotations.js";
import { calleeName, type FunctionFacts } from "../extract/functions.js";
import { type FunctionNode, memberName } from "../extract/scopes.js";
import { cellKey } from "../flow/usages.js";
import type { Annotation, CellEffect, Method, SagaAnnotation, Step } from "../model.js";
import { siteOf } from "../sites.js";
import type { StateEffect } from "../states.js";
import { Kept } from "./kept.js";
import { hasMethod } from "./level-targets.js";
import { sideEffectsOf } from "./side-effects.js";
import { deadlineOf } from "./time-limits.js";
import type { View } from "./view.js";
import { waitsOf } from "./waits.js";

interface Known {
  readonly state: object;
  readonly method: Method;
}

/** The methods that rules see. One stays the same object as long as nobody edits it, nor what its file depends on. */
export class Methods {
  readonly #known = new WeakMap<ts.ClassElement, Known>();

  constructor(private readonly view: View) {}

  of(owner: ts.ClassLikeDeclaration, member: ts.ClassElement, run: FunctionNode): Method {
    const state = this.view.sources.x.stateOf(member);
    const known = this.#known.get(member);
    if (known?.state === state) return known.method;
    const method = this.#build(owner, member, run);
    this.#known.set(member, { state, method });
    return method;
  }

  #build(owner: ts.ClassLikeDeclaration, member: ts.ClassElement, run: FunctionNode): Method {
    const { view } = this;
    const { x } = view.sources;
    const decorators = decoratorsOf(x, member);
    const find = (name: string): Annotation | undefined => {
      const facts = decorators.find((each) => each.name === name);
      return facts && view.annotation(facts);
    };
    const deadline = decorators.find((each) => each.name === "Deadline");
    const level = levelDecorator(x, member);
    const method = {
      name: memberName(member) ?? "constructor",
      owner: owner.name?.text ?? "the class",
      site: siteOf((member as ts.NamedDeclaration).name ?? member),
      transaction: find("Transaction"),
      available: find("Available"),
      invariant: find("Invariant"),
      saga: this.#saga(owner, decorators),
      level: level && view.levelAnnotation(level),
      deadline: deadline && deadlineOf(x, deadline),
    };
    return x.reads.lasting(method, {
      sideEffects: () => sideEffectsOf(view, run),
      waits: () => waitsOf(view, run),
      steps: () => stepsOf(view, run, level?.level),
      stateEffects: () => stateEffectsOf(view, run),
      effects: (): readonly CellEffect[] => effectsOf(view, run).map(({ effect }) => effect),
    });
  }

  #saga(owner: ts.ClassLikeDeclaration, decorators: readonly DecoratorFacts[]): SagaAnnotation | undefined {
    const { view } = this;
    const facts = decorators.find((each) => each.name === "Saga");
    if (facts === undefined) return undefined;
    const annotation = view.annotation(facts);
    const name = annotation.options["compensate"];
    const compensate = typeof name === "string" ? name : undefined;
    const isMissing = compensate !== undefined && hasMethod(view.sources.x, owner, compensate) === false;
    return { ...annotation, compensate, isMissing };
  }
}

const keptEffects = new Kept<FunctionFacts, readonly { readonly key: string; readonly effect: CellEffect }[]>();

/** All that a function does to cells through any call, with the key of each cell. */
export function effectsOf(
  view: View,
  run: FunctionNode,
): readonly { readonly key: string; readonly effect: CellEffect }[] {
  const { x, summaries } = view.sources;
  return keptEffects.of(view.sources, summaries.factsOf(run), () =>
    summaries.effectsOf(x.functionId(run)).flatMap((each) => {
      const effect = view.cellEffect(each);
      return effect === undefined ? [] : [{ key: cellKey(each.target) ?? "", effect }];
    }),
  );
}

/** All that a function does to cells and labelled stores through any call. */
export function stateEffectsOf(view: View, run: FunctionNode): readonly StateEffect[] {
  const { x, summaries } = view.sources;
  return summaries.effectsOf(x.functionId(run)).flatMap((each) => view.stateEffect(each) ?? []);
}

function stepsOf(view: View, run: ts.Node, cap: Level | undefined): readonly Step[] {
  const { x, summaries } = view.sources;
  const steps: Step[] = [];
  for (const item of summaries.factsOf(run).items) {
    if (item.inline && item.callee.kind === "function") {
      const body = x.functionNode(item.callee.id);
      if (body !== undefined) steps.push(...stepsOf(view, body, cap));
      continue;
    }
    const stateEffects = summaries.effectsOfItem(item).flatMap((effect) => view.stateEffect(effect, cap) ?? []);
    if (stateEffects.length > 0)
      steps.push({
        kind: item.callee.kind === "operation" ? "operation" : "call",
        name: calleeName(item),
        site: siteOf(item.node),
        effects: stateEffects.filter((effect) => "cell" in effect),
        stateEffects,
      });
  }
  return steps;
}
