import { ts } from "ts-morph";
import { decoratorsOf, levelOfDecorator } from "../extract/annotations.js";
import type { Extraction } from "../extract/extraction.js";
import type { FunctionFacts } from "../extract/functions.js";
import { fieldValue } from "../extract/members.js";
import { type FunctionNode, isFunctionNode, memberName, skipOuter } from "../extract/scopes.js";
import { declaredValue } from "../extract/structures.js";
import type { Value } from "../extract/values.js";
import { Interpreter } from "../laws/interpreter.js";
import { type Violation, violationOf } from "../laws/laws.js";
import { type Shape, samplesOf, shapeOfExpression, shapeOfType } from "../laws/shapes.js";
import type { Site } from "../model.js";
import { remembered } from "../remembered.js";
import { siteOf } from "../sites.js";
import { consult } from "./consulted.js";
import type { FoundImpurity } from "./pure-functions.js";
import type { Sources, View } from "./view.js";

/** A function that makes one value of two concurrent ones, where it is not the function that replicas need. */
export interface UnlawfulMerge {
  /** The cells or classes that are merged with it. */
  readonly names: readonly string[];
  /** The function, or in a file that only refers to it the reference. */
  readonly site: Site;
  readonly impurities: readonly FoundImpurity[];
  readonly violation: Violation | undefined;
}

/** A merge function as a level is given it. */
export interface GivenMerge {
  readonly name: string;
  readonly node: FunctionNode;
  /** Where this file refers to it: the function itself, its name, or the decorator whose options are made elsewhere. */
  readonly reference: ts.Node;
  /** The field, unless a class chooses the merge. */
  readonly field: ts.PropertyDeclaration | undefined;
}

export function unlawfulMergesOf(
  view: View,
  tree: ts.SourceFile,
  classes: readonly ts.ClassLikeDeclaration[],
): readonly UnlawfulMerge[] {
  const byPlace = new Map<ts.Node, GivenMerge[]>();
  for (const each of classes.flatMap((owner) => mergesOf(view, owner)))
    remembered(byPlace, placeOf(tree, each), () => []).push(each);
  return [...byPlace].flatMap(([place, given]) => judged(view, place, given) ?? []);
}

function judged(view: View, place: ts.Node, given: readonly GivenMerge[]): UnlawfulMerge | undefined {
  const [first] = given;
  if (first === undefined) return undefined;
  const impurities = view.purity.of(first.node).map(
    (each): FoundImpurity => ({
      kind: each.kind,
      name: each.name,
      site: siteOf(each.node),
      source: siteOf(each.source),
      through: each.through,
    }),
  );
  const violation = impurities.length > 0 ? undefined : violationIn(view, given);
  if (impurities.length === 0 && violation === undefined) return undefined;
  const names = [...new Set(given.map(({ name }) => name))];
  return { names, site: siteOf(nameOf(place) ?? place), impurities, violation };
}

function violationIn({ sources }: View, given: readonly GivenMerge[]): Violation | undefined {
  for (const each of given) {
    const violation = tried(sources, each);
    if (violation !== undefined) return violation;
  }
  return undefined;
}

interface Trial {
  readonly shape: string;
  /** All that was computed: the result holds as long as none of it is edited. */
  readonly nodes: ReadonlySet<ts.Node>;
  readonly violation: Violation | undefined;
}

/** By facts, which are made anew whenever a name in the function may have come to mean something else. */
const trials = new WeakMap<FunctionFacts, Trial>();

function tried(sources: Sources, given: GivenMerge): Violation | undefined {
  const { x, summaries } = sources;
  const facts = summaries.factsOf(given.node);
  const values = shapeOf(x, given);
  const shape = JSON.stringify(values);
  const known = trials.get(facts);
  const isCurrent = (node: ts.Node): boolean =>
    node.getSourceFile() === x.documents.tree(node.getSourceFile().fileName);
  let trial = known?.shape === shape && [...known.nodes].every(isCurrent) ? known : undefined;
  if (trial === undefined) {
    const nodes = new Set<ts.Node>();
    const interpreter = new Interpreter(x, (node) => nodes.add(node));
    const violation = violationOf((a, b) => interpreter.call(given.node, [a, b]), samplesOf(values));
    trial = { shape, nodes, violation };
    trials.set(facts, trial);
  }
  for (const node of trial.nodes) consult(sources, node);
  return trial.violation;
}

