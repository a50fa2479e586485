import { ts } from "ts-morph";
import type { Fix } from "../../documents/finding.js";
import type { Extraction } from "../extract/extraction.js";
import { enclosingFunction, type FunctionNode, lookUp, skipOuter } from "../extract/scopes.js";
import { nodeOf } from "../sites.js";
import { isWhole } from "../syntax-errors.js";
import type { FoundImpurity } from "../view/pure-functions.js";
import type { View } from "../view/view.js";
import { Edits } from "./edits.js";

/**
 * Makes a new value in place of changing the given one: `toSorted()` for a `sort()` whose result is used, and a spread for
 * changes that stand just before `return current`.
 */
export function copyInput(view: View, { site, kind, through }: FoundImpurity): Fix | undefined {
  const node = nodeOf(site);
  if (kind !== "mutation" || node === undefined || through.length > 0 || !isWhole(node)) return undefined;
  const edits = new Edits(view.sources.x);
  const isDone =
    sortCopy(edits, node) ||
    assignCopy(view.sources.x, edits, node) ||
    collectionCopy(view.sources.x, edits, node) ||
    returnCopy(view.sources.x, edits, node);
  return isDone ? edits.toFix("Return a copy", "suggested") : undefined;
}

const copying: ReadonlyMap<string, string> = new Map([
  ["sort", "toSorted"],
  ["reverse", "toReversed"],
]);

/** `return items.sort(byPrice)` */
function sortCopy(edits: Edits, node: ts.Node): boolean {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return false;
  const name = copying.get(node.expression.name.text);
  if (name === undefined || ts.isExpressionStatement(node.parent)) return false;
  edits.replace(node.expression.name, name);
  return true;
}

/** `Object.assign(order, { state })`, where the result is used. */
function assignCopy(x: Extraction, edits: Edits, node: ts.Node): boolean {
  if (!ts.isCallExpression(node) || ts.isExpressionStatement(node.parent)) return false;
  const callee = x.evaluate(node.expression);
  const [target] = node.arguments;
  if (callee.kind !== "global" || callee.name !== "Object.assign" || target === undefined) return false;
  edits.insert(target.getSourceFile(), target.getStart(), "{}, ");
  return true;
}

/** `(tags) => tags.add(tag)`, where the set itself is the result. */
function collectionCopy(x: Extraction, edits: Edits, node: ts.Node): boolean {
  const { parent } = node;
  const isResult = ts.isReturnStatement(parent) || (ts.isArrowFunction(parent) && parent.body === node);
  const change = isResult && ts.isCallExpression(node) ? changeOf(x, node) : undefined;
  if (change === undefined || change.path.length > 0 || (change.kind !== "add" && change.kind !== "set")) return false;
  edits.replace(node, copyOf(change.root, [change]));
  return true;
}

interface Change {
  /** The parameter. */
  readonly root: string;
  /** Members between the parameter and what is changed, as written. */
  readonly path: readonly string[];
  readonly kind: "assign" | "push" | "unshift" | "add" | "set" | "sort" | "delete";
  /** For an assignment the member, as a key of an object literal. */
  readonly key: string;
  readonly value: string;
}

/** `current.total += 1; current.items.push(item); return current;` */
function returnCopy(x: Extraction, edits: Edits, node: ts.Node): boolean {
  const block = node.parent.parent;
  const owner = enclosingFunction(node);
  if (!ts.isBlock(block) || owner?.body !== block) return false;
  const last = block.statements.at(-1);
  if (last === undefined || !ts.isReturnStatement(last) || last.expression === undefined) return false;
  const result = skipOuter(last.expression);
  if (!ts.isIdentifier(result) || !isParameter(owner, result)) return false;
  const first = block.statements.findIndex(changesInput);
  const changing = block.statements.slice(Math.max(0, first), -1);
  const changes = changing.map((each) => (ts.isExpressionStatement(each) ? changeOf(x, each.expression) : undefined));
  const known = changes.filter((each) => each !== undefined && each.root === result.text) as readonly Change[];
  if (first < 0 || known.length !== changes.length || !areIndependent(known, result.text)) return false;
  const tree = block.getSourceFile();
  const start = (changing[0] as ts.Node).getStart(tree);
  const [only] = known;
  if (known.length === 1 && only?.kind === "delete") {
    const rest = only.key.startsWith("[") ? undefined : lookUp("rest", node) === undefined ? "rest" : undefined;
    if (rest === undefined || only.path.length > 0) return false;
    edits.splice(
      tree,
      start,
      last.getEnd(),
      `const { ${only.key}: _, ...${rest} } = ${only.root};\n${lineIndent(tree, start)}return ${rest};`,
    );
    return true;
  }
  if (known.some(({ kind }) => kind === "delete")) return false;
  const text = copyOf(result.text, known);
  edits.splice(tree, start, last.getEnd(), `return ${text};`);
  return true;

  function changesInput(statement: ts.Statement): boolean {
    return ts.isExpressionStatement(statement) && changeOf(x, statement.expression) !== undefined;
  }
}

function isParameter(owner: FunctionNode, node: ts.Identifier): boolean {
  const declaration = lookUp(node.text, node);
  return declaration !== undefined && ts.isParameter(declaration) && declaration.parent === owner;
}

