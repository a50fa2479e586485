import { ts } from "ts-morph";
import type { Extraction } from "./extraction.js";
import { atLevel } from "./members.js";
import { resolveImport } from "./names.js";
import { labelledStore, labels } from "./stores.js";
import {
  calledMark,
  calledStore,
  type DataTypeName,
  dataTypeNames,
  elementOf,
  type FunctionId,
  join,
  joinAll,
  plain,
  unknown,
  type Value,
} from "./values.js";

const sameCollection = new Set([
  "filter",
  "slice",
  "concat",
  "reverse",
  "toReversed",
  "sort",
  "toSorted",
  "values",
  "splice",
  "toSpliced",
  "with",
]);
const oneElement = new Set(["find", "findLast", "at", "pop", "shift", "get"]);

/** What a call gives. */
export function callResult(x: Extraction, node: ts.CallExpression): Value {
  if (node.expression.kind === ts.SyntaxKind.ImportKeyword) return moduleOf(x, node);
  const callee = x.evaluate(node.expression);
  switch (callee.kind) {
    case "runtime":
      return runtimeCall(x, callee.name, node);
    case "operation":
      return callee.name === "at" && node.arguments[0] !== undefined
        ? atLevel(callee.cell, x.evaluate(node.arguments[0]))
        : plain;
    case "function": {
      const target = x.functionNode(callee.id);
      if (target === undefined) return unknown;
      return substitute(x, x.returned(target), callee.id, argumentsOf(x, node));
    }
    case "store":
      return calledStore(callee);
    case "parameter": {
      // `cell.at("eventual")` on a cell that a caller passes.
      if (callee.path.at(-1) === "at" && node.arguments[0] !== undefined) {
        return atLevel({ ...callee, path: callee.path.slice(0, -1) }, x.evaluate(node.arguments[0]));
      }
      return unknown;
    }
    case "builtin":
      return builtinCall(x, callee.of, callee.name, node);
    case "global":
      return globalCall(x, callee.name, node);
    case "class":
    case "unknown":
    case "instance":
      return unknown;
    default:
      return plain;
  }
}

export function argumentsOf(x: Extraction, node: ts.CallExpression | ts.NewExpression): readonly Value[] {
  return (node.arguments ?? []).map((each) => (ts.isSpreadElement(each) ? unknown : x.evaluate(each)));
}

/** Puts the arguments of a call in place of a function's parameters. */
export function substitute(x: Extraction, value: Value, id: FunctionId, args: readonly Value[]): Value {
  if (value.kind === "parameter") {
    if (value.of !== id) return value;
    let passed = args[value.index] ?? plain;
    for (const name of value.path) {
      if (name === calledMark) passed = passed.kind === "store" ? calledStore(passed) : unknown;
      else if (name.startsWith("@")) passed = atLevel(passed, { kind: "literal", value: name.slice(1) });
      else passed = x.member(passed, name);
    }
    return passed;
  }
  if (value.kind === "collection") {
    const element = substitute(x, value.element, id, args);
    return value.items === undefined
      ? { kind: "collection", element }
      : { kind: "collection", element, items: value.items.map((each) => substitute(x, each, id, args)) };
  }
  if (value.kind === "object")
    return {
      kind: "object",
      members: new Map([...value.members].map(([name, each]) => [name, substitute(x, each, id, args)])),
    };
  if (value.kind === "builtin") return { ...value, of: substitute(x, value.of, id, args) };
  return value;
}

/** At run time they return it as it is, or what stands for it. */
const givesArgument = new Set(["endorse", "replicated", "decider", "projection"]);

function runtimeCall(x: Extraction, name: string, node: ts.CallExpression): Value {
  if ((dataTypeNames as readonly string[]).includes(name))
    return { kind: "handle", type: name as DataTypeName, call: node };
  const first = node.arguments[0];
  if (isOpen(name)) {
    const type = first === undefined ? plain : x.evaluate(first);
    return type.kind === "class" ? { kind: "instance", of: type.of } : unknown;
  }
  if (labels.has(name) && first !== undefined) return labelledStore(x, node, first);
  if (name === "eventStream" && first !== undefined) {
    const cell = x.evaluate(first);
    if (cell.kind === "cell") return { ...cell, isStream: true };
  }
  if (givesArgument.has(name) && first !== undefined) return x.evaluate(first);
  // `deployment.session(…)`, and `session(region)` of a scenario.
  if (name === "deployment.session" || name === "scenario context.session") return { kind: "runtime", name: "session" };
  return { kind: "result", of: name, call: node };
}