/** By the type of its own parameters, else by what the field holds. */
function shapeOf(x: Extraction, { node, field }: GivenMerge): Shape {
  const type = node.parameters[0]?.type;
  const own: Shape = type === undefined ? { kind: "unknown" } : shapeOfType(x, type);
  if (own.kind !== "unknown" || field === undefined) return own;
  const handle = fieldValue(x, field);
  if (handle.kind !== "handle") return own;
  const { typeArguments } = handle.call;
  const held = handle.type === "map" ? typeArguments?.[1] : (typeArguments?.[0] ?? declaredValue(x, field));
  if (held !== undefined) return shapeOfType(x, held);
  const [initial] = handle.call.arguments;
  return initial !== undefined && handle.type === "register" ? shapeOfExpression(x, initial) : own;
}

/** The function where this file has it. */
export function placeOf(tree: ts.SourceFile, { node, reference }: GivenMerge): ts.Node {
  return node.getSourceFile() === tree ? node : reference;
}

function nameOf(place: ts.Node): ts.Node | undefined {
  return ts.isFunctionDeclaration(place) || ts.isMethodDeclaration(place) ? place.name : undefined;
}

/** Of a class and its fields. */
export function mergesOf(view: View, owner: ts.ClassLikeDeclaration): readonly GivenMerge[] {
  const { x } = view.sources;
  return chosenIn(view, owner).flatMap(({ merge, ...given }) => {
    const node = merge.kind === "function" ? x.functionNode(merge.id) : undefined;
    return node === undefined || !isFunctionNode(node) ? [] : [{ ...given, node }];
  });
}

/** Those that leave it to the replicas' own clocks: `lastWriterWins.wallClock`. */
export function wallClockMergesOf(
  view: View,
  owner: ts.ClassLikeDeclaration,
): readonly Pick<GivenMerge, "name" | "reference">[] {
  return chosenIn(view, owner).filter(
    ({ merge }) => merge.kind === "runtime" && merge.name === "lastWriterWins.wallClock",
  );
}

interface ChosenMerge extends Omit<GivenMerge, "node"> {
  readonly merge: Value;
}

function chosenIn(view: View, owner: ts.ClassLikeDeclaration): readonly ChosenMerge[] {
  const fields = owner.members.filter(ts.isPropertyDeclaration);
  return [
    ...chosenBy(view, owner, owner.name?.text ?? "the class", undefined),
    ...fields.flatMap((field) => chosenBy(view, field, memberName(field) ?? "the field", field)),
  ];
}

function chosenBy(
  view: View,
  target: ts.Node,
  name: string,
  field: ts.PropertyDeclaration | undefined,
): readonly ChosenMerge[] {
  const { x } = view.sources;
  return decoratorsOf(x, target).flatMap((decorator) => {
    const [options] = decorator.call?.arguments ?? [];
    if (options === undefined || !levelOfDecorator.has(decorator.name)) return [];
    const value = x.evaluate(options);
    const merge = value.kind === "object" ? value.members.get("merge") : undefined;
    if (merge === undefined) return [];
    const isHere = options.getSourceFile() === target.getSourceFile();
    return [{ name, merge, reference: (isHere ? optionIn(options) : undefined) ?? decorator.node, field }];
  });
}

/** What stands at `merge`. */
function optionIn(given: ts.Expression): ts.Node | undefined {
  const options = skipOuter(given);
  if (!ts.isObjectLiteralExpression(options)) return undefined;
  const property = options.properties.find((each) => memberName(each) === "merge");
  return property !== undefined && ts.isPropertyAssignment(property) ? property.initializer : property;
}
