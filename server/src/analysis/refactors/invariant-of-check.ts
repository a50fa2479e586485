import { ts } from "ts-morph";
import { isFunctionNode, lookUp } from "../extract/scopes.js";
import { Edits } from "../fixes/edits.js";
import { indentOf } from "../fixes/move-after.js";
import { isWhole } from "../syntax-errors.js";
import { isReplicated } from "../view/constructions.js";
import type { View } from "../view/view.js";
import { isCondition, readsIn, textOf } from "./conditions.js";
import { freeName, objectOf, spansLevels, writeInvariant } from "./invariant-method.js";
import type { Offer } from "./refactor.js";
import { nodeAt, type Spot } from "./spot.js";

type Predicate = ts.ArrowFunction;

/** A `check` or `converged` of a scenario about one object: what has to hold of it has to hold of each of its class. */
export function fromCheck({ view, ...spot }: Spot): readonly Offer[] {
  const call = checkAround(view, nodeAt({ view, ...spot }));
  const [sentence, predicate] = call?.arguments ?? [];
  if (call === undefined || sentence === undefined || !ts.isStringLiteralLike(sentence) || !isWhole(call)) return [];
  if (predicate === undefined || !ts.isArrowFunction(predicate)) return [];
  const reads = readsIn(view, predicate.body);
  const object = reads && oneObject(reads);
  const owner = object && ownerOf(view, object);
  const last = owner?.members.at(-1);
  if (reads === undefined || object === undefined || owner === undefined || last === undefined) return [];
  const body = bodyOf(view, predicate, object.getText(), owner);
  if (body === undefined) return [];
  const words = aboutAny(sentence.text, object, owner);
  const name = freeName(owner, methodName(words));
  if (!/^[a-z]\w*$/.test(name)) return [];
  return [
    {
      title: `Extract \`@Invariant\` \`${name}\` of \`${owner.name?.text ?? "the class"}\``,
      write() {
        const edits = new Edits(view.sources.x);
        const parameters = predicate.parameters.map((each) => each.getText()).join(", ");
        edits.replace(predicate, `(${parameters}) => ${object.getText()}.${name}()`);
        const onlyConverged = contextCall(view, call) === "converged" || spansLevels(view, reads);
        writeInvariant(edits, last, { name, sentence: words, onlyConverged, body });
        return edits.toFix(this.title, "suggested");
      },
    },
  ];
}

function checkAround(view: View, from: ts.Node): ts.CallExpression | undefined {
  for (let node = from; node !== undefined && !ts.isBlock(node); node = node.parent)
    if (ts.isCallExpression(node) && contextCall(view, node) !== undefined) return node;
  // The caret may stand in the block that the predicate is.
  const block = from === undefined ? undefined : blockAround(from);
  const call = block?.parent.parent;
  return call !== undefined && ts.isCallExpression(call) && contextCall(view, call) !== undefined ? call : undefined;
}

function blockAround(from: ts.Node): ts.Block | undefined {
  for (let node = from; node !== undefined; node = node.parent)
    if (ts.isBlock(node) && isFunctionNode(node.parent)) return node;
  return undefined;
}

function contextCall(view: View, call: ts.CallExpression): "check" | "converged" | undefined {
  const callee = view.sources.x.evaluate(call.expression);
  if (callee.kind !== "runtime") return undefined;
  if (callee.name === "scenario context.check") return "check";
  return callee.name === "scenario context.converged" ? "converged" : undefined;
}

/** What all reads are of, if it is one object by its text. */
function oneObject(reads: readonly ts.CallExpression[]): ts.Expression | undefined {
  const [first, ...others] = reads.map(objectOf);
  const isSame = others.every((each) => each?.getText() === first?.getText());
  return isSame && first?.kind !== ts.SyntaxKind.ThisKeyword ? first : undefined;
}

function ownerOf(view: View, object: ts.Expression): ts.ClassLikeDeclaration | undefined {
  const value = view.sources.x.evaluate(object);
  const owner = value.kind === "instance" ? view.sources.x.classNode(value.of) : undefined;
  if (value.kind !== "instance" || owner === undefined || !isReplicated(view, value.of)) return undefined;
  return isWhole(owner) && !owner.getSourceFile().isDeclarationFile ? owner : undefined;
}

/** The predicate as the object's own method would have it; undefined where it needs what is not there. */
function bodyOf(
  view: View,
  { body }: Predicate,
  object: string,
  owner: ts.ClassLikeDeclaration,
): readonly string[] | undefined {
  if (!isSelfContained(body, object, owner)) return undefined;
  const write = (node: ts.Node): string =>
    textOf(node, (part) => (part.getText() === object && ts.isExpression(part) ? "this" : undefined));
  if (!ts.isBlock(body)) return isCondition(view, body) ? [`return ${write(unwrapped(body))};`] : undefined;
  const returned = returnedIn(body);
  if (returned.length === 0 || !returned.every((each) => each !== undefined && isCondition(view, each)))
    return undefined;
  const indent = indentOf(body.getSourceFile(), body.statements[0] ?? body);
  return body.statements.flatMap((each) =>
    write(each)
      .split("\n")
      .map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line)),
  );
}

function unwrapped(node: ts.Expression): ts.Expression {
  return ts.isParenthesizedExpression(node) ? node.expression : node;
}

/** Names nothing but the object, what it declares itself, and what is known everywhere or beside the class. */
function isSelfContained(body: ts.ConciseBody, object: string, owner: ts.ClassLikeDeclaration): boolean {
  const visit = (node: ts.Node): boolean => {
    if (ts.isExpression(node) && node.getText() === object) return true;
    if (node.kind === ts.SyntaxKind.ThisKeyword || ts.isFunctionExpression(node)) return false;
    if (ts.isIdentifier(node) && !(ts.isPropertyAccessExpression(node.parent) && node.parent.name === node)) {
      const declaration = lookUp(node.text, node);
      const isInside = declaration !== undefined && body.pos <= declaration.pos && declaration.end <= body.end;
      if (declaration !== undefined && !isInside && lookUp(node.text, owner) !== declaration) return false;
    }
    return !(ts.forEachChild(node, (child) => !visit(child) || undefined) ?? false);
  };
  return visit(body);
}

function returnedIn(node: ts.Node): readonly (ts.Expression | undefined)[] {
  const found: (ts.Expression | undefined)[] = [];
  const visit = (each: ts.Node): void => {
    if (ts.isReturnStatement(each)) found.push(each.expression);
    else if (!isFunctionNode(each)) ts.forEachChild(each, visit);
  };
  visit(node);
  return found;
}

/** "alice is not overdrawn" says it of one; the invariant, of "the account". */
function aboutAny(sentence: string, object: ts.Expression, owner: ts.ClassLikeDeclaration): string {
  const id = ts.isCallExpression(object) ? object.arguments[1] : undefined;
  const name = id !== undefined && ts.isStringLiteralLike(id) ? id.text : object.getText();
  const kind = (owner.name?.text ?? "object").replace(/\B[A-Z]/g, (letter) => ` ${letter}`).toLowerCase();
  if (!/^\w+$/.test(name)) return sentence;
  return sentence.replace(new RegExp(`\\b(?:the )?${name}\\b`, "gi"), `the ${kind}`);
}

function methodName(sentence: string): string {
  const words = sentence.replace(/['’]/g, "").match(/[A-Za-z0-9]+/g) ?? [];
  const [first = "", ...others] = words.filter((word, index) => index > 0 || !/^(?:the|an?)$/i.test(word));
  const camel = others.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
  return `${first.toLowerCase()}${camel}`;
}
