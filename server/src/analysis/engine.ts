import path from "node:path";
import { ts } from "ts-morph";
import type { Level } from "../../../runtime/src/levels.js";
import type { Finding } from "../documents/finding.js";
import type { Analysis, AnalysisOptions, SyntaxProblem, Target } from "./analysis.js";
import { levelDecorator } from "./extract/annotations.js";
import { evaluation } from "./extract/evaluation.js";
import { Extraction } from "./extract/extraction.js";
import { fileShape, unitsOf } from "./extract/units.js";
import { createFixes } from "./fixes/index.js";
import { Summaries } from "./flow/summaries.js";
import { Usages } from "./flow/usages.js";
import { judge } from "./judge.js";
import { remembered } from "./remembered.js";
import { firstSyntaxError } from "./syntax-errors.js";
import { targetsOf } from "./targets.js";
import { TypePass } from "./types/type-pass.js";
import { View } from "./view.js";
import { discoverFiles, filesOfProject, isSourceFile } from "./workspace/discovery.js";
import { Documents } from "./workspace/documents.js";
import { Relevance } from "./workspace/relevance.js";
import { Resolver } from "./workspace/resolution.js";

/** Keeps what is known of a workspace up to date with its edits, and judges again only what an edit can have changed. */
export class Engine implements Analysis {
  readonly #documents = new Documents();
  readonly #files = new Set<string>();
  readonly #resolver: Resolver;
  readonly #relevance: Relevance;
  readonly #x: Extraction;
  readonly #summaries: Summaries;
  readonly #usages: Usages;
  readonly #types: TypePass;
  readonly #shapes = new Map<string, string>();
  readonly #epochs = new Map<string, number>();
  #epoch = 0;
  readonly #dirty = new Set<string>();
  #filesChanged = false;
  readonly #findings = new Map<string, readonly Finding[]>();
  readonly #reported = new Map<string, string>();
  /** Files whose findings mention a place in the key: they move with it. */
  readonly #mentionedBy = new Map<string, Set<string>>();
  readonly #mentions = new Map<string, ReadonlySet<string>>();
  readonly notes: string[] = [];

