import { ts } from "ts-morph";
import { baseOf } from "../extract/classes.js";
import { type FunctionNode, memberName } from "../extract/scopes.js";
import type { Edits } from "../fixes/edits.js";
import { bindsTightly } from "../fixes/field-to-cell.js";
import { isWhole } from "../syntax-errors.js";
import { isAsync } from "../view/fates.js";
import type { View } from "../view/view.js";
import { functionThatWaits } from "./field-places.js";
import { mentionsOf } from "./mentions.js";
import { isRedeclared } from "./subclasses.js";

/** Methods that have to become asynchronous, and their calls, which have to be waited for then. */
export interface Waiting {
  readonly methods: ReadonlySet<ts.MethodDeclaration>;
  readonly calls: readonly ts.CallExpression[];
}

/** What lets all of these functions wait; undefined where one of them, or one that calls it, cannot. */
export function waitingFor(view: View, functions: Iterable<FunctionNode>): Waiting | undefined {
  const methods = new Set<ts.MethodDeclaration>();
  const calls: ts.CallExpression[] = [];
  const pending = [...functions];
  for (let run = pending.pop(); run !== undefined; run = pending.pop()) {
    if (isAsync(run) || methods.has(run as ts.MethodDeclaration)) continue;
    if (!ts.isMethodDeclaration(run) || !canBecomeAsync(view, run) || methods.size >= mostMethods) return undefined;
    methods.add(run);
    for (const mention of mentionsOf(view, run) ?? [undefined]) {
      const call = mention?.parent;
      const around = call && functionThatWaits(call);
      if (call === undefined || !ts.isCallExpression(call) || call.expression !== mention) return undefined;
      if (around === undefined) return undefined;
      calls.push(call);
      pending.push(around);
    }
  }
  return { methods, calls };
}

/** More than these nobody wants to have changed in one go. */
const mostMethods = 30;

/** Nobody else says what it returns: no interface, no base, no subclass, no second signature. */
function canBecomeAsync(view: View, method: ts.MethodDeclaration): boolean {
  const name = memberName(method);
  const owner = method.parent;
  if (name === undefined || !ts.isClassLike(owner) || method.asteriskToken !== undefined || !isWhole(owner))
    return false;
  const isImplementing = owner.heritageClauses?.some((each) => each.token === ts.SyntaxKind.ImplementsKeyword) ?? false;
  const isOverloaded = owner.members.filter((each) => memberName(each) === name).length > 1;
  if (isImplementing || isOverloaded || isAsserting(method.type) || (ts.getDecorators(method)?.length ?? 0) > 0)
    return false;
  const isOfUnknownBase = owner.heritageClauses !== undefined && baseOf(view.sources.x, owner) === undefined;
  return !isOfUnknownBase && !isRedeclared(view, owner, name);
}

function isAsserting(type: ts.TypeNode | undefined): boolean {
  return type !== undefined && (ts.isTypePredicateNode(type) || type.kind === ts.SyntaxKind.ThisType);
}

export function writeWaiting(edits: Edits, { methods, calls }: Waiting): void {
  for (const method of methods) {
    const tree = method.getSourceFile();
    edits.insert(tree, method.name.getStart(tree), "async ");
    if (method.type === undefined) continue;
    edits.insert(tree, method.type.getStart(tree), "Promise<");
    edits.insert(tree, method.type.getEnd(), ">");
  }
  for (const call of calls) {
    const tree = call.getSourceFile();
    if (ts.isAwaitExpression(call.parent) || ts.isReturnStatement(call.parent)) continue;
    const isTight = bindsTightly(call);
    edits.insert(tree, call.getStart(tree), isTight ? "(await " : "await ");
    if (isTight) edits.insert(tree, call.getEnd(), ")");
  }
}
