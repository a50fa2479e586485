import { ts } from "ts-morph";
import type { Fix } from "../../documents/finding.js";
import { hasModifier } from "../extract/skeleton.js";
import type { Cell, Method } from "../model.js";
import { nodeOf } from "../sites.js";
import { isWhole } from "../syntax-errors.js";
import type { View } from "../view.js";
import { Edits } from "./edits.js";
import { indentOf } from "./move-after.js";

/** `@Transaction()` becomes `@Saga({ compensate })`, with a compensation whose body only its author can write. */
export function saga(view: View, method: Method, cells: readonly Cell[]): Fix | undefined {
  const node = nodeOf(method.site)?.parent;
  const decorator = method.transaction && nodeOf(method.transaction.site);
  if (
    node === undefined ||
    !ts.isMethodDeclaration(node) ||
    !ts.isIdentifier(node.name) ||
    decorator === undefined ||
    !ts.isDecorator(decorator)
  )
    return undefined;
  if (hasModifier(node, ts.SyntaxKind.StaticKeyword) || !ts.isClassLike(node.parent) || cells.length === 0)
    return undefined;
  if (!isWhole(node.parent)) return undefined;
  const { text: name } = node.name;
  const compensation = `undo${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  if (node.parent.members.some((member) => member.name?.getText() === compensation)) return undefined;
  const tree = node.getSourceFile();
  const edits = new Edits(view.sources.x);
  const expression = ts.isCallExpression(decorator.expression) ? decorator.expression.expression : decorator.expression;
  edits.replace(decorator, `@${edits.name(tree, "Saga", { like: expression })}({ compensate: "${compensation}" })`);
  const indent = indentOf(tree, node);
  const stepsType = edits.name(tree, "SagaSteps", { like: expression, isType: true });
  const names = cells.map((cell) => `\`${cell.name}\``).join(" and ");
  edits.insert(
    tree,
    node.getEnd(),
    [
      "",
      "",
      `/** Undoes what \`${name}\` did to ${names} before it failed. It may run more than once. */`,
      `async ${compensation}(steps: ${stepsType}): Promise<void> {`,
      `  throw new Error(\`To be written: undo \${steps.completed.length} completed steps of ${name}.\`);`,
      "}",
    ]
      .map((line) => (line === "" ? "" : indent + line))
      .join("\n"),
  );
  return edits.toFix(`Make \`${name}\` a saga that compensates`, "suggested");
}
