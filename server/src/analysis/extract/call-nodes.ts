import { ts } from "ts-morph";

/** Whatever calls a function: a tag before a template does, too, and the name of a field that a getter or a setter stands for. */
export type CallNode = ts.CallExpression | ts.NewExpression | ts.TaggedTemplateExpression | ts.PropertyAccessExpression;

/** What an operation on a store can be. */
export type StoreCall = ts.CallExpression | ts.TaggedTemplateExpression;

export function isStoreCall(node: ts.Node): node is StoreCall {
  return ts.isCallExpression(node) || ts.isTaggedTemplateExpression(node);
}

/** What is called. */
export function calledIn(node: CallNode): ts.Expression {
  if (ts.isPropertyAccessExpression(node)) return node;
  return ts.isTaggedTemplateExpression(node) ? node.tag : node.expression;
}

/** The expressions that it is given; of a template those between its texts. */
export function givenTo(node: CallNode): readonly ts.Expression[] {
  if (ts.isPropertyAccessExpression(node)) return [];
  if (!ts.isTaggedTemplateExpression(node)) return node.arguments ?? [];
  return ts.isTemplateExpression(node.template) ? node.template.templateSpans.map(({ expression }) => expression) : [];
}
