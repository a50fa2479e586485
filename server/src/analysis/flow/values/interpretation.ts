import { ts } from "ts-morph";
import type { Level } from "../../../../../runtime/src/levels.js";
import type { Extraction } from "../../extract/extraction.js";
import type { Item } from "../../extract/functions.js";
import { type FunctionNode, isFunctionNode, isInside } from "../../extract/scopes.js";
import type { FunctionId } from "../../extract/values.js";
import { remembered } from "../../remembered.js";
import type { Effect } from "../summaries.js";
import { evaluateCall, evaluateTemplate } from "./calls.js";
import { choose } from "./choices.js";
import { flipped, testCondition } from "./conditions.js";
import { enclosing, isFunctionOnItsOwn } from "./enclosing.js";
import { evaluateExpression } from "./expressions.js";
import { bindPattern } from "./patterns.js";
import { isKeeping, type Place, type Reference, type References } from "./places.js";
import type { Condition, Frame, Handler, JumpTarget, Run, Running, Sink, Stored, Summary } from "./run.js";
import { Sinks } from "./sinks.js";
import {
  addGuards,
  changed,
  chosenBy,
  exit,
  type Flowing,
  filterFlowing,
  flowingOf,
  type Guard,
  guardKey,
  joinFlowing,
  mapFlowing,
  nothing,
  type Source,
  sourceOf,
  uniteSources,
  wholeOf,
  withSources,
} from "./sources.js";
import { assign, emptyState, enter, joinStates, type State, type Variable } from "./state.js";
import { executeStatement } from "./statements.js";

/** What an interpretation asks of the rest of the analysis. */
export interface Surroundings {
  readonly x: Extraction;
  itemsOf(node: ts.Node): readonly Item[];
  effectsOf(item: Item): readonly Effect[];
  summaryOf(id: FunctionId): Summary;
  levelOf(id: FunctionId): Level | undefined;
  referencesIn(node: ts.Node): References;
  contentOf(place: Place): Flowing;
}

export interface Interpreted {
  readonly returned: Flowing;
  readonly throws: readonly Guard[];
  readonly completes: boolean;
  readonly sinks: readonly Sink[];
  readonly stored: readonly Stored[];
}

/** Bounds what generated or hostile code can cost; nobody writes functions this large. */
const mostSteps = 60_000;
const deepest = 6;

/**
 * Follows values and conditions through one function, and through the functions written in it, which are run where they are
 * called. What comes from or goes to other functions is taken from their summaries.
 */
export function interpret(surroundings: Surroundings, root: ts.Node): Interpreted {
  return new Interpretation(surroundings, root).run();
}

class Interpretation implements Run {
  state: State | undefined = emptyState;
  exits = 0;
  passedDepth = 0;
  targets: JumpTarget[] = [];
  readonly frames: Frame[] = [];
  readonly handlers: Handler[] = [];
  readonly #sinks = new Sinks();
  readonly #stored = new Map<string, Stored>();
  readonly #references: References;
  /** Under which name each place is known here, and what lay there when the function began. */
  readonly #found = new Map<string, { readonly variable: Variable; readonly content: Flowing }>();
  readonly #ran = new Set<ts.Node>();
  readonly #items = new Map<readonly Item[], ReadonlyMap<ts.Node, readonly Item[]>>();
  readonly #effects = new Map<Item, readonly Effect[]>();
  #steps = 0;

  constructor(
    private readonly surroundings: Surroundings,
    readonly root: ts.Node,
  ) {
    this.#references = surroundings.referencesIn(root);
  }

  get x(): Extraction {
    return this.surroundings.x;
  }

  run(): Interpreted {
    const frame: Frame = { node: this.root, base: [], call: undefined, returned: nothing, ends: [] };
    this.frames.push(frame);
    this.#findContents();
    if (isFunctionNode(this.root)) this.#runRoot(this.root, frame);
    else this.#runTopLevel(this.root);
    const end = joinStates(this.state, ...frame.ends);
    const variables = end ?? emptyState;
    this.#runRest(this.root, variables);
    return {
      returned: frame.returned,
      throws: (end?.guards ?? []).filter((guard) => (guard.exits & exit.throw) !== 0),
      completes: end !== undefined,
      sinks: this.#sinks.all,
      stored: [...this.#stored.values()],
    };
  }

  /** What others have left: from here on it is followed as if it had been put there by this function. */
  #findContents(): void {
    for (const reference of this.#references.values()) {
      if (reference.kind !== "place" || reference.variable === undefined) continue;
      const { place, variable } = reference;
      if (this.#found.has(place.id)) continue;
      const content = this.contentOf(place);
      this.#found.set(place.id, { variable, content });
      if (content !== nothing && this.state !== undefined) this.state = assign(this.state, variable, content);
    }
  }

  #runRoot(root: FunctionNode, frame: Frame): void {
    const id = this.x.functionId(root);
    for (const [index, parameter] of root.parameters.entries()) {
      const passed = flowingOf(sourceOf({ kind: "parameter", of: id, index, member: undefined }));
      const initial = parameter.initializer === undefined ? nothing : this.evaluate(parameter.initializer);
      const value = joinFlowing(passed, initial);
      this.bind(parameter.name, value);
      const held = this.reference(parameter);
      if (held?.kind !== "place") continue;
      this.set(`this.${held.place.name}`, value);
      this.store(held.place, value, parameter.name);
    }
    this.#runBody(root, frame);
  }