/** `replicated(Account, { create })` */
export function isReplicatedCall(x: Extraction, node: ts.CallExpression): boolean {
  const callee = x.evaluate(node.expression);
  return callee.kind === "runtime" && callee.name === "replicated";
}

export function isOpen(name: string): boolean {
  return name === "open" || name === "session.open" || name === "scenario context.open" || name === "deployment.open";
}

function builtinCall(x: Extraction, of: Value, name: string, node: ts.CallExpression): Value {
  const first = node.arguments[0];
  if (name === "then" || name === "catch" || name === "finally") {
    if (name !== "then" || first === undefined) return of;
    return returnedBy(x, x.evaluate(first), [of]);
  }
  if (of.kind === "function") return functionMethod(x, of, name, node);
  if (of.kind !== "collection") return unknown;
  if (sameCollection.has(name)) return { kind: "collection", element: of.element };
  if (oneElement.has(name)) return of.element;
  if (name === "map" && first !== undefined)
    return { kind: "collection", element: returnedBy(x, x.evaluate(first), [of.element]) };
  if (name === "flatMap" && first !== undefined)
    return { kind: "collection", element: elementOf(returnedBy(x, x.evaluate(first), [of.element])) };
  if (name === "entries")
    return { kind: "collection", element: { kind: "collection", element: of.element, items: [plain, of.element] } };
  if (
    name === "keys" ||
    name === "join" ||
    name === "includes" ||
    name === "indexOf" ||
    name === "push" ||
    name === "some" ||
    name === "every"
  )
    return plain;
  return unknown;
}

function functionMethod(
  x: Extraction,
  of: Value & { readonly kind: "function" },
  name: string,
  node: ts.CallExpression,
): Value {
  if (name === "bind") return of;
  const target = x.functionNode(of.id);
  if (target === undefined || (name !== "call" && name !== "apply")) return unknown;
  return substitute(x, x.returned(target), of.id, name === "call" ? argumentsOf(x, node).slice(1) : []);
}

function returnedBy(x: Extraction, callback: Value, args: readonly Value[]): Value {
  if (callback.kind !== "function") return unknown;
  const node = x.functionNode(callback.id);
  return node === undefined ? unknown : substitute(x, x.returned(node), callback.id, args);
}

function globalCall(x: Extraction, name: string, node: ts.CallExpression): Value {
  const first = node.arguments[0];
  if (first === undefined) return plain;
  switch (name) {
    case "Promise.all":
    case "Promise.allSettled":
    case "Promise.resolve":
    case "Object.freeze":
    case "structuredClone":
      return x.evaluate(first);
    case "Promise.race":
    case "Promise.any":
      return elementOf(x.evaluate(first));
    case "Array.from": {
      const from = x.evaluate(first);
      const callback = node.arguments[1];
      if (callback === undefined)
        return from.kind === "collection" ? { kind: "collection", element: from.element } : unknown;
      return { kind: "collection", element: returnedBy(x, x.evaluate(callback), [elementOf(from)]) };
    }
    case "Array.of":
      return { kind: "collection", element: joinAll(argumentsOf(x, node)) };
    case "Object.values": {
      const of = x.evaluate(first);
      if (of.kind === "object") return { kind: "collection", element: joinAll(of.members.values()) };
      return of.kind === "collection" ? { kind: "collection", element: of.element } : unknown;
    }
    case "Object.assign":
      return argumentsOf(x, node).reduce(join);
    case "require":
      return moduleOf(x, node);
    default:
      return /^(?:Object|Array|Map|Set|Promise)\./.test(name) ? unknown : plain;
  }
}

function moduleOf(x: Extraction, node: ts.CallExpression): Value {
  const specifier = node.arguments[0];
  if (specifier === undefined || !ts.isStringLiteralLike(specifier)) return plain;
  return x.target(resolveImport(x, node.getSourceFile().fileName, specifier.text, "*", new Set()), "");
}
