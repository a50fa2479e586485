import { ts } from "ts-morph";
import type { Fix } from "../../documents/finding.js";
import { hasModifier } from "../extract/skeleton.js";
import type { Method } from "../model.js";
import { nodeOf } from "../sites.js";
import { type StateAct, stateOf } from "../states.js";
import { isWhole } from "../syntax-errors.js";
import type { View } from "../view/view.js";
import { Edits } from "./edits.js";
import { indentOf } from "./move-after.js";

/** Undoes the first when the second fails, by a method that only its author can write. A crash between them stays open. */
export function compensate(view: View, method: Method, first: StateAct, second: StateAct): Fix | undefined {
  const declaration = nodeOf(method.site)?.parent;
  const statement = statementOf(nodeOf(second.site));
  if (declaration === undefined || !ts.isMethodDeclaration(declaration) || !ts.isClassLike(declaration.parent))
    return undefined;
  if (statement === undefined || statement.parent !== declaration.body || !ts.isIdentifier(declaration.name))
    return undefined;
  if (hasModifier(declaration, ts.SyntaxKind.StaticKeyword) || !isWhole(declaration.parent)) return undefined;
  const { text } = declaration.name;
  const name = nameFor(declaration.parent, [text, stateOf(second.effect).name]);
  if (name === undefined) return undefined;
  const tree = statement.getSourceFile();
  const indent = indentOf(tree, statement);
  const outer = indentOf(tree, declaration);
  const step = indent.slice(outer.length);
  const changed = `\`${stateOf(first.effect).name}\``;
  const edits = new Edits(view.sources.x);
  edits.insert(tree, statement.getStart(tree), `try {\n${indent}${step}`);
  const after = [`} catch (error) {`, `${step}await this.${name}(error);`, `${step}throw error;`, "}"];
  edits.insert(tree, statement.getEnd(), after.map((line) => `\n${indent}${line}`).join(""));
  const lines = [
    `/** Undoes what \`${text}\` did to ${changed}. It may run more than once, and not at all after a crash. */`,
    `private async ${name}(cause: unknown): Promise<void> {`,
    `${step}throw new Error("To be written: undo ${first.effect.operation} of ${stateOf(first.effect).name}.", { cause });`,
    "}",
  ];
  edits.insert(tree, declaration.getEnd(), `\n${lines.map((line) => `\n${outer}${line}`).join("")}`);
  return edits.toFix(`Undo ${changed} when \`${stateOf(second.effect).name}\` fails`, "suggested");
}

/** `undoPlace`, and where that is another's already, `undoPlaceBeforeBus`. */
function nameFor(owner: ts.ClassLikeDeclaration, [method, state]: readonly [string, string]): string | undefined {
  const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
  const taken = new Set(owner.members.map((member) => member.name?.getText()));
  const names = [`undo${capital(method)}`, `undo${capital(method)}Before${capital(state.replace(/^[#_]+/, ""))}`];
  return names.find((each) => !taken.has(each));
}

function statementOf(node: ts.Node | undefined): ts.ExpressionStatement | undefined {
  let each = node;
  while (each !== undefined && !ts.isStatement(each)) each = each.parent;
  const isOneLine = each !== undefined && !each.getText().includes("\n");
  return each !== undefined && ts.isExpressionStatement(each) && isOneLine ? each : undefined;
}
