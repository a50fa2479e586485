import { ts } from "ts-morph";
import type { Fix } from "../../documents/finding.js";
import { isOpen } from "../extract/calls.js";
import { chainOf } from "../extract/classes.js";
import { lookUp } from "../extract/scopes.js";
import type { Construction } from "../model.js";
import { nodeOf } from "../sites.js";
import { isWhole } from "../syntax-errors.js";
import type { View } from "../view/view.js";
import { Edits } from "./edits.js";

/** `open(Account, id)`, where the only thing that the constructor takes is a string: then that is the identity. */
export function openInstead(view: View, { site, owner }: Construction): Fix | undefined {
  const node = nodeOf(site);
  if (node === undefined || !ts.isNewExpression(node) || !takesIdentity(view, node) || !isWhole(node)) return undefined;
  const id = node.arguments?.[0];
  if (id === undefined || node.arguments?.length !== 1 || ts.isSpreadElement(id)) return undefined;
  if (node.typeArguments !== undefined) return undefined;
  const edits = new Edits(view.sources.x);
  const name = nameOfOpen(view, edits, node);
  if (name === undefined) return undefined;
  const tree = node.getSourceFile();
  edits.replace(node, `${name}(${node.expression.getText(tree)}, ${id.getText(tree)})`);
  return edits.toFix(`Open \`${owner}\` by its identity`, "suggested");
}

function takesIdentity(view: View, node: ts.NewExpression): boolean {
  const { x } = view.sources;
  const type = x.evaluate(node.expression);
  if (type.kind !== "class") return false;
  const made = chainOf(x, type.of)
    .flatMap((link) => [...link.node.members])
    .find((member) => ts.isConstructorDeclaration(member) && member.body !== undefined);
  const parameters = made !== undefined && ts.isConstructorDeclaration(made) ? made.parameters : undefined;
  const only = parameters?.[0];
  return (
    parameters?.length === 1 && only?.dotDotDotToken === undefined && only?.type?.kind === ts.SyntaxKind.StringKeyword
  );
}

/** Within a scenario `open` may be the scenario's own, which is meant; anything else of that name is in the way. */
function nameOfOpen(view: View, edits: Edits, node: ts.Node): string | undefined {
  const tree = node.getSourceFile();
  const declaration = lookUp("open", node);
  if (declaration !== undefined) {
    const value = view.sources.x.declared(declaration);
    if (value.kind === "runtime" && isOpen(value.name)) return "open";
    const isAtTop = lookUp("open", tree) === declaration;
    if (!isAtTop) return undefined;
  }
  return edits.name(tree, "open", ts.isNewExpression(node) ? { like: node.expression } : {});
}
