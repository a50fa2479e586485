import { type Skeleton, skeletonOf } from "../extract/skeleton.js";
import { remembered } from "../remembered.js";
import type { Documents } from "./documents.js";
import type { Resolver } from "./resolution.js";
import { moduleSpecifiers } from "./specifiers.js";

/**
 * Finds the files that matter: those that import the runtime, and those that import by name, through barrels, a
 * declaration that has to do with it. All other files are scanned for import specifiers and never parsed.
 */
export class Relevance {
  readonly #specifiers = new Map<string, string>();
  readonly #imports = new Map<string, readonly string[]>();
  readonly #importers = new Map<string, Set<string>>();
  readonly #usesRuntime = new Set<string>();
  /** Relevant files, with the exported names that have to do with the runtime. */
  #relevant = new Map<string, ReadonlySet<string>>();
  #bindings = new Map<string, string>();
  #stale = true;

  constructor(
    private readonly documents: Documents,
    private readonly resolver: Resolver,
    /** What an earlier analysis found of files that are not scanned in this one. */
    private readonly known: ReadonlyMap<string, ReadonlySet<string>>,
  ) {
    this.#relevant = new Map(known);
  }

  get files(): ReadonlySet<string> {
    return new Set(this.#relevant.keys());
  }

  has(file: string): boolean {
    return this.#relevant.has(file);
  }

  /** Its exported names that have to do with the runtime. */
  namesOf(file: string): ReadonlySet<string> | undefined {
    return this.#relevant.get(file);
  }

  /** The modules that each scanned file imports, as text. */
  get scanned(): ReadonlyMap<string, string> {
    return this.#specifiers;
  }

  importsOf(file: string): readonly string[] {
    return this.#imports.get(file) ?? [];
  }

  importersOf(file: string): ReadonlySet<string> {
    return this.#importers.get(file) ?? new Set();
  }

  /** The file's text is new or changed. Costs one scan unless the file has to do with relevant ones. */
  scan(file: string, text: string): void {
    const specifiers = moduleSpecifiers(text);
    const key = specifiers.join("\0");
    if (this.#specifiers.get(file) !== key) {
      this.#disconnect(file);
      this.#specifiers.set(file, key);
      this.#connect(file, specifiers);
      this.#stale = true;
    } else if (!this.#stale && this.#isNear(file)) this.#compare(file);
  }

  remove(file: string): void {
    this.#disconnect(file);
    this.#specifiers.delete(file);
    this.#stale = true;
  }

  /** Files came or went, so that specifiers may lead elsewhere. */
  reconnect(): void {
    for (const [file, key] of this.#specifiers) {
      this.#disconnect(file);
      this.#connect(file, key === "" ? [] : key.split("\0"));
    }
    this.#stale = true;
  }

  /** Recomputes if an edit may have changed what is relevant; returns the files that became or ceased to be so. */
  settle(): ReadonlySet<string> {
    if (!this.#stale) return new Set();
    this.#stale = false;
    const before = this.#relevant;
    this.#recompute();
    const changed = new Set<string>();
    for (const file of this.#relevant.keys()) if (!before.has(file)) changed.add(file);
    for (const file of before.keys()) if (!this.#relevant.has(file)) changed.add(file);
    return changed;
  }

  #connect(file: string, specifiers: readonly string[]): void {
    const imports: string[] = [];
    for (const specifier of specifiers) {
      const resolution = this.resolver.resolve(file, specifier);
      if (resolution.kind === "runtime") this.#usesRuntime.add(file);
      if (resolution.kind !== "file") continue;
      imports.push(resolution.file);
      remembered(this.#importers, resolution.file, () => new Set()).add(file);
    }
    this.#imports.set(file, imports);
  }

  #disconnect(file: string): void {
    for (const imported of this.importsOf(file)) this.#importers.get(imported)?.delete(file);
    this.#imports.delete(file);
    this.#usesRuntime.delete(file);
  }

  #isNear(file: string): boolean {
    return this.#relevant.has(file) || this.importsOf(file).some((imported) => this.#relevant.has(imported));
  }

  #compare(file: string): void {
    const tree = this.documents.tree(file);
    if (tree === undefined) return;
    const skeleton = skeletonOf(tree);
    if (bindingKey(skeleton) !== this.#bindings.get(file)) this.#stale = true;
    else if (this.#relevant.has(file) && !sameNames(this.#relevantExports(file, skeleton), this.#relevant.get(file)))
      this.#stale = true;
  }

  #recompute(): void {
    this.#relevant = new Map(this.known);
    this.#bindings = new Map();
    const reached = [...this.known.keys()].flatMap((file) => [...this.importersOf(file)]);
    const queue = [...new Set([...this.#usesRuntime, ...reached])].sort();
    const queued = new Set(queue);
    for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
      queued.delete(file);
      const tree = this.documents.tree(file);
      if (tree === undefined) continue;
      const skeleton = skeletonOf(tree);
      this.#bindings.set(file, bindingKey(skeleton));
      if (!this.#usesRuntime.has(file) && !this.#importsRelevantName(file, skeleton)) continue;
      const names = this.#relevantExports(file, skeleton);
      const known = this.#relevant.get(file);
      this.#relevant.set(file, names);
      if (known !== undefined && sameNames(names, known)) continue;
      for (const importer of this.importersOf(file)) {
        if (queued.has(importer)) continue;
        queued.add(importer);
        queue.push(importer);
      }
    }
  }

  #importsRelevantName(file: string, skeleton: Skeleton): boolean {
    for (const imported of skeleton.imports.values())
      if (this.#isRelevantName(file, imported.specifier, imported.name)) return true;
    for (const exported of skeleton.exports.values()) {
      if ("specifier" in exported && this.#isRelevantName(file, exported.specifier, exported.name)) return true;
    }
    return skeleton.stars.some((specifier) => this.#isRelevantName(file, specifier, "*"));
  }

  #isRelevantName(file: string, specifier: string, name: string): boolean {
    const resolution = this.resolver.resolve(file, specifier);
    if (resolution.kind === "runtime") return true;
    if (resolution.kind !== "file") return false;
    const names = this.#relevant.get(resolution.file);
    return names !== undefined && (name === "*" ? names.size > 0 : names.has(name) || names.has("*"));
  }

  /** Exported names whose declaration mentions, directly or through other declarations of the file, a relevant name. */
  #relevantExports(file: string, skeleton: Skeleton): ReadonlySet<string> {
    const local = new Set<string>();
    for (const [name, imported] of skeleton.imports)
      if (this.#isRelevantName(file, imported.specifier, imported.name)) local.add(name);
    let pending = skeleton.statements;
    for (let before = -1; before !== local.size; ) {
      before = local.size;
      pending = pending.filter((statement) => {
        if (!mentionsAny(statement.mentions, local)) return true;
        for (const name of statement.declares) local.add(name);
        return false;
      });
    }
    const names = new Set<string>();
    for (const [name, exported] of skeleton.exports) {
      if (
        "local" in exported ? local.has(exported.local) : this.#isRelevantName(file, exported.specifier, exported.name)
      )
        names.add(name);
    }
    for (const specifier of skeleton.stars) {
      const resolution = this.resolver.resolve(file, specifier);
      if (resolution.kind === "runtime") names.add("*"); // Whatever the runtime exports.
      if (resolution.kind === "file")
        for (const name of this.#relevant.get(resolution.file) ?? []) if (name !== "default") names.add(name);
    }
    return names;
  }
}

function mentionsAny(mentions: readonly ReadonlySet<string>[], names: ReadonlySet<string>): boolean {
  for (const name of names) for (const part of mentions) if (part.has(name)) return true;
  return false;
}

function sameNames(a: ReadonlySet<string>, b: ReadonlySet<string> | undefined): boolean {
  return b !== undefined && a.size === b.size && [...a].every((name) => b.has(name));
}

function bindingKey(skeleton: Skeleton): string {
  return JSON.stringify([[...skeleton.imports], exportsKey(skeleton)]);
}

/** All that a file exports, as text. */
export function exportsKey({ exports, stars }: Skeleton): string {
  return JSON.stringify([[...exports], stars]);
}
