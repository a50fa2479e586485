import { ts } from "ts-morph";
import { chainOf, decoratorCalls, isSagaSteps } from "./runtime-symbols.js";

export interface Method {
  readonly name: string;
  readonly signature: ts.Signature;
  /** What its body is in: the method, or the function that a field holds. */
  readonly node: ts.Node;
  /** `@Workload` calls on it, the nearest class last. */
  readonly workloads: readonly ts.CallExpression[];
}

type Member = ts.MethodDeclaration | ts.PropertyDeclaration;

/**
 * What clients call: public methods of instances, inherited ones first. Not `@Invariant` methods, which judge; nor
 * compensations of sagas, which the runtime calls; nor names with an underscore in front, which stands for `private`.
 */
export function methodsOf(checker: ts.TypeChecker, type: ts.Type): readonly Method[] {
  const chain = chainOf(checker, type);
  const members = chain.flatMap((link) => link.members.filter(isMember));
  const ranks = new Map<string, number>();
  for (const [index, member] of members.entries()) {
    const name = nameOf(member);
    if (!ranks.has(name)) ranks.set(name, index);
  }
  const hidden = hiddenNames(checker, members);
  return checker
    .getPropertiesOfType(type)
    .flatMap((symbol) => (hidden.has(symbol.name) ? [] : (methodOf(checker, symbol, members) ?? [])))
    .sort((a, b) => (ranks.get(a.name) ?? -1) - (ranks.get(b.name) ?? -1));
}

const isMember = (node: ts.ClassElement): node is Member =>
  (ts.isMethodDeclaration(node) || ts.isPropertyDeclaration(node)) &&
  (ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Static) === 0;

const nameOf = ({ name }: Member): string =>
  ts.isIdentifier(name) || ts.isStringLiteral(name) ? name.text : name.getText();

function hiddenNames(checker: ts.TypeChecker, members: readonly Member[]): ReadonlySet<string> {
  const hidden = new Set<string>();
  for (const member of members) {
    if (decoratorCalls(checker, member, "Invariant").length > 0) hidden.add(nameOf(member));
    for (const { arguments: given } of decoratorCalls(checker, member, "Saga")) {
      const options = given[0];
      const compensate =
        options !== undefined && ts.isObjectLiteralExpression(options)
          ? options.properties.find((each) => each.name?.getText() === "compensate")
          : undefined;
      if (
        compensate !== undefined &&
        ts.isPropertyAssignment(compensate) &&
        ts.isStringLiteralLike(compensate.initializer)
      )
        hidden.add(compensate.initializer.text);
    }
  }
  return hidden;
}

function methodOf(checker: ts.TypeChecker, symbol: ts.Symbol, members: readonly Member[]): Method | undefined {
  const { name } = symbol;
  const declaration = symbol.valueDeclaration;
  if (declaration === undefined || !isPublicFunction(declaration)) return undefined;
  if (name.startsWith("_") || declaration.getSourceFile().isDeclarationFile) return undefined;
  // Of overloads the first says best what is meant.
  const signature = checker.getTypeOfSymbol(symbol).getCallSignatures()[0];
  if (signature === undefined || isCompensation(checker, signature)) return undefined;
  const annotated = members.filter((member) => nameOf(member) === name);
  const workloads = annotated.flatMap((member) => decoratorCalls(checker, member, "Workload"));
  const bodies = symbol.declarations?.filter((each) => (each as ts.MethodDeclaration).body !== undefined) ?? [];
  return { name, signature, workloads, node: bodies[0] ?? declaration };
}

/** Whoever `@Saga` names it, by a text or otherwise: nobody else can give it steps. */
const isCompensation = (checker: ts.TypeChecker, signature: ts.Signature): boolean =>
  signature.getParameters().some((each) => isSagaSteps(checker.getTypeOfSymbol(each)));

/** A field that holds a function from the start is a method by another name. */
function isPublicFunction(node: ts.Declaration): boolean {
  if (
    (ts.getCombinedModifierFlags(node) &
      (ts.ModifierFlags.NonPublicAccessibilityModifier | ts.ModifierFlags.Abstract)) !==
    0
  )
    return false;
  if (ts.isMethodDeclaration(node)) return ts.isIdentifier(node.name) || ts.isStringLiteral(node.name);
  if (!ts.isPropertyDeclaration(node) || !ts.isIdentifier(node.name)) return false;
  const value = node.initializer;
  return value !== undefined && (ts.isArrowFunction(value) || ts.isFunctionExpression(value));
}