/** No change reads what another makes, and each is of a part of its own. */
function areIndependent(changes: readonly Change[], root: string): boolean {
  if (changes.length === 1) return true;
  const parts = changes.map(({ path, key, kind }) => (kind === "assign" ? [...path, key] : path).join("."));
  const isNested = changes.some(({ path, kind }) => path.length > (kind === "assign" ? 0 : 1));
  if (isNested || new Set(parts).size !== parts.length || parts.includes("")) return false;
  return changes.every(({ value, kind, key }) => {
    const mentioned = [...value.matchAll(new RegExp(`\\b${root}\\b(?:\\.(\\w+))?`, "g"))].map(([, name]) => name);
    return mentioned.every(
      (name) => name !== undefined && (!parts.includes(name) || (kind === "assign" && name === key)),
    );
  });
}

function changeOf(x: Extraction, given: ts.Expression): Change | undefined {
  const node = skipOuter(given);
  if (ts.isBinaryExpression(node)) return assignmentOf(node);
  if (ts.isPostfixUnaryExpression(node) || ts.isPrefixUnaryExpression(node)) {
    const sign =
      node.operator === ts.SyntaxKind.PlusPlusToken ? "+" : node.operator === ts.SyntaxKind.MinusMinusToken ? "-" : "";
    return sign === "" ? undefined : memberChange(node.operand, "assign", `${node.operand.getText()} ${sign} 1`);
  }
  if (ts.isDeleteExpression(node)) return memberChange(node.expression, "delete", "");
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return undefined;
  const kind = callKind(x, node.expression);
  const path = pathOf(node.expression.expression);
  if (kind === undefined || path === undefined) return undefined;
  const value = node.arguments.map((each) => each.getText()).join(", ");
  return { root: path[0] ?? "", path: path.slice(1), kind, key: "", value };
}

function callKind(x: Extraction, node: ts.PropertyAccessExpression): Change["kind"] | undefined {
  const name = node.name.text;
  if (x.evaluate(node).kind === "function") return undefined;
  return name === "push" || name === "unshift" || name === "add" || name === "set" || name === "sort"
    ? name
    : undefined;
}

function assignmentOf(node: ts.BinaryExpression): Change | undefined {
  const operator = node.operatorToken.getText();
  const right = node.right.getText();
  if (operator === "=") return memberChange(node.left, "assign", right);
  if (!/^(?:[-+*/%]|\*\*|\?\?|\|\||&&)=$/.test(operator)) return undefined;
  const isSimple = !ts.isBinaryExpression(node.right) && !ts.isConditionalExpression(node.right);
  const operand = isSimple ? right : `(${right})`;
  return memberChange(node.left, "assign", `${node.left.getText()} ${operator.slice(0, -1)} ${operand}`);
}

function memberChange(given: ts.Expression, kind: "assign" | "delete", value: string): Change | undefined {
  const node = skipOuter(given);
  if (!ts.isPropertyAccessExpression(node) && !ts.isElementAccessExpression(node)) return undefined;
  const path = pathOf(node.expression);
  if (path === undefined) return undefined;
  const key = ts.isPropertyAccessExpression(node) ? node.name.text : `[${node.argumentExpression.getText()}]`;
  // `items[0] = item` would make an object of the array.
  if (ts.isElementAccessExpression(node) && !isKey(node.argumentExpression)) return undefined;
  return { root: path[0] ?? "", path: path.slice(1), kind, key, value };
}

/** Certainly a key of an object and not an index of an array. */
function isKey(node: ts.Expression): boolean {
  if (ts.isStringLiteralLike(node)) return true;
  const declaration = ts.isIdentifier(node) ? lookUp(node.text, node) : undefined;
  return (
    declaration !== undefined && ts.isParameter(declaration) && declaration.type?.kind === ts.SyntaxKind.StringKeyword
  );
}

/** The parameter and the members that lead from it. */
function pathOf(given: ts.Expression): readonly string[] | undefined {
  const node = skipOuter(given);
  if (ts.isIdentifier(node)) return [node.text];
  if (!ts.isPropertyAccessExpression(node) || node.questionDotToken !== undefined) return undefined;
  const before = pathOf(node.expression);
  return before && [...before, node.name.text];
}

/** A new value of what `whole` names, with the changes made. */
function copyOf(whole: string, changes: readonly Change[]): string {
  const [first] = changes;
  if (first === undefined) return whole;
  if (changes.length === 1 && first.path.length === 0) {
    if (first.kind === "push") return `[...${whole}, ${first.value}]`;
    if (first.kind === "unshift") return `[${first.value}, ...${whole}]`;
    if (first.kind === "add") return `new Set([...${whole}, ${first.value}])`;
    if (first.kind === "set") return `new Map([...${whole}, [${first.value}]])`;
    if (first.kind === "sort") return `${whole}.toSorted(${first.value})`;
  }
  const members = changes.map((change) => {
    const [name, ...path] = change.path;
    if (name === undefined) return change.key === change.value ? change.key : `${change.key}: ${change.value}`;
    return `${name}: ${copyOf(`${whole}.${name}`, [{ ...change, path }])}`;
  });
  return `{ ...${whole}, ${members.join(", ")} }`;
}

function lineIndent(tree: ts.SourceFile, position: number): string {
  const line = tree.text.lastIndexOf("\n", position - 1) + 1;
  return /^\s*/.exec(tree.text.slice(line))?.[0] ?? "";
}
