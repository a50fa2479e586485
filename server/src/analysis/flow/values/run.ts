import type { ts } from "ts-morph";
import type { Level } from "../../../../../runtime/src/levels.js";
import type { Extraction } from "../../extract/extraction.js";
import type { Item } from "../../extract/functions.js";
import type { FunctionNode } from "../../extract/scopes.js";
import type { FunctionId, Value } from "../../extract/values.js";
import type { Effect } from "../summaries.js";
import type { Place, Reference } from "./places.js";
import type { Flowing, Guard, Sources } from "./sources.js";
import type { State, Variable } from "./state.js";

/** A condition: what it depends on, and what holds where it is true and where it is not. */
export interface Condition {
  readonly value: Flowing;
  readonly whenTrue: readonly Guard[];
  readonly whenFalse: readonly Guard[];
}

/** Something done to state, or a `throw`, with all that reaches it. */
export interface Sink {
  /** An operation on a cell, something done to what the caller passes, or a `throw`. */
  readonly target: (Value & { readonly kind: "operation" | "parameter" }) | undefined;
  /** The operation, the call that leads to it, or the `throw`; in the function that is looked at. */
  readonly node: ts.Node;
  readonly cap: Level | undefined;
  readonly handled: boolean;
  readonly args: readonly Value[];
  /** The calls that lead to it, the operation itself last. Empty for a `throw`. */
  readonly path: readonly Item[];
  /** What its arguments and its receiver depend on. */
  readonly values: Sources;
  readonly guards: readonly Guard[];
  /** For a call of a function that the caller passes: what it is given. */
  readonly passed: readonly Flowing[];
  /** Origins that a compare-and-set compares with before it writes. */
  readonly validated: ReadonlySet<string>;
}

/** What a function leaves in a field or a variable, where others find it. */
export interface Stored {
  readonly place: Place;
  readonly value: Flowing;
}

/** What callers have to know of a function, in terms of its parameters. */
export interface Summary {
  readonly returned: Flowing;
  /** What holds when it does not throw. */
  readonly throws: readonly Guard[];
  /** It may come to an end without throwing. */
  readonly completes: boolean;
  /** What it does, as far as that depends on the caller. */
  readonly pending: readonly Sink[];
  readonly stored: readonly Stored[];
}

/** A function in the course of its interpretation; functions written in it have frames of their own. */
export interface Frame {
  readonly node: ts.Node;
  readonly base: readonly Guard[];
  /** The call of a function that is written here, by its name. */
  readonly call: Item | undefined;
  returned: Flowing;
  readonly ends: State[];
}

/** What `break` and `continue` lead to. */
export interface JumpTarget {
  readonly node: ts.Node;
  readonly label: string | undefined;
  readonly isLoop: boolean;
  readonly breaks: State[];
  readonly continues: State[];
}

/** A `try` whose block is being interpreted. */
export interface Handler {
  readonly variables: Map<Variable, Flowing>;
  readonly raised: Guard[];
}

/** How a function that is written here is run. */
export interface Running {
  /** The call by name, which is where what it passes meets what the function does. */
  readonly meeting?: ts.Node | undefined;
  readonly call?: Item | undefined;
  /** It may also not run at all: a callback of an empty array. */
  readonly isOptional?: boolean;
  readonly entering?: readonly Guard[];
}

/** One interpretation of one function. The parts that know one kind of syntax each call one another through it. */
export interface Run {
  readonly x: Extraction;
  /** The function or the top-level code that is looked at. */
  readonly root: ts.Node;
  /** Undefined where the code is never reached. */
  state: State | undefined;
  /** The ways in which code since the last choice has left. */
  exits: number;
  readonly frames: Frame[];
  targets: JumpTarget[];
  readonly handlers: Handler[];
  /** How many functions, each passed to the one before, are being called. */
  passedDepth: number;
  evaluate(node: ts.Expression): Flowing;
  execute(node: ts.Node): void;
  test(node: ts.Expression): Condition;
  call(node: ts.CallExpression | ts.NewExpression | ts.TaggedTemplateExpression): Flowing;
  /** Puts a value under the names of a pattern, or where an assignment says. */
  bind(target: ts.Node, value: Flowing): void;
  set(variable: Variable, value: Flowing): void;
  /** A function that is written in what is looked at. */
  runFunction(node: FunctionNode, args: readonly Flowing[], how: Running): Flowing;
  isWrittenHere(node: ts.Node): boolean;
  itemsAt(node: ts.Node): readonly Item[];
  effectsOf(item: Item): readonly Effect[];
  summaryOf(id: FunctionId): Summary;
  levelOf(id: FunctionId): Level | undefined;
  record(sink: Sink): void;
  /** Something is thrown that nobody here catches. */
  recordThrow(node: ts.Node, guards: readonly Guard[]): void;
  /** Conditions that hold from here on, or something is thrown, by this call. */
  require(guards: readonly Guard[], call: ts.Node | undefined): void;
  /** The field, the variable or the accessor that is meant. */
  reference(node: ts.Node): Reference | undefined;
  /** What any function leaves there. */
  contentOf(place: Place): Flowing;
  /** `node` is where it is put: `this.cached`. */
  store(place: Place, value: Flowing, node: ts.Node): void;
  /** What a call that is made here has left in a place of this object, or of a module. */
  overwrite(place: Place, value: Flowing): void;
}
