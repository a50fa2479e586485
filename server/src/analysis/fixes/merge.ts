import { ts } from "ts-morph";
import type { Fix } from "../../documents/finding.js";
import { levelDecorator } from "../extract/annotations.js";
import { fieldValue } from "../extract/members.js";
import { localsOf } from "../extract/scopes.js";
import { declaredValue } from "../extract/structures.js";
import type { Cell } from "../model.js";
import { nodeOf } from "../sites.js";
import { isWhole } from "../syntax-errors.js";
import type { View } from "../view/view.js";
import { add } from "./configure.js";
import { Edits } from "./edits.js";
import { decorators } from "./levels.js";
import { indentOf } from "./move-after.js";

/** A merge function to be filled in, or the default in words, as an option of the cell's level. */
export function chooseMerge(view: View, cell: Cell, choice: "function" | "lastWriterWins"): Fix | undefined {
  const field = fieldOf(cell);
  if (field === undefined || !isWhole(field.parent)) return undefined;
  const edits = new Edits(view.sources.x);
  const tree = field.getSourceFile();
  const like = decoratorName(levelDecorator(view.sources.x, field)?.node);
  const merge =
    choice === "function"
      ? writeMerge(view, edits, cell, field)
      : edits.name(tree, "lastWriterWins", like === undefined ? {} : { like });
  if (merge === undefined || !setOption(view, edits, cell, field, `merge: ${merge}`)) return undefined;
  const title =
    choice === "function"
      ? `Write a merge function for \`${cell.name}\``
      : `Say \`merge: lastWriterWins\` for \`${cell.name}\``;
  return edits.toFix(title, "suggested");
}

export function removeWins(view: View, cell: Cell): Fix | undefined {
  const field = fieldOf(cell);
  if (field === undefined || !isWhole(field.parent)) return undefined;
  const edits = new Edits(view.sources.x);
  if (!setOption(view, edits, cell, field, 'conflict: "remove-wins"')) return undefined;
  return edits.toFix(`Let deletes win in \`${cell.name}\``, "suggested");
}

function fieldOf(cell: Cell): ts.PropertyDeclaration | undefined {
  const field = nodeOf(cell.site)?.parent;
  return field !== undefined && ts.isPropertyDeclaration(field) ? field : undefined;
}

function decoratorName(decorator: ts.Decorator | undefined): ts.Expression | undefined {
  const expression = decorator?.expression;
  return expression !== undefined && ts.isCallExpression(expression) ? expression.expression : expression;
}

/** Adds to the options of the field's own level, or gives it one, where its class's has nothing else to say. */
function setOption(view: View, edits: Edits, cell: Cell, field: ts.PropertyDeclaration, option: string): boolean {
  const { annotation, ownsAnnotation } = cell;
  const decorator = annotation && nodeOf(annotation.site);
  if (annotation === undefined || decorator === undefined || !ts.isDecorator(decorator)) return false;
  const tree = field.getSourceFile();
  const { expression } = decorator;
  // A wrapper of the project has options of its own.
  if (!ts.isCallExpression(expression) || view.sources.x.evaluate(expression.expression).kind !== "runtime")
    return false;
  const [options] = expression.arguments;
  if (!ownsAnnotation) {
    if (options !== undefined) return false;
    edits.insert(tree, field.getStart(tree), `@${edits.name(tree, decorators[annotation.level])}({ ${option} }) `);
    return true;
  }
  if (options === undefined) edits.insert(tree, expression.arguments.pos, `{ ${option} }`);
  else if (!ts.isObjectLiteralExpression(options)) return false;
  else add(edits, options, [option]);
  return true;
}

