import { ts } from "ts-morph";
import { compareLevels, type Level } from "../../../../runtime/src/levels.js";
import type { Fix } from "../../documents/finding.js";
import { levelDecorator } from "../extract/annotations.js";
import type { Annotation, Cell } from "../model.js";
import { nodeOf } from "../sites.js";
import type { View } from "../view.js";
import { awaitOperation } from "./await-operation.js";
import { configure } from "./configure.js";
import { Edits } from "./edits.js";
import { eventualCounter } from "./eventual-counter.js";
import type { Fixes } from "./fixes.js";
import { moveAfterTransaction } from "./move-after.js";
import { saga } from "./saga.js";

const decorators: Readonly<Record<Level, string>> = {
  none: "NoConsistency",
  eventual: "Eventual",
  causal: "Causal",
  sequential: "Sequential",
  linearizable: "Linearizable",
};

export function createFixes(view: View): Fixes {
  return {
    raise: (cells, level) =>
      setLevel(
        view,
        cells.filter((cell) => cell.level === undefined || compareLevels(cell.level, level) < 0),
        level,
        "Raise",
      ),
    weaken: (cells, level) => setLevel(view, cells, level, "Weaken"),
    configure: (call, options, kind) => configure(view, call, options, kind),
    removeAnnotation: (annotation, title) => removeAnnotation(view, annotation, title),
    moveAfterTransaction: (method, moved, steps) => moveAfterTransaction(view, method, moved, steps),
    saga: (method, cells) => saga(view, method, cells),
    eventualCounter: (cell) => eventualCounter(view, cell),
    awaitOperation: (floating) => awaitOperation(view, floating),
  };
}

function setLevel(view: View, cells: readonly Cell[], level: Level, verb: string): Fix | undefined {
  if (cells.length === 0) return undefined;
  const edits = new Edits(view.sources.x);
  for (const cell of cells) if (!writeLevel(view, edits, cell, level)) return undefined;
  const names = cells.map((cell) => `\`${cell.name}\``);
  const list = names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
  return edits.toFix(`${verb} ${list} to \`@${decorators[level]}()\``, "suggested");
}

/** Replaces the cell's own level, or puts one before a field that took its class's. */
export function writeLevel(view: View, edits: Edits, cell: Cell, level: Level): boolean {
  const field = nodeOf(cell.site)?.parent;
  if (field === undefined || !ts.isPropertyDeclaration(field)) return false;
  const tree = field.getSourceFile();
  const own = levelDecorator(view.sources.x, field)?.node;
  if (own === undefined) {
    edits.insert(tree, field.getStart(tree), `@${edits.name(tree, decorators[level])}() `);
    return true;
  }
  const expression = ts.isCallExpression(own.expression) ? own.expression.expression : own.expression;
  const name = edits.name(tree, decorators[level], { like: expression });
  edits.replace(own, `@${name}(${keptOptions(own)})`);
  return true;
}

/** A mechanism is chosen for a level and goes with it, as do merges; a timeout is the caller's patience and stays. */
function keptOptions(decorator: ts.Decorator): string {
  const options = ts.isCallExpression(decorator.expression) ? decorator.expression.arguments[0] : undefined;
  if (options === undefined || !ts.isObjectLiteralExpression(options)) return "";
  const timeout = options.properties.find((each) => each.name !== undefined && each.name.getText() === "timeoutMs");
  return timeout === undefined ? "" : `{ ${timeout.getText()} }`;
}

function removeAnnotation(view: View, annotation: Annotation, title: string): Fix | undefined {
  const node = nodeOf(annotation.site);
  if (node === undefined) return undefined;
  const edits = new Edits(view.sources.x);
  edits.remove(node);
  return edits.toFix(title, "suggested");
}
