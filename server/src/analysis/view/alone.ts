import { ts } from "ts-morph";

/**
 * Whether a condition decides about one statement and nothing else: `if (!isClosed) await close();`, or
 * `if (isClosed) return;` before the last statement of a function.
 */
export function isAlone(condition: ts.Node, done: ts.Node): boolean {
  const choice = ifAround(condition);
  if (choice === undefined || choice.elseStatement !== undefined) return false;
  const then = statementsOf(choice.thenStatement);
  if (then.length !== 1) return false;
  if (then[0] === statementAround(done)) return true;
  const { parent } = choice;
  if (!isBareReturn(then[0]) || !ts.isBlock(parent) || !ts.isFunctionLike(parent.parent)) return false;
  const rest = parent.statements.slice(parent.statements.indexOf(choice) + 1);
  return rest.length === 1 && rest[0] === statementAround(done);
}

function ifAround(condition: ts.Node): ts.IfStatement | undefined {
  let node = condition;
  while (ts.isExpression(node)) node = node.parent;
  return ts.isIfStatement(node) ? node : undefined;
}

function statementsOf(node: ts.Statement): readonly ts.Statement[] {
  return ts.isBlock(node) ? node.statements : [node];
}

function statementAround(done: ts.Node): ts.Node {
  let node = done;
  while (ts.isExpression(node)) node = node.parent;
  return node;
}

function isBareReturn(node: ts.Statement | undefined): boolean {
  return node !== undefined && ts.isReturnStatement(node) && node.expression === undefined;
}
