import { ts } from "ts-morph";
import { isAssignment, isStep } from "../extract/assignments.js";
import { localsOf, lookUp } from "../extract/scopes.js";

/** The statements of one group, in their order. */
export interface Share<Group> {
  readonly of: Group;
  readonly statements: readonly ts.Statement[];
}

export interface Distribution<Group> {
  /** Before the first statement of any group, and used by none. */
  readonly before: readonly ts.Statement[];
  readonly groups: readonly Share<Group>[];
}

/**
 * Parts a body by what its statements belong to. A constant that is only computed goes to whoever uses it, each a copy;
 * what belongs nowhere stays with what it follows. Undefined where a statement belongs to two groups, or where one group
 * needs what another declares.
 */
export function distribute<Group>(
  body: ts.Block,
  groupsOf: (statement: ts.Statement) => readonly Group[],
): Distribution<Group> | undefined {
  const statements = [...body.statements];
  const owners = new Map<ts.Statement, Group | "before" | "copied">();
  let last: Group | "before" = "before";
  for (const statement of statements) {
    const [group, ...others] = groupsOf(statement);
    if (others.length > 0) return undefined;
    if (group !== undefined) last = group;
    owners.set(statement, group === undefined && isComputed(statement) ? "copied" : last);
  }
  const needed = new Map(statements.map((each) => [each, neededBy(each, body)] as const));
  const shareOf = (owner: Group | "before"): readonly ts.Statement[] | undefined => {
    const own = new Set(statements.filter((each) => owners.get(each) === owner));
    for (const each of own) {
      for (const other of needed.get(each) ?? []) {
        if (owners.get(other) !== owner && owners.get(other) !== "copied") return undefined;
        own.add(other);
      }
    }
    return statements.filter((each) => own.has(each));
  };
  const groups = [...new Set(statements.flatMap(groupsOf))];
  const shares = groups.map((of) => ({ of, statements: shareOf(of) }));
  const before = shareOf("before");
  if (before === undefined || shares.some((each) => each.statements === undefined)) return undefined;
  return { before, groups: shares as readonly Share<Group>[] };
}

/** `const fee = amount * 0.1;` gives the same wherever it stands, and does nothing. */
function isComputed(statement: ts.Statement): boolean {
  return (
    ts.isVariableStatement(statement) &&
    (statement.declarationList.flags & ts.NodeFlags.Const) !== 0 &&
    statement.declarationList.declarations.every(({ initializer }) => initializer !== undefined && isPure(initializer))
  );
}

function isPure(node: ts.Node): boolean {
  if (
    ts.isCallExpression(node) ||
    ts.isNewExpression(node) ||
    ts.isAwaitExpression(node) ||
    ts.isDeleteExpression(node)
  )
    return false;
  if (ts.isFunctionLike(node)) return true;
  // What `this` and objects hold may change between the groups.
  if (node.kind === ts.SyntaxKind.ThisKeyword) return false;
  if (isStep(node) || isAssignment(node)) return false;
  return !(ts.forEachChild(node, (child) => !isPure(child) || undefined) ?? false);
}

/** The other statements of the body that declare what this one names. */
function neededBy(statement: ts.Statement, body: ts.Block): readonly ts.Statement[] {
  const locals = localsOf(body);
  const found = new Set<ts.Statement>();
  const visit = (node: ts.Node): void => {
    const declaration = ts.isIdentifier(node) ? locals.get(node.text) : undefined;
    if (declaration !== undefined && ts.isIdentifier(node) && lookUp(node.text, node) === declaration) {
      const owner = body.statements.find((each) => each.pos <= declaration.pos && declaration.end <= each.end);
      if (owner !== undefined && owner !== statement) found.add(owner);
    }
    ts.forEachChild(node, visit);
  };
  visit(statement);
  return [...found];
}
