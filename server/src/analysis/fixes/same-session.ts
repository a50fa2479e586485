import { ts } from "ts-morph";
import type { Fix } from "../../documents/finding.js";
import { enclosingFunction, lookUp } from "../extract/scopes.js";
import type { Site } from "../model.js";
import { nodeOf } from "../sites.js";
import type { StaleRead } from "../view/stale-reads.js";
import { contains } from "../view/succession.js";
import type { View } from "../view/view.js";
import { Edits } from "./edits.js";
import { writeLevel } from "./levels.js";

/** Puts the name of the object that was written to where the other session's is read. */
export function readInSameSession(view: View, stale: StaleRead): Fix | undefined {
  const [writer, reader] = [objectAt(view, stale.writeSite), objectAt(view, stale.site)];
  if (writer === undefined || reader === undefined || !ts.isIdentifier(writer)) return undefined;
  // Where the read stands the same name has to mean the same.
  if (lookUp(writer.text, reader) !== lookUp(writer.text, writer)) return undefined;
  const edits = new Edits(view.sources.x);
  edits.replace(reader, writer.text);
  return edits.toFix(`Read through \`${writer.text}\`, in the session that writes`, "suggested");
}

/** The opened object on which an operation or a method is called. */
function objectAt(view: View, site: Site): ts.Expression | undefined {
  const call = nodeOf(site);
  if (call === undefined || !ts.isCallExpression(call)) return undefined;
  let node: ts.Expression = call.expression;
  while (view.sources.x.evaluate(node).kind !== "instance") {
    if (ts.isPropertyAccessExpression(node) || ts.isCallExpression(node)) node = node.expression;
    else return undefined;
  }
  return node;
}

/** `causal` promises a session what it has seen itself, so the one that reads has to be told what the other has seen. */
export function carryCausality(view: View, stale: StaleRead): Fix | undefined {
  const edits = new Edits(view.sources.x);
  if (stale.by === "session" && !passToken(view, edits, stale)) return undefined;
  if (!writeLevel(view, edits, stale.read.cell, "causal")) return undefined;
  const name = `\`${stale.read.cell.name}\``;
  return edits.toFix(
    stale.by === "session"
      ? `Raise ${name} to \`@Causal()\` and pass on what the session that writes has seen`
      : `Raise ${name} to \`@Causal()\``,
    "suggested",
  );
}

function passToken(view: View, edits: Edits, { sessions, writeSite }: StaleRead): boolean {
  const writer = sessions.writer && nodeOf(sessions.writer);
  const name = sessions.reader && nodeOf(sessions.reader);
  const write = nodeOf(writeSite);
  const made = name && sessionCall(view, name as ts.Expression);
  if (writer === undefined || !ts.isIdentifier(writer) || made === undefined || write === undefined) return false;
  const isAfter = write.getSourceFile() === made.getSourceFile() && made.pos >= write.getEnd();
  const around = enclosingFunction(write);
  if (!isAfter || (around !== undefined && !contains(around, made))) return false;
  if (lookUp(writer.text, made) !== lookUp(writer.text, writer)) return false;
  const token = `token: ${writer.text}.token()`;
  const [options] = made.arguments;
  const tree = made.getSourceFile();
  if (options === undefined) edits.insert(tree, made.arguments.pos, `{ ${token} }`);
  else if (!ts.isObjectLiteralExpression(options) || options.properties.some(ts.isSpreadAssignment)) return false;
  else if (options.properties.some((each) => each.name?.getText() === "token")) return false;
  else if (options.properties.length === 0) edits.replace(options, `{ ${token} }`);
  else edits.insert(tree, (options.properties.at(-1) as ts.Node).getEnd(), `, ${token}`);
  return true;
}

/** `deployment.session(…)`, there or where the name is declared; sessions of a scenario take no token. */
function sessionCall(view: View, node: ts.Expression): ts.CallExpression | undefined {
  if (ts.isIdentifier(node)) {
    const declaration = lookUp(node.text, node);
    return declaration !== undefined && ts.isVariableDeclaration(declaration) && declaration.initializer !== undefined
      ? sessionCall(view, declaration.initializer)
      : undefined;
  }
  if (!ts.isCallExpression(node)) return undefined;
  const callee = view.sources.x.evaluate(node.expression);
  return callee.kind === "runtime" && callee.name === "deployment.session" ? node : undefined;
}