  #runBody(node: FunctionNode, frame: Frame): void {
    if (node.body === undefined) return;
    if (ts.isBlock(node.body)) this.execute(node.body);
    else frame.returned = joinFlowing(frame.returned, this.evaluate(node.body));
  }

  #runTopLevel(node: ts.Node): void {
    if (ts.isPropertyDeclaration(node)) {
      const value = node.initializer === undefined ? nothing : this.evaluate(node.initializer);
      const field = this.reference(node);
      if (field?.kind === "place") this.store(field.place, value, node.name);
    } else if (ts.isClassStaticBlockDeclaration(node)) this.execute(node.body);
    else if (!ts.isFunctionLike(node)) this.execute(node);
  }

  /** Functions that nobody was seen to call are run with nothing known of what they are given. */
  #runRest(root: ts.Node, state: State): void {
    const visit = (node: ts.Node): void => {
      if (node !== root && isFunctionNode(node) && !this.#ran.has(node)) {
        this.state = { variables: state.variables, guards: [] };
        this.runFunction(node, [], {});
      }
      ts.forEachChild(node, visit);
    };
    if (isFunctionNode(root)) visit(root);
  }

  evaluate(node: ts.Expression): Flowing {
    if (this.state === undefined || this.#steps++ > mostSteps) return nothing;
    return evaluateExpression(this, node);
  }

  execute(node: ts.Node): void {
    if (this.state === undefined || this.#steps++ > mostSteps) return;
    executeStatement(this, node);
  }

  test(node: ts.Expression): Condition {
    return testCondition(this, node);
  }

  call(node: ts.CallExpression | ts.NewExpression | ts.TaggedTemplateExpression): Flowing {
    return ts.isTaggedTemplateExpression(node) ? evaluateTemplate(this, node) : evaluateCall(this, node);
  }

  bind(target: ts.Node, value: Flowing): void {
    bindPattern(this, target, value);
  }

  set(variable: Variable, value: Flowing): void {
    if (this.state === undefined) return;
    // A copy, so that two assignments of constants are told apart where branches meet.
    this.state = assign(this.state, variable, { ...value });
    for (const { variables } of this.handlers)
      variables.set(variable, joinFlowing(variables.get(variable) ?? nothing, value));
  }

  isWrittenHere(node: ts.Node): boolean {
    if (node === this.root || !isInside(node, this.root)) return false;
    return isFunctionNode(this.root) || !isFunctionOnItsOwn(node, this.root);
  }

  itemsAt(node: ts.Node): readonly Item[] {
    const items = this.surroundings.itemsOf(enclosing(node, this.root));
    return remembered(this.#items, items, () => byNode(items)).get(node) ?? [];
  }

  effectsOf(item: Item): readonly Effect[] {
    return remembered(this.#effects, item, () => this.surroundings.effectsOf(item));
  }

  summaryOf(id: FunctionId): Summary {
    return this.surroundings.summaryOf(id);
  }

  levelOf(id: FunctionId): Level | undefined {
    return this.surroundings.levelOf(id);
  }

  reference(node: ts.Node): Reference | undefined {
    return this.#references.get(node);
  }

  contentOf(place: Place): Flowing {
    return this.surroundings.contentOf(place);
  }

  store(place: Place, value: Flowing, node: ts.Node): void {
    if (this.state === undefined) return;
    const known = wholeOf(this.#found.get(place.id)?.content ?? nothing);
    const chosen = chosenBy(this.state.guards);
    const lasting = filterFlowing(withSources(value, chosen), ({ origin }) => origin.kind !== "ambient");
    const kept = mapFlowing(lasting, (source) => {
      const now = keptAt(source, node);
      return known.get(now.key) ?? now;
    });
    const before = this.#stored.get(place.id)?.value ?? nothing;
    this.#stored.set(place.id, { place, value: joinFlowing(before, kept) });
  }

  overwrite(place: Place, value: Flowing): void {
    const variable = this.#found.get(place.id)?.variable;
    const known = variable === undefined ? undefined : this.state?.variables.get(variable);
    if (variable === undefined || known === undefined) return;
    // It was not left there by somebody at some time, but comes by this call.
    const given = mapFlowing(value, (source) =>
      changed(source, { through: source.through.filter((each) => !isKeeping(each)) }),
    );
    this.set(variable, joinFlowing(known, given));
  }

  runFunction(node: FunctionNode, args: readonly Flowing[], how: Running): Flowing {
    if (how.isOptional !== true) return this.#runInFrame(node, args, how);
    const [value = nothing] = choose(this, [
      { entering: how.entering ?? [], body: () => this.#runInFrame(node, args, how) },
      { entering: [], body: () => nothing },
    ]);
    return value;
  }

  #runInFrame(node: FunctionNode, args: readonly Flowing[], { meeting, call }: Running): Flowing {
    this.#ran.add(node);
    if (this.frames.some((frame) => frame.node === node) || this.frames.length > deepest)
      return { sources: uniteSources(args.map(wholeOf)), members: undefined };
    if (this.state === undefined) return nothing;
    const outside = this.state.guards;
    const base =
      meeting === undefined ? outside : outside.map((guard) => ({ ...guard, source: met(guard.source, meeting) }));
    this.state = { ...this.state, guards: base };
    const frame: Frame = { node, base, call, returned: nothing, ends: [] };
    const targets = this.targets;
    this.targets = [];
    this.frames.push(frame);
    for (const [index, parameter] of node.parameters.entries()) this.#passTo(parameter, index, args, meeting);
    this.#runBody(node, frame);
    this.frames.pop();
    this.targets = targets;
    this.#leave(frame, outside);
    return meeting === undefined ? frame.returned : mapFlowing(frame.returned, (source) => unmet(source, meeting));
  }

  #passTo(
    parameter: ts.ParameterDeclaration,
    index: number,
    args: readonly Flowing[],
    meeting: ts.Node | undefined,
  ): void {
    const passed =
      parameter.dotDotDotToken === undefined
        ? (args[index] ?? nothing)
        : { sources: uniteSources(args.slice(index).map(wholeOf)), members: undefined };
    const value = meeting === undefined ? passed : mapFlowing(passed, (source) => met(source, meeting));
    const initial = parameter.initializer === undefined ? nothing : this.evaluate(parameter.initializer);
    this.bind(parameter.name, joinFlowing(value, initial));
  }

  /** Whatever made it return is over; whatever would have made it throw holds on. */
  #leave(frame: Frame, outside: readonly Guard[]): void {
    const end = joinStates(this.state, ...frame.ends);
    if (end === undefined) {
      this.state = undefined;
      this.exits |= exit.throw;
      return;
    }
    this.exits &= ~exit.return;
    const known = new Set(frame.base.map(guardKey));
    const lasting = end.guards.filter((guard) => (guard.exits & exit.throw) !== 0 && !known.has(guardKey(guard)));
    this.state = { variables: end.variables, guards: addGuards(outside, lasting) };
  }

  require(guards: readonly Guard[], call: ts.Node | undefined): void {
    if (this.state === undefined || guards.length === 0) return;
    const handler = this.handlers.at(-1);
    const raising = [...this.state.guards, ...flipped(guards)];
    if (handler !== undefined) handler.raised.push(...raising);
    else if (call !== undefined) this.recordThrow(call, raising);
    this.state = enter(this.state, guards);
  }

  recordThrow(node: ts.Node, guards: readonly Guard[]): void {
    const nothingElse = { target: undefined, cap: undefined, handled: false, args: [], path: [], passed: [] };
    this.record({ ...nothingElse, node, values: new Map(), guards, validated: new Set() });
  }

  record(sink: Sink): void {
    this.#sinks.record(sink);
  }
}

function byNode(items: readonly Item[]): ReadonlyMap<ts.Node, readonly Item[]> {
  const found = new Map<ts.Node, Item[]>();
  for (const item of items) remembered(found, item.node, () => []).push(item);
  return found;
}

/** The call that passed it in is where it meets what happens inside; the outermost one. */
function met(source: Source, meeting: ts.Node): Source {
  return source.meeting === undefined ? changed(source, { meeting }) : source;
}

function unmet(source: Source, meeting: ts.Node): Source {
  return source.meeting === meeting ? changed(source, { meeting: undefined }) : source;
}

/** It comes from there now, whichever call had brought it. */
function keptAt(source: Source, node: ts.Node): Source {
  const through = source.through.includes(node) ? source.through : [...source.through, node];
  return changed(source, { meeting: undefined, through });
}
