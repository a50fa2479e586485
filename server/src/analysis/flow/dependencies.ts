import type { Extraction } from "../extract/extraction.js";
import { resolveImport } from "../extract/names.js";
import { type Skeleton, skeletonOf } from "../extract/skeleton.js";
import type { Relevance } from "../workspace/relevance.js";

interface FileDependencies {
  readonly skeleton: Skeleton;
  /** How often exports had changed anywhere when this was computed. */
  readonly exportsEpoch: number;
  readonly files: ReadonlySet<string>;
}

/**
 * Which files a parsed file depends on by name. A barrel is passed through: who imports `Account` from it depends on the
 * file that declares it, and not on all that the barrel gathers.
 */
export class Dependencies {
  readonly #known = new Map<string, FileDependencies>();
  #exportsEpoch = 0;

  constructor(
    private readonly x: Extraction,
    private readonly relevance: Relevance,
  ) {}

  /** Exports came or went somewhere: any name may mean something else now. */
  exportsChanged(): void {
    this.#exportsEpoch++;
  }

  forget(file: string): void {
    this.#known.delete(file);
  }

  /** These files and all that depend on them, through any number of steps. */
  dependentsOf(files: readonly string[]): ReadonlySet<string> {
    const importers = new Map<string, string[]>();
    for (const file of this.x.documents.parsed()) {
      for (const each of this.of(file)) {
        const list = importers.get(each);
        if (list === undefined) importers.set(each, [file]);
        else list.push(file);
      }
    }
    const reached = new Set(files);
    const pending = [...files];
    for (let file = pending.pop(); file !== undefined; file = pending.pop()) {
      for (const each of importers.get(file) ?? []) {
        if (reached.has(each)) continue;
        reached.add(each);
        pending.push(each);
      }
    }
    return reached;
  }

  /** These files and all relevant ones that they depend on. */
  usedBy(files: readonly string[]): ReadonlySet<string> {
    const reached = new Set(files);
    const pending = [...files];
    for (let file = pending.pop(); file !== undefined; file = pending.pop()) {
      for (const each of this.of(file)) {
        if (reached.has(each) || !this.relevance.has(each)) continue;
        reached.add(each);
        pending.push(each);
      }
    }
    return reached;
  }

  /** As it was when last asked for, whatever has been edited since. */
  lastKnown(file: string): readonly string[] {
    return [...(this.#known.get(file)?.files ?? [])];
  }

  /** Which files this one depends on directly. */
  of(file: string): ReadonlySet<string> {
    const tree = this.x.documents.tree(file);
    if (tree === undefined) return new Set();
    const skeleton = skeletonOf(tree);
    const known = this.#known.get(file);
    if (known !== undefined && known.exportsEpoch === this.#exportsEpoch && sameImports(known.skeleton, skeleton))
      return known.files;
    const files = new Set<string>();
    for (const { specifier, name } of skeleton.imports.values()) {
      const target = resolveImport(this.x, file, specifier, name, new Set());
      if (target.kind === "declaration") files.add(target.node.getSourceFile().fileName);
      const direct = this.x.resolver.resolve(file, specifier);
      // A namespace can be asked for any name, and what did not resolve may come to.
      if (direct.kind === "file" && (target.kind === "module" || target.kind === "external"))
        for (const each of this.#withPassedOn(direct.file)) files.add(each);
    }
    for (const direct of dynamicSpecifiers(this.relevance, this.x, file))
      for (const each of this.#withPassedOn(direct)) files.add(each);
    files.delete(file);
    this.#known.set(file, { skeleton, exportsEpoch: this.#exportsEpoch, files });
    return files;
  }

  /** A module and those whose exports it passes on: who holds a namespace can ask for any of them. */
  #withPassedOn(module: string): ReadonlySet<string> {
    const reached = new Set([module]);
    for (const file of reached) {
      const tree = this.x.documents.tree(file);
      if (tree === undefined) continue;
      const { stars, exports } = skeletonOf(tree);
      const named = [...exports.values()].flatMap((each) => ("specifier" in each ? [each.specifier] : []));
      for (const specifier of [...stars, ...named]) {
        const resolution = this.x.resolver.resolve(file, specifier);
        if (resolution.kind === "file") reached.add(resolution.file);
      }
    }
    return reached;
  }
}

/** `import()` and `require()` stand anywhere, and give a namespace. */
function dynamicSpecifiers(relevance: Relevance, x: Extraction, file: string): readonly string[] {
  return /\b(?:import|require)\s*\(/.test(x.documents.text(file) ?? "") ? relevance.importsOf(file) : [];
}

function sameImports(a: Skeleton, b: Skeleton): boolean {
  if (a === b) return true;
  return JSON.stringify([[...a.imports], a.stars]) === JSON.stringify([[...b.imports], b.stars]);
}
