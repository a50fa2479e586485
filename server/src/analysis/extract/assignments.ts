import { ts } from "ts-morph";

/** `=`, `+=`, `??=` and the like. */
export function isAssignment(node: ts.Node): node is ts.AssignmentExpression<ts.AssignmentOperatorToken> {
  if (!ts.isBinaryExpression(node)) return false;
  const { kind } = node.operatorToken;
  return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
}

/** `++` and `--`, before or behind. */
export function isStep(node: ts.Node): node is ts.PrefixUnaryExpression | ts.PostfixUnaryExpression {
  return (
    (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) &&
    (node.operator === ts.SyntaxKind.PlusPlusToken || node.operator === ts.SyntaxKind.MinusMinusToken)
  );
}

/** What a pattern gives values to: `[this.a, ...this.b] = …` and `({ a: this.a = 1 } = …)` */
export function partsOfPattern(node: ts.Expression): readonly ts.Expression[] {
  if (ts.isArrayLiteralExpression(node))
    return node.elements.map((each) => (ts.isSpreadElement(each) ? each.expression : each));
  if (ts.isObjectLiteralExpression(node))
    return node.properties.flatMap((each) =>
      ts.isPropertyAssignment(each) ? [each.initializer] : ts.isSpreadAssignment(each) ? [each.expression] : [],
    );
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken) return [node.left];
  return ts.isParenthesizedExpression(node) ? [node.expression] : [];
}
