import { ts } from "ts-morph";
import type { Extraction } from "./extraction.js";
import { type Declaration, localsOf, lookUp } from "./scopes.js";
import { hasModifier, importedBy, isImport, skeletonOf } from "./skeleton.js";

/** What a name stands for once imports, re-exports and barrels are followed. */
export type Target =
  | { readonly kind: "declaration"; readonly node: Declaration | ts.ExportAssignment }
  /** An export of the runtime by its own name, `*` for the whole module. */
  | { readonly kind: "runtime"; readonly name: string }
  | { readonly kind: "module"; readonly file: string }
  /** A global, or something of a package that is not followed. */
  | { readonly kind: "external" }
  | { readonly kind: "global" };

const external: Target = { kind: "external" };

export function resolveName(x: Extraction, name: string, from: ts.Node): Target {
  const declaration = lookUp(name, from);
  return declaration === undefined ? { kind: "global" } : resolveDeclaration(x, declaration);
}

/** What `Billing.Account` stands for, where `Billing` is a namespace of the project. */
export function resolveInNamespace(x: Extraction, { body }: ts.ModuleDeclaration, name: string): Target | undefined {
  if (body === undefined) return undefined;
  if (ts.isModuleDeclaration(body)) return body.name.text === name ? { kind: "declaration", node: body } : undefined;
  const declaration = localsOf(body).get(name);
  return declaration && resolveDeclaration(x, declaration);
}

/** Follows an import to what it imports; any other declaration stands for itself. */
export function resolveDeclaration(x: Extraction, node: Declaration): Target {
  if (!isImport(node)) return { kind: "declaration", node };
  return x.rememberTarget(node, () => {
    const imported = importedBy(node);
    if (imported === undefined) return external;
    return resolveImport(x, node.getSourceFile().fileName, imported.specifier, imported.name, new Set());
  });
}

export function resolveImport(x: Extraction, from: string, specifier: string, name: string, seen: Set<string>): Target {
  const resolution = x.resolver.resolve(from, specifier);
  if (resolution.kind === "external") return external;
  // A default import of the CommonJS build is its namespace.
  if (resolution.kind === "runtime") return { kind: "runtime", name: name === "default" ? "*" : name };
  if (name === "*") return { kind: "module", file: resolution.file };
  return resolveExport(x, resolution.file, name, seen) ?? external;
}

export function resolveExport(
  x: Extraction,
  file: string,
  name: string,
  seen: Set<string> = new Set(),
): Target | undefined {
  const key = `${file}\0${name}`;
  const tree = seen.has(key) ? undefined : x.documents.tree(file);
  if (tree === undefined) return undefined;
  seen.add(key);
  const { exports, stars } = skeletonOf(tree);
  const exported = exports.get(name);
  if (exported !== undefined) {
    if (!("local" in exported)) return resolveImport(x, file, exported.specifier, exported.name, seen);
    const declaration = localsOf(tree).get(exported.local);
    if (declaration !== undefined) return resolveDeclaration(x, declaration);
    const anonymous = tree.statements.find(
      (each) => ts.isExportAssignment(each) || hasModifier(each, ts.SyntaxKind.DefaultKeyword),
    );
    return anonymous === undefined ? undefined : { kind: "declaration", node: anonymous as unknown as Declaration };
  }
  if (name === "default") return undefined;
  let fromRuntime: Target | undefined;
  for (const specifier of stars) {
    const resolution = x.resolver.resolve(file, specifier);
    if (resolution.kind === "runtime") fromRuntime = { kind: "runtime", name };
    else if (resolution.kind === "file") {
      const found = resolveExport(x, resolution.file, name, seen);
      if (found !== undefined) return found;
    }
  }
  return fromRuntime;
}
