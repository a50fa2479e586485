import { ts } from "ts-morph";
import type { Level } from "../../../../runtime/src/levels.js";
import type { Fix } from "../../documents/finding.js";
import type { Cell, LevelAnnotation, LevelRead, LevelTarget, StoreLabel } from "../model.js";
import { nodeOf } from "../sites.js";
import type { View } from "../view/view.js";
import { Edits } from "./edits.js";
import { decorators, keptOptions, writeLevel } from "./levels.js";

export function give(view: View, cell: Cell, level: Level): Fix | undefined {
  const edits = new Edits(view.sources.x);
  if (!writeLevel(view, edits, cell, level)) return undefined;
  return edits.toFix(`Make \`${cell.name}\` \`@${decorators[level]}()\``, "suggested");
}

export function relevel(view: View, annotation: LevelAnnotation, level: Level): Fix | undefined {
  const decorator = nodeOf(annotation.site);
  if (decorator === undefined || !ts.isDecorator(decorator)) return undefined;
  const edits = new Edits(view.sources.x);
  const expression = ts.isCallExpression(decorator.expression) ? decorator.expression.expression : decorator.expression;
  const name = edits.name(decorator.getSourceFile(), decorators[level], { like: expression });
  edits.replace(decorator, `@${name}(${keptOptions(decorator, level)})`);
  return edits.toFix(`Ask for \`@${decorators[level]}()\``, "suggested");
}

export function readAtOwnLevel(view: View, read: LevelRead): Fix | undefined {
  const name = nodeOf(read.site);
  const access = name?.parent;
  const call = access?.parent;
  if (name === undefined || access === undefined || !ts.isPropertyAccessExpression(access) || access.name !== name)
    return undefined;
  if (call === undefined || !ts.isCallExpression(call) || call.expression !== access) return undefined;
  const edits = new Edits(view.sources.x);
  edits.splice(call.getSourceFile(), access.expression.getEnd(), call.getEnd(), "");
  return edits.toFix(`Read \`${read.cell.name}\` at its own level`, "suggested");
}

export function parameterProperty(view: View, target: LevelTarget): Fix | undefined {
  const name = nodeOf(target.site);
  const parameter = name?.parent;
  if (name === undefined || parameter === undefined || !ts.isParameter(parameter) || !ts.isIdentifier(name))
    return undefined;
  const owner = parameter.parent.parent;
  if (!ts.isClassLike(owner) || owner.members.some((each) => each.name?.getText() === name.text)) return undefined;
  const edits = new Edits(view.sources.x);
  edits.insert(name.getSourceFile(), name.getStart(), "private readonly ");
  return edits.toFix(`Make \`${name.text}\` a field`, "suggested");
}

export function unlabel(view: View, label: StoreLabel): Fix | undefined {
  const call = nodeOf(label.site);
  const labelled = call !== undefined && ts.isCallExpression(call) ? call.arguments[0] : undefined;
  if (call === undefined || labelled === undefined) return undefined;
  const edits = new Edits(view.sources.x);
  edits.replace(call, labelled.getText());
  return edits.toFix(`Take off \`${label.name}(…)\``, "suggested");
}
