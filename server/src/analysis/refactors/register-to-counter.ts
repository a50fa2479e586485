import { ts } from "ts-morph";
import { levelDecorator } from "../extract/annotations.js";
import { fieldValue } from "../extract/members.js";
import { operationNames } from "../extract/operation-names.js";
import { Edits } from "../fixes/edits.js";
import { increments, isDiscarded, writeIncrement } from "../fixes/eventual-counter.js";
import type { Cell } from "../model.js";
import { nodeOf } from "../sites.js";
import type { View } from "../view/view.js";
import { usesOfVariable } from "./local-uses.js";
import { mentionsOf } from "./mentions.js";
import type { Refactoring } from "./refactor.js";
import { fieldAt } from "./spot.js";

/** For a number that is only counted up and down and read: replicas that count apart then lose no count when they merge. */
export const registerToCounter: Refactoring = {
  id: "registerToCounter",
  kind: "rewrite",
  offersAt({ view, ...spot }) {
    const field = fieldAt({ view, ...spot });
    if (field === undefined || !ts.isClassLike(field.parent)) return [];
    const id = view.sources.x.classId(field.parent);
    const cell = view.cell(id, id, field.name.getText());
    if (cell?.dataType !== "register" || typeof cell.initial !== "number" || !isWritable(view, field)) return [];
    if (!countsOnly(cell) || !isReachedByOperationsOnly(view, cell, field)) return [];
    return [
      {
        title: `Make \`${cell.name}\` a \`counter()\``,
        write() {
          const edits = new Edits(view.sources.x);
          writeField(view, edits, field);
          for (const operation of cell.operations) if (operation.access !== "read") writeIncrement(edits, operation);
          return edits.toFix(this.title, "suggested");
        },
      },
    ];
  },
};

/** The handle is made where it is declared, with a type that can be written anew. */
function isWritable(view: View, field: ts.PropertyDeclaration): boolean {
  const handle = fieldValue(view.sources.x, field);
  if (handle.kind !== "handle" || field.initializer !== handle.call) return false;
  return (
    field.type === undefined || (ts.isTypeReferenceNode(field.type) && /\bRegister<number>$/.test(field.type.getText()))
  );
}

/** A counter has no `siblings`, and its `increment` gives no value as `update` does. */
function countsOnly({ operations }: Cell): boolean {
  return operations.every((operation) => {
    const node = nodeOf(operation.site);
    if (operation.access === "read") return operation.name === "read";
    return increments(operation) && node !== undefined && isDiscarded(node);
  });
}

/** Whoever holds the handle otherwise may do anything with it. */
function isReachedByOperationsOnly(view: View, cell: Cell, field: ts.PropertyDeclaration): boolean {
  const operations = new Set(cell.operations.map(({ site }) => nodeOf(site)));
  const isOperatedOn = (node: ts.Expression): boolean => {
    const { parent } = node;
    if (ts.isPropertyAccessExpression(parent) && parent.expression === node && ts.isCallExpression(parent.parent)) {
      if (parent.name.text === "at") return isOperatedOn(parent.parent);
      return operationNames.has(parent.name.text) && operations.has(parent.parent);
    }
    if (!ts.isVariableDeclaration(parent) || parent.type !== undefined || !ts.isIdentifier(parent.name)) return false;
    return usesOfVariable(parent).every(isOperatedOn);
  };
  return mentionsOf(view, field)?.every(isOperatedOn) ?? false;
}

function writeField(view: View, edits: Edits, field: ts.PropertyDeclaration): void {
  const tree = field.getSourceFile();
  const call = field.initializer as ts.CallExpression;
  const initial = call.arguments[0]?.getText(tree) ?? "0";
  edits.replace(call, `${edits.name(tree, "counter", { like: call.expression })}(${initial === "0" ? "" : initial})`);
  if (field.type !== undefined)
    edits.replace(field.type, edits.name(tree, "Counter", { like: field.type, isType: true }));
  removeMerge(view, edits, field);
}

/** Counters add up and have nothing to choose. */
function removeMerge(view: View, edits: Edits, field: ts.PropertyDeclaration): void {
  const level = levelDecorator(view.sources.x, field)?.node.expression;
  const options = level !== undefined && ts.isCallExpression(level) ? level.arguments[0] : undefined;
  if (options === undefined || !ts.isObjectLiteralExpression(options)) return;
  const isMerge = (each: ts.ObjectLiteralElementLike): boolean => each.name?.getText() === "merge";
  if (!options.properties.some(isMerge)) return;
  const kept = options.properties.filter((each) => !isMerge(each)).map((each) => each.getText());
  edits.replace(options, kept.length === 0 ? "" : `{ ${kept.join(", ")} }`);
}
