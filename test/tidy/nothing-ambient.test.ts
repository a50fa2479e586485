import { ts } from "ts-morph";
import { describe, expect, it } from "vitest";
import { isTest, positionOf, type SourceFile, sourceFiles } from "./source-files.js";

// A run is a function of code, options and seed: the runtime may not ask its surroundings for anything. These two may:
// one puts virtual clocks and randomness in the place of the real ones, the other is what stands outside of simulation:
// the real clock, and files and keys for recordings.
const mayBeAmbient = [
  /^runtime\/src\/simulation\/virtual-globals\//,
  /^runtime\/src\/deployment\/embedded(-clock|-node)?\.ts$/,
];

const ambient = new Set([
  "Date",
  "performance",
  "crypto",
  "fetch",
  "setTimeout",
  "setInterval",
  "setImmediate",
  "clearTimeout",
  "clearInterval",
  "clearImmediate",
  "Intl",
]);

/** The rest of `Math` is either random or left to the engine by ECMA-262 (§21.3.2: "implementation-approximated"). */
const exactMath = new Set([
  "abs",
  "ceil",
  "clz32",
  "floor",
  "fround",
  "imul",
  "max",
  "min",
  "round",
  "sign",
  "sqrt",
  "trunc",
]);

const ambientModules =
  /^(node:)?(crypto|timers|timers\/promises|perf_hooks|os|fs|fs\/promises|net|http|https|dns|child_process|worker_threads)$/;

const files = sourceFiles().filter(({ path }) => path.startsWith("runtime/src/") && !isTest(path));
const bound = files.filter(({ path }) => !mayBeAmbient.some((pattern) => pattern.test(path)));

describe("the runtime", () => {
  it("has files to look at", () => {
    expect(bound.length).toBeGreaterThan(10);
  });

  it("reads no clock, no randomness and no timer of its surroundings", () => {
    expect(bound.flatMap(ambientUses)).toEqual([]);
  });

  it("computes only with operations that are exact on every engine", () => {
    expect(bound.flatMap(inexactMath)).toEqual([]);
  });
});

describe("the detector", () => {
  const detect = (text: string): readonly string[] => {
    const file = { path: "x.ts", text, tree: ts.createSourceFile("x.ts", text, ts.ScriptTarget.ES2022, true) };
    return [...ambientUses(file), ...inexactMath(file)];
  };

  it.each([
    "Date.now()",
    "new Date()",
    "globalThis.performance.now()",
    "f(setTimeout)",
    'import { randomUUID } from "node:crypto"',
  ])("sees %s", (text) => expect(detect(text)).toHaveLength(1));

  it.each(["Math.random()", "Math.log(2)", "const { sin } = Math", "2 ** x", "1.1 ** 2", "x **= 2"])(
    "sees %s",
    (text) => {
      expect(detect(text)).toHaveLength(1);
    },
  );

  it.each([
    "Math.floor(2)",
    "a.Date",
    "const o = { fetch: 1 }",
    "let d: Date",
    "new Date(5)",
    "x instanceof Date",
    "2 ** -53",
    "interface A { performance: number }",
    "class A { fetch() {} }",
  ])("lets %s pass", (text) => expect(detect(text)).toEqual([]));
});

function ambientUses(file: SourceFile): readonly string[] {
  const found: string[] = [];
  visit(file.tree, (node) => {
    if (ts.isIdentifier(node) && ambient.has(node.text) && isGlobalReference(node) && !isPureDate(node)) {
      found.push(`${positionOf(file, node)} ${node.text}`);
    }
    if (
      ts.isImportDeclaration(node) &&
      ts.isStringLiteral(node.moduleSpecifier) &&
      ambientModules.test(node.moduleSpecifier.text)
    ) {
      found.push(`${positionOf(file, node)} ${node.moduleSpecifier.text}`);
    }
  });
  return found;
}

function inexactMath(file: SourceFile): readonly string[] {
  const found: string[] = [];
  visit(file.tree, (node) => {
    const isPower =
      ts.isBinaryExpression(node) &&
      [ts.SyntaxKind.AsteriskAsteriskToken, ts.SyntaxKind.AsteriskAsteriskEqualsToken].includes(
        node.operatorToken.kind,
      );
    if (isPower && !isPowerOfTwo(node)) found.push(`${positionOf(file, node)} **`);
    if (!ts.isIdentifier(node) || node.text !== "Math" || !isGlobalReference(node)) return;
    const { parent } = node;
    const isExact =
      ts.isPropertyAccessExpression(parent) &&
      (exactMath.has(parent.name.text) || /^[A-Z0-9_]+$/.test(parent.name.text));
    if (!isExact) found.push(`${positionOf(file, node)} ${parent.getText(file.tree)}`);
  });
  return found;
}

/** `2 ** 32`, written out: exact everywhere. */
function isPowerOfTwo({ left, right }: ts.BinaryExpression): boolean {
  const exponent = ts.isPrefixUnaryExpression(right) ? right.operand : right;
  return ts.isNumericLiteral(left) && left.text === "2" && ts.isNumericLiteral(exponent);
}

/** A date made from something, or a test whether a value is one, reads no clock. */
function isPureDate(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isNewExpression(parent)) return parent.expression === node && (parent.arguments?.length ?? 0) > 0;
  return ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.InstanceOfKeyword;
}

/** An identifier that names a value of the surroundings, and neither a member, a declaration nor a type. */
function isGlobalReference(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) && parent.name === node) {
    return ts.isIdentifier(parent.expression) && parent.expression.text === "globalThis";
  }
  if (ts.isTypeNode(parent) || ts.isTypeElement(parent) || ts.isQualifiedName(parent)) return false;
  const isNameOf = (parent as { readonly name?: ts.Node }).name === node;
  return !isNameOf || ts.isShorthandPropertyAssignment(parent);
}

function visit(node: ts.Node, look: (node: ts.Node) => void): void {
  look(node);
  ts.forEachChild(node, (child) => visit(child, look));
}