/** A function above the class where the type has a name to give it, else one in place. */
function writeMerge(view: View, edits: Edits, cell: Cell, field: ts.PropertyDeclaration): string | undefined {
  const type = typeText(view, field);
  const [first, second] = ["a", "b"].map((each) => `\${JSON.stringify(${each})}`);
  const body = `throw new Error(\`To be written: merge ${first} and ${second}.\`);`;
  if (type === undefined) {
    const indent = indentOf(field.getSourceFile(), field);
    return `(a, b) => {\n${indent}  ${body}\n${indent}}`;
  }
  let statement: ts.Node = field;
  while (!ts.isSourceFile(statement.parent)) statement = statement.parent;
  const tree = field.getSourceFile();
  const name = `merge${cell.name.charAt(0).toUpperCase()}${cell.name.slice(1)}`;
  if (!/^\w+$/.test(name) || localsOf(tree).has(name) || indentOf(tree, statement) !== "") return undefined;
  edits.insert(
    tree,
    statement.getStart(tree),
    [
      "/** Called in either order, and again with its own results: it must give the same value each time. */",
      `function ${name}(a: ${type}, b: ${type}): ${type} {`,
      `  ${body}`,
      "}",
      "",
      "",
    ].join("\n"),
  );
  return name;
}

/** As it is written at the field; type parameters mean nothing outside the class. */
function typeText(view: View, field: ts.PropertyDeclaration): string | undefined {
  const handle = fieldValue(view.sources.x, field);
  const call = handle.kind === "handle" ? handle.call : undefined;
  const given = call !== undefined && call === field.initializer ? call.typeArguments?.[0] : undefined;
  const type = given ?? declaredValue(view.sources.x, field);
  const parameters = ts.isClassLike(field.parent) ? (field.parent.typeParameters ?? []) : [];
  const isGeneric = parameters.some((each) => new RegExp(`\\b${each.name.text}\\b`).test(type?.getText() ?? ""));
  return type === undefined || isGeneric ? undefined : type.getText();
}

/** `set()` or `map()`, in which entries are merged one by one; only for a register that begins empty and is not used yet. */
export function collection(view: View, cell: Cell): Fix | undefined {
  const field = fieldOf(cell);
  const call = field?.initializer;
  if (field === undefined || call === undefined || !ts.isCallExpression(call) || field.type !== undefined)
    return undefined;
  if (cell.operations.length > 0 || fieldValue(view.sources.x, field).kind !== "handle") return undefined;
  if (view.sources.x.evaluate(call.expression).kind !== "runtime" || !isEmpty(call.arguments[0])) return undefined;
  const type = call.typeArguments?.[0];
  const entry = type && entryOf(type);
  if (entry === undefined) return undefined;
  const edits = new Edits(view.sources.x);
  const name = edits.name(field.getSourceFile(), entry.kind, { like: call.expression });
  edits.replace(call, `${name}<${entry.types.map((each) => each.getText()).join(", ")}>()`);
  return edits.toFix(`Make \`${cell.name}\` \`${entry.kind}()\``, "suggested");
}

function isEmpty(initial: ts.Expression | undefined): boolean {
  if (initial === undefined) return false;
  if (ts.isArrayLiteralExpression(initial)) return initial.elements.length === 0;
  if (ts.isObjectLiteralExpression(initial)) return initial.properties.length === 0;
  return ts.isNewExpression(initial) && (initial.arguments?.length ?? 0) === 0;
}

/** What a set of the elements, or a map of the entries, would be made of. Keys of maps are strings. */
function entryOf(
  type: ts.TypeNode,
): { readonly kind: "set" | "map"; readonly types: readonly ts.TypeNode[] } | undefined {
  if (ts.isTypeOperatorNode(type)) return entryOf(type.type);
  if (ts.isArrayTypeNode(type)) return { kind: "set", types: [type.elementType] };
  if (!ts.isTypeReferenceNode(type) || !ts.isIdentifier(type.typeName)) return undefined;
  const types = type.typeArguments ?? [];
  switch (type.typeName.text) {
    case "Array":
    case "ReadonlyArray":
    case "Set":
    case "ReadonlySet":
      return types.length === 1 ? { kind: "set", types } : undefined;
    case "Map":
    case "ReadonlyMap":
    case "Record":
      return types.length === 2 && types[0]?.kind === ts.SyntaxKind.StringKeyword ? { kind: "map", types } : undefined;
    default:
      return undefined;
  }
}
