import { ts } from "ts-morph";
import type { Edits } from "../fixes/edits.js";
import { indentOf } from "../fixes/move-after.js";
import type { View } from "../view/view.js";

/** An `@Invariant` to be written into a class. */
export interface InvariantMethod {
  readonly name: string;
  /** What holds, in words. */
  readonly sentence: string;
  readonly onlyConverged: boolean;
  /** Lines of the body, as far to the right as the method itself. */
  readonly body: readonly string[];
}

export function writeInvariant(edits: Edits, after: ts.ClassElement, method: InvariantMethod): void {
  const tree = after.getSourceFile();
  const indent = indentOf(tree, after);
  const decorator = edits.name(tree, "Invariant");
  const options = method.onlyConverged ? `, { when: "converged" }` : "";
  const lines = [
    `@${decorator}(${JSON.stringify(method.sentence)}${options})`,
    `async ${method.name}(): Promise<boolean> {`,
    ...method.body.map((line) => (line === "" ? "" : `  ${line}`)),
    "}",
  ];
  edits.insert(tree, after.getEnd(), `\n${lines.map((line) => (line === "" ? "\n" : `\n${indent}${line}`)).join("")}`);
}

/** Invariants across levels are judged once all replicas are equal. */
export function spansLevels(view: View, reads: readonly ts.CallExpression[]): boolean {
  return new Set(reads.map((read) => cellOf(view, read)?.level)).size > 1;
}

/** The names of the cells that are read, each once, in the order in which they are. */
export function cellNames(view: View, reads: readonly ts.CallExpression[]): readonly string[] {
  return [...new Set(reads.flatMap((read) => cellOf(view, read)?.name ?? []))];
}

function cellOf(view: View, read: ts.CallExpression) {
  const callee = view.sources.x.evaluate(read.expression);
  if (callee.kind !== "operation" || callee.cell.kind !== "cell") return undefined;
  return view.cell(callee.cell.receiver, callee.cell.declaredIn, callee.cell.field);
}

/** The name, or the next one that the class does not have yet. */
export function freeName(owner: ts.ClassLikeDeclaration, name: string): string {
  const taken = new Set(owner.members.map((member) => member.name?.getText()));
  let free = name;
  for (let number = 2; taken.has(free); number++) free = `${name}${number}`;
  return free;
}

/** The object whose cell an operation is on: `account` in `account.balance.at("eventual").read()`. */
export function objectOf(read: ts.CallExpression): ts.Expression | undefined {
  let cell = ts.isPropertyAccessExpression(read.expression) ? read.expression.expression : undefined;
  while (cell !== undefined && ts.isCallExpression(cell))
    cell = ts.isPropertyAccessExpression(cell.expression) ? cell.expression.expression : undefined;
  return cell !== undefined && ts.isPropertyAccessExpression(cell) ? cell.expression : undefined;
}
