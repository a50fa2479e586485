import { ts } from "ts-morph";
import type { Level } from "../../../../runtime/src/levels.js";
import { remembered } from "../remembered.js";
import { chainOf } from "./classes.js";
import type { Extraction } from "./extraction.js";
import type { ClassId, Value } from "./values.js";

/** The decorators that give a level, by the runtime's own names. */
export const levelOfDecorator: ReadonlyMap<string, Level> = new Map([
  ["NoConsistency", "none"],
  ["Eventual", "eventual"],
  ["Causal", "causal"],
  ["Sequential", "sequential"],
  ["Linearizable", "linearizable"],
]);

/** A decorator of the runtime, whatever it is called here and however it got here. */
export interface DecoratorFacts {
  readonly name: string;
  readonly node: ts.Decorator;
  /** The call that configures it; not necessarily in the decorator's own file. */
  readonly call: ts.CallExpression | undefined;
}

export function decoratorsOf(x: Extraction, node: ts.Node): readonly DecoratorFacts[] {
  const decorators = ts.canHaveDecorators(node) ? ts.getDecorators(node) : undefined;
  if (decorators === undefined || decorators.length === 0) return none;
  return x.rememberDecorators(node, () => readDecorators(x, decorators));
}

const none: readonly DecoratorFacts[] = [];

interface Decorated {
  readonly epoch: number;
  readonly byName: ReadonlyMap<string, readonly ts.ClassElement[]>;
}

const decorated = new WeakMap<ts.ClassLikeDeclaration, Decorated>();

/** The members of a class that have a decorator of the runtime, in source order. */
export function membersDecorated(
  x: Extraction,
  owner: ts.ClassLikeDeclaration,
  name: string,
): readonly ts.ClassElement[] {
  const epoch = x.epochOf(owner.getSourceFile().fileName);
  let known = decorated.get(owner);
  if (known?.epoch !== epoch) {
    const byName = new Map<string, ts.ClassElement[]>();
    for (const member of owner.members)
      for (const each of decoratorsOf(x, member)) {
        const members = remembered(byName, each.name, () => []);
        if (members.at(-1) !== member) members.push(member);
      }
    known = { epoch, byName };
    decorated.set(owner, known);
  }
  return known.byName.get(name) ?? [];
}

function readDecorators(x: Extraction, decorators: readonly ts.Decorator[]): readonly DecoratorFacts[] {
  const found: DecoratorFacts[] = [];
  for (const decorator of decorators) {
    const value = x.evaluate(decorator.expression);
    if (value.kind === "result") found.push({ name: value.of, node: decorator, call: value.call });
    else if (value.kind === "runtime") found.push({ name: value.name, node: decorator, call: undefined });
  }
  return found;
}

export function levelDecorator(x: Extraction, node: ts.Node): (DecoratorFacts & { readonly level: Level }) | undefined {
  for (const each of decoratorsOf(x, node)) {
    const level = levelOfDecorator.get(each.name);
    if (level !== undefined) return { ...each, level };
  }
  return undefined;
}

/** A cell's own level wins; else the first class-level one from the receiver's class upward, as the runtime binds it. */
export function cellLevel(
  x: Extraction,
  receiver: ClassId,
  field: ts.Node,
): (DecoratorFacts & { readonly level: Level }) | undefined {
  const own = levelDecorator(x, field);
  if (own !== undefined) return own;
  for (const { node } of chainOf(x, receiver)) {
    const level = levelDecorator(x, node);
    if (level !== undefined) return level;
  }
  return undefined;
}

/** Options given as an object literal (or a constant that is one), as far as they are literals. */
export function literalOptions(
  x: Extraction,
  call: ts.CallExpression | undefined,
  position = 0,
): Readonly<Record<string, string | number | boolean>> {
  const argument = call?.arguments[position];
  const value: Value | undefined = argument && x.evaluate(argument);
  const options: Record<string, string | number | boolean> = {};
  if (value?.kind === "object") {
    for (const [name, member] of value.members) if (member.kind === "literal") options[name] = member.value;
  }
  return options;
}

/** The options of a call that takes nothing else, and whether these are all of them. */
export function configuration(x: Extraction, call: ts.CallExpression) {
  const [argument] = call.arguments;
  const value = argument === undefined ? undefined : x.evaluate(argument);
  const options = literalOptions(x, call);
  const isKnown =
    value === undefined ||
    (value.kind === "object" && !hasSpread(argument) && [...value.members.keys()].every((name) => name in options));
  return { options, isComplete: isKnown && call.arguments.length <= 1 };
}

/** An option that is known not to be among those that a decorator's call is given. */
export function leavesOut(x: Extraction, call: ts.CallExpression | undefined, option: string): boolean {
  const options = call?.arguments[0];
  if (options === undefined) return true;
  const value = x.evaluate(options);
  return value.kind === "object" && !hasSpread(options) && !value.members.has(option);
}

const hasSpread = (node: ts.Node | undefined): boolean =>
  node !== undefined && ts.isObjectLiteralExpression(node) && node.properties.some(ts.isSpreadAssignment);
