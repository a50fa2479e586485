import { ts } from "ts-morph";
import { hasModifier } from "../extract/skeleton.js";
import { Edits } from "../fixes/edits.js";
import { bindsTightly, isDecidedBy, levelFor, writeField } from "../fixes/field-to-cell.js";
import { cellsOf, isReplicated } from "../view/constructions.js";
import { fieldData } from "../view/field-data.js";
import type { View } from "../view/view.js";
import { waitingFor, writeWaiting } from "./awaiting.js";
import { type FieldPlace, placeOf } from "./field-places.js";
import { mentionsOf } from "./mentions.js";
import type { Refactoring } from "./refactor.js";
import { fieldAt } from "./spot.js";

/**
 * `counter()` for a number that is only counted up and down, else `register(…)`, with every read and write of it in all
 * files. A level that nothing tells is the strongest: that is what a plain field looks like to who wrote it.
 */
export const fieldToCell: Refactoring = {
  id: "fieldToCell",
  kind: "rewrite",
  offersAt({ view, ...spot }) {
    const found = fieldAt({ view, ...spot });
    const field = found !== undefined && isData(view, found) ? found : undefined;
    const places = field && placesOf(view, field);
    const waiting = places && waitingFor(view, new Set(places.map(({ within }) => within)));
    if (field === undefined || places === undefined || waiting === undefined) return [];
    const isCounted =
      ts.isNumericLiteral(field.initializer) && places.every(({ use }) => use !== "write" && use !== "derive");
    if (!isCounted && places.some((place) => !canDerive(place, places))) return [];
    const name = field.name.getText();
    return [
      {
        title: `Make \`${name}\` a \`${isCounted ? "counter()" : "register(…)"}\``,
        write() {
          const edits = new Edits(view.sources.x);
          const type = isCounted ? "counter" : "register";
          writeField(edits, field, field.initializer, type, levelOf(view, field, isCounted, places));
          for (const place of places) writePlace(edits, place, type);
          writeWaiting(edits, waiting);
          return edits.toFix(this.title, "suggested");
        },
      },
    ];
  },
};

type DataField = ts.PropertyDeclaration & {
  readonly parent: ts.ClassLikeDeclaration;
  readonly initializer: ts.Expression;
};

/** A field of a replicated class that holds data from the start, may change, and is nothing else yet. */
function isData(view: View, field: ts.PropertyDeclaration): field is DataField {
  const { initializer } = field;
  if (!ts.isClassLike(field.parent) || initializer === undefined || (ts.getDecorators(field)?.length ?? 0) > 0)
    return false;
  const excluded = [ts.SyntaxKind.StaticKeyword, ts.SyntaxKind.ReadonlyKeyword, ts.SyntaxKind.DeclareKeyword];
  if (excluded.some((kind) => hasModifier(field, kind)) || ts.isComputedPropertyName(field.name)) return false;
  // Without a type nobody knows what an empty list is to hold.
  if (field.type === undefined && ts.isArrayLiteralExpression(initializer) && initializer.elements.length === 0)
    return false;
  const data = fieldData(view.sources.x, field);
  return data !== undefined && isReplicated(view, view.sources.x.classId(field.parent));
}

/** Undefined where one of them cannot be rewritten, or where nothing ever changes it. */
function placesOf(view: View, field: DataField): readonly FieldPlace[] | undefined {
  const data = fieldData(view.sources.x, field);
  const holds = data === "number" || data === "value" ? "value" : "parts";
  const mentions = mentionsOf(view, field);
  const places = mentions?.flatMap((each) => placeOf(each, holds) ?? []);
  if (places === undefined || places.length !== mentions?.length) return undefined;
  // What an update computes from the old value is written with it.
  const own = places.filter((place) => !places.some((other) => other.derived !== undefined && isWithin(place, other)));
  const outer = own.filter((place) => !own.some((other) => isStep(other) && isOldValue(place, other)));
  return outer.some(({ use }) => use !== "read") ? outer : undefined;
}

function isWithin(place: FieldPlace, other: FieldPlace): boolean {
  return place !== other && other.whole.pos <= place.node.pos && place.node.end <= other.whole.end;
}

function isStep({ use }: FieldPlace): boolean {
  return use === "increment" || use === "decrement";
}

/** The second `count` of `count = count + by`. */
function isOldValue(place: FieldPlace, other: FieldPlace): boolean {
  const { operand } = other;
  const isOperand = operand !== undefined && operand.pos <= place.node.pos && place.node.end <= operand.end;
  return isWithin(place, other) && !isOperand;
}

/** The function of an update cannot wait for anything. */
function canDerive(place: FieldPlace, places: readonly FieldPlace[]): boolean {
  const { operand } = place;
  if (!isStep(place) || operand === undefined) return true;
  return !waits(operand) && !places.some((each) => operand.pos <= each.node.pos && each.node.end <= operand.end);
}

function waits(node: ts.Node): boolean {
  if (ts.isAwaitExpression(node)) return true;
  return ts.forEachChild(node, (child) => waits(child) || undefined) ?? false;
}

function levelOf(view: View, field: DataField, isCounted: boolean, places: readonly FieldPlace[]) {
  const cells = cellsOf(view, view.sources.x.classId(field.parent));
  const used = places.map(({ node, use }) => ({ node, use: use === "derive" ? ("write" as const) : use }));
  return levelFor(view, field.parent, { cells }, isCounted && !isDecidedBy(view, used)) ?? "linearizable";
}

/** Round what is written, so that other places in it can be rewritten as well. */
function writePlace(edits: Edits, place: FieldPlace, type: "counter" | "register"): void {
  const { node, use, whole, operand, derived } = place;
  const tree = node.getSourceFile();
  const field = node.getText(tree);
  if (use === "read") edits.replace(node, bindsTightly(node) ? `(await ${field}.read())` : `await ${field}.read()`);
  else if (derived !== undefined) edits.replace(whole, `await ${field}.update((current) => ${derived})`);
  else if (isStep(place) && type === "register") {
    const by = operand?.getText(tree) ?? "1";
    const change = operand !== undefined && ts.isBinaryExpression(operand) ? `(${by})` : by;
    edits.replace(whole, `await ${field}.update((current) => current ${use === "increment" ? "+" : "-"} ${change})`);
  } else if (operand === undefined || (isStep(place) && operand.getText(tree) === "1"))
    edits.replace(whole, `await ${field}.${use}()`);
  else {
    edits.splice(tree, whole.getStart(tree), operand.getStart(tree), `await ${field}.${use}(`);
    edits.splice(tree, operand.getEnd(), whole.getEnd(), ")");
  }
}
