import { ts } from "ts-morph";
import type { Extraction } from "../extract/extraction.js";
import { memberOf, type Origin, whole } from "../extract/origins.js";
import { type Declaration, lookUp } from "../extract/scopes.js";

/** What a function may depend on, or act on, beside its arguments. */
export type AmbientKind = "time" | "randomness" | "network" | "files";

export interface Ambient {
  readonly kind: AmbientKind;
  /** As people call it: `Date.now()`. */
  readonly name: string;
}

/** Globals by name; `new Date()` and `Date()` are told apart from `new Date(ms)` below. */
const globals: readonly (readonly [RegExp, AmbientKind])[] = [
  [/^(?:Date\.now|performance\.now|process\.(?:hrtime|hrtime\.bigint|uptime)|Temporal\.Now\.\w+)$/, "time"],
  [/^(?:Math\.random|crypto\.(?:randomUUID|getRandomValues))$/, "randomness"],
  [/^(?:fetch|navigator\.sendBeacon|XMLHttpRequest|WebSocket|EventSource)$/, "network"],
  [/^(?:Bun|Deno)\.(?:file|write|writeFile|readFile|readTextFile|writeTextFile)$/, "files"],
];

/** Exports of modules, by specifier without `node:`; `*` means whatever they export. */
const modules: ReadonlyMap<string, readonly (readonly [RegExp, AmbientKind])[]> = new Map([
  ["fs", [[/./, "files"]]],
  ["fs/promises", [[/./, "files"]]],
  ["fs-extra", [[/./, "files"]]],
  ["http", [[/^(?:request|get)$/, "network"]]],
  ["https", [[/^(?:request|get)$/, "network"]]],
  ["http2", [[/^connect$/, "network"]]],
  ["net", [[/^(?:connect|createConnection)$/, "network"]]],
  ["dgram", [[/^createSocket$/, "network"]]],
  ["dns", [[/./, "network"]]],
  ["dns/promises", [[/./, "network"]]],
  [
    "crypto",
    [
      [
        /^(?:webcrypto\.)?(?:randomUUID|randomBytes|randomInt|randomFill|randomFillSync|getRandomValues)$/,
        "randomness",
      ],
    ],
  ],
  ["perf_hooks", [[/^performance\.now$/, "time"]]],
  ["process", [[/^(?:hrtime|hrtime\.bigint|uptime)$/, "time"]]],
  ["axios", [[/./, "network"]]],
  ["got", [[/./, "network"]]],
  ["ky", [[/./, "network"]]],
  ["node-fetch", [[/./, "network"]]],
  ["undici", [[/^(?:fetch|request|stream|pipeline)$/, "network"]]],
  ["uuid", [[/^v[1467]$/, "randomness"]]],
  ["nanoid", [[/^(?:nanoid|default)$/, "randomness"]]],
  ["ulid", [[/^(?:ulid|monotonicFactory|default)$/, "randomness"]]],
  ["@paralleldrive/cuid2", [[/^createId$/, "randomness"]]],
] as readonly [string, readonly (readonly [RegExp, AmbientKind])[]][]);

/** What a call, or `new`, reads or does that its arguments do not tell. By origin: a local `Date` is not the global one. */
export function ambientOf(x: Extraction, node: ts.CallExpression | ts.NewExpression): Ambient | undefined {
  const imported = importedName(x, node.expression);
  const name = imported?.name ?? globalName(x, node.expression);
  if (name === undefined) return undefined;
  const table = imported === undefined ? globals : (modules.get(imported.module) ?? []);
  const kind = table.find(([pattern]) => pattern.test(name))?.[1];
  const isNew = ts.isNewExpression(node);
  const text = `${isNew ? "new " : ""}${node.expression.getText()}()`;
  if (kind !== undefined) return { kind, name: text };
  const readsClock = name === "Date" && imported === undefined && (!isNew || (node.arguments?.length ?? 0) === 0);
  return readsClock ? { kind: "time", name: text } : undefined;
}

/** `Date.now`, also through `const now = Date.now`, `const { random } = Math` and `globalThis`. */
function globalName(x: Extraction, node: ts.Expression): string | undefined {
  const value = x.evaluate(node);
  return value.kind === "global" ? value.name.replace(/^(?:globalThis|window|self|global)\./, "") : undefined;
}

/** The export of another package that an expression names, through constants, members and namespaces. */
function importedName(x: Extraction, node: ts.Expression, depth = 5): Origin | undefined {
  if (depth === 0) return undefined;
  if (ts.isParenthesizedExpression(node) || ts.isNonNullExpression(node))
    return importedName(x, node.expression, depth);
  if (ts.isPropertyAccessExpression(node)) return memberOf(importedName(x, node.expression, depth), node.name.text);
  if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === "require") {
    const [specifier] = node.arguments;
    return specifier !== undefined && ts.isStringLiteralLike(specifier) ? whole(specifier.text) : undefined;
  }
  const declaration = ts.isIdentifier(node) ? lookUp(node.text, node) : undefined;
  return declaration === undefined ? undefined : importedBy(x, declaration, depth);
}

function importedBy(x: Extraction, node: Declaration, depth: number): Origin | undefined {
  if (ts.isVariableDeclaration(node))
    return node.initializer === undefined ? undefined : importedName(x, node.initializer, depth - 1);
  if (ts.isBindingElement(node)) {
    const holder = node.parent.parent;
    const from = ts.isVariableDeclaration(holder) ? importedBy(x, holder, depth) : undefined;
    const name = node.propertyName ?? node.name;
    return ts.isIdentifier(name) ? memberOf(from, name.text) : undefined;
  }
  if (ts.isImportEqualsDeclaration(node)) {
    const { moduleReference } = node;
    const specifier = ts.isExternalModuleReference(moduleReference) ? moduleReference.expression : undefined;
    return specifier !== undefined && ts.isStringLiteralLike(specifier) ? whole(specifier.text) : undefined;
  }
  if (!ts.isImportSpecifier(node) && !ts.isNamespaceImport(node) && !ts.isImportClause(node)) return undefined;
  const from = importOf(node);
  if (from === undefined) return undefined;
  if (ts.isImportSpecifier(node)) return memberOf(whole(from), (node.propertyName ?? node.name).text);
  return whole(from);
}

function importOf(node: ts.Node): string | undefined {
  for (let each: ts.Node | undefined = node; each !== undefined; each = each.parent) {
    if (ts.isImportDeclaration(each))
      return ts.isStringLiteralLike(each.moduleSpecifier) ? each.moduleSpecifier.text : undefined;
  }
  return undefined;
}
