import { ts } from "ts-morph";
import type { Target } from "./analysis.js";
import { decoratorsOf } from "./extract/annotations.js";
import { isOpen } from "./extract/calls.js";
import { chainOf } from "./extract/classes.js";
import type { Extraction } from "./extract/extraction.js";
import { hasModifier, skeletonOf } from "./extract/skeleton.js";
import { siteOf } from "./sites.js";

interface Scenario {
  readonly name: string;
  readonly node: ts.Identifier;
  readonly call: ts.Node;
}

/** Annotated classes and exported scenarios of a file, in source order. */
export function targetsOf(x: Extraction, tree: ts.SourceFile): readonly Target[] {
  const scenarios = scenariosOf(x, tree);
  const found: { readonly at: number; readonly target: Target }[] = scenarios.map(({ name, node }) => ({
    at: node.getStart(tree),
    target: { name, kind: "scenario", scenarios: [], range: siteOf(node).range },
  }));
  for (const statement of tree.statements) {
    if (!ts.isClassDeclaration(statement) || statement.name === undefined || !isAnnotated(x, statement)) continue;
    const id = x.classId(statement);
    const opening = scenarios.filter(({ call }) => opensClass(x, call, id)).map(({ name }) => name);
    found.push({
      at: statement.name.getStart(tree),
      target: { name: statement.name.text, kind: "class", scenarios: opening, range: siteOf(statement.name).range },
    });
  }
  return found.sort((a, b) => a.at - b.at).map(({ target }) => target);
}

function isAnnotated(x: Extraction, node: ts.ClassDeclaration): boolean {
  if (hasModifier(node, ts.SyntaxKind.AbstractKeyword)) return false;
  return chainOf(x, x.classId(node)).some((link) =>
    decoratorsOf(x, link.node).some((each) => each.name === "Replicated"),
  );
}

function scenariosOf(x: Extraction, tree: ts.SourceFile): readonly Scenario[] {
  const exported = new Map(
    [...skeletonOf(tree).exports].flatMap(([name, each]) => ("local" in each ? [[each.local, name] as const] : [])),
  );
  const found: Scenario[] = [];
  for (const statement of tree.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    for (const { name, initializer } of statement.declarationList.declarations) {
      const exportName = ts.isIdentifier(name) ? exported.get(name.text) : undefined;
      if (exportName === undefined || initializer === undefined) continue;
      const value = x.evaluate(initializer);
      if (value.kind === "result" && value.of === "scenario")
        found.push({ name: exportName, node: name as ts.Identifier, call: value.call });
    }
  }
  return found;
}

/** Read from the source: the scenario, or a function that it calls in this file, opens the class by name. */
function opensClass(x: Extraction, node: ts.Node, id: string): boolean {
  if (ts.isCallExpression(node)) {
    const type = node.arguments[0] === undefined ? undefined : x.evaluate(node.arguments[0]);
    if (type?.kind === "class" && type.of === id) {
      const callee = x.evaluate(node.expression);
      if (callee.kind === "runtime" ? isOpen(callee.name) : callee.kind === "unknown") return true;
    }
  }
  return ts.forEachChild(node, (child) => opensClass(x, child, id) || undefined) ?? false;
}
