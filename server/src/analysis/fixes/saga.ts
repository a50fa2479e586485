import { ts } from "ts-morph";
import type { Fix } from "../../documents/finding.js";
import { decoratorsOf } from "../extract/annotations.js";
import { hasModifier } from "../extract/skeleton.js";
import type { Method } from "../model.js";
import { nodeOf } from "../sites.js";
import { isWhole } from "../syntax-errors.js";
import type { View } from "../view/view.js";
import { Edits } from "./edits.js";
import { indentOf } from "./move-after.js";

/**
 * `@Transaction()` becomes `@Saga({ compensate })`, with a compensation whose body only its author can write. A method
 * that is no transaction becomes one where its class is replicated.
 */
export function saga(view: View, method: Method, changed: readonly { readonly name: string }[]): Fix | undefined {
  const node = nodeOf(method.site)?.parent;
  const decorator = method.transaction && nodeOf(method.transaction.site);
  if (
    node === undefined ||
    !ts.isMethodDeclaration(node) ||
    !ts.isIdentifier(node.name) ||
    (decorator !== undefined && !ts.isDecorator(decorator))
  )
    return undefined;
  if (hasModifier(node, ts.SyntaxKind.StaticKeyword) || !ts.isClassLike(node.parent) || changed.length === 0)
    return undefined;
  if (!isWhole(node.parent) || (decorator === undefined && !isReplicated(view, node.parent))) return undefined;
  const { text: name } = node.name;
  const compensation = `undo${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  if (node.parent.members.some((member) => member.name?.getText() === compensation)) return undefined;
  const tree = node.getSourceFile();
  const edits = new Edits(view.sources.x);
  const given = decorator?.expression;
  const expression = given !== undefined && ts.isCallExpression(given) ? given.expression : given;
  const like = expression === undefined ? {} : { like: expression };
  const written = `@${edits.name(tree, "Saga", like)}({ compensate: "${compensation}" })`;
  if (decorator === undefined) edits.insert(tree, node.getStart(tree), `${written}\n${indentOf(tree, node)}`);
  else edits.replace(decorator, written);
  const names = changed.map(({ name: each }) => `\`${each}\``).join(" and ");
  writeCompensation(edits, node, compensation, `Undoes what \`${name}\` did to ${names} before it failed.`, like);
  return edits.toFix(`Make \`${name}\` a saga that compensates`, "suggested");
}

function isReplicated(view: View, node: ts.ClassLikeDeclaration): boolean {
  return decoratorsOf(view.sources.x, node).some(({ name }) => name === "Replicated");
}

/** The method that `@Saga({ compensate })` names and the class does not have. */
export function compensation(view: View, method: Method): Fix | undefined {
  const node = nodeOf(method.site)?.parent;
  const decorator = method.saga && nodeOf(method.saga.site);
  const name = method.saga?.compensate;
  if (node === undefined || !ts.isMethodDeclaration(node) || decorator === undefined || !ts.isDecorator(decorator))
    return undefined;
  if (name === undefined || !/^[A-Za-z_$][\w$]*$/.test(name) || !ts.isClassLike(node.parent) || !isWhole(node.parent))
    return undefined;
  if (node.parent.members.some((member) => member.name?.getText() === name)) return undefined;
  const edits = new Edits(view.sources.x);
  const expression = ts.isCallExpression(decorator.expression) ? decorator.expression.expression : decorator.expression;
  writeCompensation(edits, node, name, `Undoes what \`${method.name}\` did before it failed.`, { like: expression });
  return edits.toFix(`Write \`${name}\`, to be filled in`, "suggested");
}

function writeCompensation(
  edits: Edits,
  node: ts.MethodDeclaration,
  compensation: string,
  purpose: string,
  like: { readonly like?: ts.Node },
): void {
  const tree = node.getSourceFile();
  const indent = indentOf(tree, node);
  const stepsType = edits.name(tree, "SagaSteps", { ...like, isType: true });
  const lines = [
    "",
    "",
    `/** ${purpose} It may run more than once. */`,
    `async ${compensation}(steps: ${stepsType}): Promise<void> {`,
    `  throw new Error(\`To be written: undo \${steps.completed.length} completed steps of ${node.name.getText()}.\`);`,
    "}",
  ];
  edits.insert(tree, node.getEnd(), lines.map((line) => (line === "" ? "" : indent + line)).join("\n"));
}