  constructor(private readonly options: AnalysisOptions) {
    const project = options.project === undefined ? undefined : path.resolve(options.root, options.project);
    this.#resolver = new Resolver((file) => this.#files.has(file) || ts.sys.fileExists(file), project);
    this.#relevance = new Relevance(this.#documents, this.#resolver);
    this.#types = new TypePass({
      documents: this.#documents,
      resolver: this.#resolver,
      files: () => [...this.#relevance.files],
      extraction: () => this.#x,
    });
    this.#x = new Extraction(
      this.#documents,
      this.#resolver,
      (file) => this.#epochs.get(file) ?? 0,
      this.#types,
      evaluation,
    );
    this.#summaries = new Summaries(this.#x, (id) => this.#levelOfMethod(id));
    this.#usages = new Usages(this.#x, this.#summaries);
    const found = project === undefined ? discoverFiles(options.root) : filesOfProject(project);
    for (const file of [...found, ...this.#namedFiles()]) this.#files.add(file);
    for (const file of this.#files) this.#dirty.add(file);
  }

  get fileCount(): number {
    return [...this.#files].filter((file) => this.#isAsked(file)).length;
  }

  open(file: string, text: string): void {
    if (!isSourceFile(file)) return;
    this.#documents.open(file, text);
    this.#touch(file);
  }

  close(file: string): void {
    this.#documents.close(file);
    this.#touch(file);
  }

  changedOnDisk(file: string): void {
    if (this.#documents.isOpen(file)) return;
    this.#documents.forget(file);
    if (isSourceFile(file) && (this.#files.has(file) || ts.sys.fileExists(file))) this.#touch(file);
  }

  findings(file: string): readonly Finding[] {
    this.#settle();
    return this.#findings.get(file) ?? [];
  }

  targets(file: string): readonly Target[] {
    this.#settle();
    const tree = this.#relevance.has(file) ? this.#documents.tree(file) : undefined;
    return tree === undefined ? [] : targetsOf(this.#x, tree);
  }

  refresh(): ReadonlyMap<string, readonly Finding[]> {
    this.#settle();
    const changed = new Map<string, readonly Finding[]>();
    for (const file of new Set([...this.#findings.keys(), ...this.#reported.keys()])) {
      const findings = this.#findings.get(file) ?? [];
      const text = findings.length === 0 ? undefined : JSON.stringify(findings);
      if (text === this.#reported.get(file)) continue;
      if (text === undefined) this.#reported.delete(file);
      else this.#reported.set(file, text);
      changed.set(file, findings);
    }
    return changed;
  }

  text(file: string): string | undefined {
    return this.#documents.text(file);
  }

  syntaxErrors(): readonly SyntaxProblem[] {
    this.#settle();
    const looked = new Set([...this.#relevance.files, ...this.#namedFiles()]);
    return [...looked]
      .filter((file) => this.#isAsked(file))
      .sort()
      .flatMap((file) => firstSyntaxError(this.#documents.tree(file)) ?? []);
  }

  #touch(file: string): void {
    if (!this.#files.has(file)) {
      this.#files.add(file);
      this.#filesChanged = true;
    }
    this.#dirty.add(file);
  }

  #namedFiles(): readonly string[] {
    return (this.options.paths ?? [])
      .map((each) => path.resolve(this.options.root, each))
      .filter((file) => isSourceFile(file) && ts.sys.fileExists(file));
  }

  #isAsked(file: string): boolean {
    const { paths } = this.options;
    if (paths === undefined || paths.length === 0) return true;
    return paths.some((each) => {
      const at = path.resolve(this.options.root, each);
      return file === at || file.startsWith(at.endsWith(path.sep) ? at : at + path.sep);
    });
  }

  #settle(): void {
    if (this.#dirty.size === 0) return;
    const dirty = [...this.#dirty];
    this.#dirty.clear();
    const gone = dirty.filter((file) => this.#documents.text(file) === undefined);
    // Afterwards nobody would know who imported them.
    const orphaned = this.#reach(gone, (file) => this.#relevance.importersOf(file));
    const importedBefore = dirty.map((file) => [file, this.#relevance.importsOf(file)] as const);
    for (const file of dirty) this.#scan(file);
    if (this.#filesChanged || gone.length > 0) {
      this.#filesChanged = false;
      this.#resolver.forget();
      this.#relevance.reconnect();
    }
    const moved = this.#relevance.settle();
    // What a file no longer imports, it no longer uses.
    const dropped = importedBefore.flatMap(([file, imports]) =>
      imports === this.#relevance.importsOf(file) ? [] : imports,
    );
    const affected = new Set([...gone, ...moved, ...this.#reachUsed([...dropped, ...moved])]);
    this.#reshape([...dirty.filter((file) => this.#documents.hasTree(file)), ...moved], orphaned, affected);
    this.#reread(dirty, affected);
    this.#judgeAll(affected);
  }

  #scan(file: string): void {
    const text = this.#documents.text(file);
    if (text !== undefined) {
      this.#relevance.scan(file, text);
      return;
    }
    this.#files.delete(file);
    this.#relevance.remove(file);
    this.#documents.drop(file);
    this.#usages.remove(file);
    this.#shapes.delete(file);
  }

  /** Raises the epoch of files whose declarations changed, and of all that depend on them. */
  #reshape(files: readonly string[], orphaned: ReadonlySet<string>, affected: Set<string>): void {
    const reshaped = files.filter((file) => {
      const tree = this.#documents.tree(file);
      const shape = tree === undefined ? undefined : fileShape(tree);
      if (shape === this.#shapes.get(file) && shape !== undefined) return false;
      if (shape !== undefined) this.#shapes.set(file, shape);
      return true;
    });
    if (reshaped.length === 0 && orphaned.size === 0) return;
    this.#epoch++;
    const dependents = this.#reach(reshaped, (each) => this.#relevance.importersOf(each));
    for (const file of [...dependents, ...orphaned]) {
      this.#epochs.set(file, this.#epoch);
      affected.add(file);
    }
    this.#summaries.forgetAll();
  }

  #reread(dirty: readonly string[], affected: Set<string>): void {
    this.#types.forget();
    const changed: string[] = [];
    for (const file of new Set([...dirty, ...affected])) {
      if (!this.#relevance.has(file)) {
        this.#usages.remove(file);
        this.#findings.delete(file);
        continue;
      }
      affected.add(file);
      this.#forgetSummaries(file);
      if (this.#usages.update(file)) changed.push(file);
      for (const mentioning of this.#mentionedBy.get(file) ?? []) affected.add(mentioning);
    }
    if (changed.length === 0) return;
    // What changed here can matter to whoever calls it, and to the cells and functions it uses.
    for (const file of this.#reach(changed, (each) => this.#relevance.importersOf(each))) affected.add(file);
    for (const file of this.#reachUsed(changed)) affected.add(file);
  }

  #forgetSummaries(file: string): void {
    const tree = this.#documents.tree(file);
    if (tree === undefined) return;
    for (const unit of unitsOf(tree)) for (const node of unit.runs) this.#summaries.forgetNode(node);
  }

  /** The relevant files that these import, and so on: where the cells and functions that they use can be declared. */
  #reachUsed(from: readonly string[]): ReadonlySet<string> {
    return this.#reach(from, (file) => this.#relevance.importsOf(file).filter((each) => this.#relevance.has(each)));
  }

  #reach(from: readonly string[], next: (file: string) => Iterable<string>): ReadonlySet<string> {
    const reached = new Set(from);
    const pending = [...from];
    for (let file = pending.pop(); file !== undefined; file = pending.pop()) {
      for (const each of next(file)) {
        if (reached.has(each)) continue;
        reached.add(each);
        pending.push(each);
      }
    }
    return reached;
  }

  #judgeAll(affected: ReadonlySet<string>): void {
    const view = new View({ x: this.#x, summaries: this.#summaries, usages: this.#usages });
    const fixes = createFixes(view);
    for (const file of affected) {
      if (!this.#relevance.has(file) || !this.#isAsked(file)) {
        this.#findings.delete(file);
        continue;
      }
      const { findings, notes } = judge(
        view.fileModel(file),
        this.#documents.text(file) ?? "",
        fixes,
        this.options.severities,
      );
      this.notes.push(...notes.slice(0, 10));
      this.#findings.set(file, findings);
      this.#mention(file, findings);
    }
  }

  #mention(file: string, findings: readonly Finding[]): void {
    for (const mentioned of this.#mentions.get(file) ?? []) this.#mentionedBy.get(mentioned)?.delete(file);
    const mentioned = new Set<string>();
    for (const finding of findings) {
      for (const place of [...finding.related, ...finding.fixes.flatMap((fix) => fix.edits)]) mentioned.add(place.file);
    }
    mentioned.delete(file);
    this.#mentions.set(file, mentioned);
    for (const each of mentioned) remembered(this.#mentionedBy, each, () => new Set()).add(file);
  }

  #levelOfMethod(id: string): Level | undefined {
    const node = this.#x.functionNode(id);
    if (node === undefined) return undefined;
    return levelDecorator(this.#x, ts.isPropertyDeclaration(node.parent) ? node.parent : node)?.level;
  }
}
