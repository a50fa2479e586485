import { ts } from "ts-morph";
import { isAssignment, isStep } from "../../extract/assignments.js";
import { isFunctionNode, skipOuter } from "../../extract/scopes.js";
import { functionRead } from "../kept.js";
import type { Sources } from "../view.js";

/** What code does beside showing something to people: what is only shown changes nothing. */
export type Deed = "nothing" | "shown" | "done";

/** Functions that only log call functions that only log; further than this nobody follows them. */
const mostSteps = 3;

export function deedOf(sources: Sources, node: ts.Node, depth = 0): Deed {
  if (isFunctionNode(node)) return "nothing";
  if (ts.isCallExpression(node)) return deedOfCall(sources, node, depth);
  const isChange =
    isAssignment(node) ||
    isStep(node) ||
    ts.isYieldExpression(node) ||
    ts.isDeleteExpression(node) ||
    ts.isThrowStatement(node);
  if (isChange) return "done";
  let deed: Deed = "nothing";
  ts.forEachChild(node, (child) => {
    deed = more(deed, deedOf(sources, child, depth));
  });
  return deed;
}

function deedOfCall(sources: Sources, node: ts.CallExpression, depth: number): Deed {
  if (isShowing(node.expression)) return "shown";
  const callee = sources.x.evaluate(node.expression);
  if (callee.kind === "runtime" && /(?:^|\.)is[A-Z]/.test(callee.name)) return "nothing";
  const run = callee.kind === "function" && depth < mostSteps ? functionRead(sources, callee.id) : undefined;
  return run?.body === undefined ? "done" : deedOf(sources, run.body, depth + 1);
}

export function more(a: Deed, b: Deed): Deed {
  return a === "done" || b === "nothing" ? a : b;
}

const loggers = /^(?:console|logger|log|logging|winston|pino|sentry|telemetry|metrics|tracer|span|debug)$/i;
const logMethods =
  /^(?:log|logs|logger|debug|info|warn|warning|error|trace|fatal|verbose|captureException|recordException|captureMessage|logError|reportError|noop|String|stringify|inspect|format)$/i;

/** `console.error(…)`, `this.logger.warn(…)`, `String(…)`: it shows the error, and nothing is done about it. */
export function isShowing(callee: ts.Expression): boolean {
  const node = skipOuter(callee);
  if (ts.isIdentifier(node)) return logMethods.test(node.text);
  if (!ts.isPropertyAccessExpression(node)) return false;
  const receiver = skipOuter(node.expression);
  const name = ts.isPropertyAccessExpression(receiver)
    ? receiver.name.text
    : ts.isIdentifier(receiver)
      ? receiver.text
      : "";
  return loggers.test(name.replace(/^[#_]/, "")) || logMethods.test(node.name.text);
}
