import path from "node:path";
import { ts } from "ts-morph";
import type { Level } from "../../../runtime/src/levels.js";
import {
  type ConfigurationProblem,
  configurationSchema,
  type FileConfiguration,
  isConfigurationFile,
  type Regions,
} from "../configuration/index.js";
import type { Finding, Range } from "../documents/finding.js";
import { rules } from "../rules/index.js";
import type { Analysis, AnalysisOptions, AssignedLevels, Pace, Refactor, SyntaxProblem, Target } from "./analysis.js";
import { ConfiguredFiles } from "./configured-files.js";
import { levelDecorator } from "./extract/annotations.js";
import { evaluation } from "./extract/evaluation.js";
import { Extraction } from "./extract/extraction.js";
import { type Unit, unitsOf } from "./extract/units.js";
import type { Fixes } from "./fixes/fixes.js";
import { createFixes } from "./fixes/index.js";
import { Dependencies } from "./flow/dependencies.js";
import { type Reach, Shapes } from "./flow/shapes.js";
import { Summaries } from "./flow/summaries.js";
import { Usages } from "./flow/usages.js";
import { Flows } from "./flow/values/flows.js";
import { judge } from "./judge.js";
import { type Judged, Judgements } from "./judgements.js";
import type { Memory, Resumption } from "./memory.js";
import { memoryOf } from "./memory-of.js";
import type { FileModel } from "./model.js";
import { assignLevels } from "./refactors/assign-levels.js";
import { refactorsAt } from "./refactors/index.js";
import { firstSyntaxError } from "./syntax-errors.js";
import { targetsOf } from "./targets.js";
import { TypePass } from "./types/type-pass.js";
import { View } from "./view/view.js";
import { AnalysedFiles } from "./workspace/analysed-files.js";
import { isSourceFile } from "./workspace/discovery.js";
import type { Disk } from "./workspace/disk.js";
import { Documents } from "./workspace/documents.js";
import { isProjectFile } from "./workspace/project-files.js";
import { Relevance } from "./workspace/relevance.js";
import { Resolver } from "./workspace/resolution.js";

/** Keeps what is known of a workspace up to date with its edits, and judges again only what an edit can have changed. */
export class Engine implements Analysis {
  readonly #documents: Documents;
  readonly #configured: ConfiguredFiles;
  readonly #files: AnalysedFiles;
  /** On disk still, but none of those any more. */
  readonly #leaving = new Set<string>();
  #mustLookAround = false;
  readonly #resolver: Resolver;
  readonly #relevance: Relevance;
  readonly #x: Extraction;
  readonly #summaries: Summaries;
  readonly #flows: Flows;
  readonly #usages: Usages;
  readonly #types: TypePass;
  readonly #shapes: Shapes;
  readonly #dependencies: Dependencies;
  /** The parts of each file as they were when its summaries were last forgotten. */
  readonly #read = new Map<string, { readonly epoch: number; readonly units: ReadonlySet<Unit> }>();
  readonly #epochs = new Map<string, number>();
  #epoch = 0;
  readonly #dirty = new Set<string>();
  #filesChanged = false;
  /** Files that say how others are read and judged, and were changed. */
  readonly #rewritten = new Set<string>();
  readonly #judgements = new Judgements((file) => this.#judge(file));
  readonly #view: View;
  readonly #fixes: Fixes;
  readonly notes: string[] = [];

  constructor(
    private readonly options: AnalysisOptions,
    disk: Disk,
    private readonly resumption?: Resumption,
  ) {
    const project = options.project === undefined ? undefined : path.resolve(options.root, options.project);
    this.#documents = new Documents(disk);
    const isThere = (file: string): boolean => this.#documents.isOpen(file) || disk.kind(file) === "file";
    const textOf = (file: string): string | undefined => (isThere(file) ? this.#documents.text(file) : undefined);
    this.#configured = new ConfiguredFiles(options.root, configurationSchema(rules), textOf);
    this.#resolver = new Resolver(disk, (file) => this.#files.has(file), project);
    this.#relevance = new Relevance(this.#documents, this.#resolver, resumption?.relevant ?? new Map());
    this.#types = new TypePass({
      documents: this.#documents,
      resolver: this.#resolver,
      files: () => this.#relevantFiles(),
      extraction: () => this.#x,
    });
    const epochOf = (file: string): number => this.#epochs.get(file) ?? 0;
    this.#x = new Extraction(this.#documents, this.#resolver, epochOf, this.#types, evaluation);
    this.#summaries = new Summaries(this.#x, (id) => this.#levelOfMethod(id));
    this.#flows = new Flows(this.#x, this.#summaries, (id) => this.#levelOfMethod(id));
    this.#usages = new Usages(this.#x, this.#summaries, epochOf);
    this.#shapes = new Shapes(this.#x, epochOf);
    this.#dependencies = new Dependencies(this.#x, this.#relevance);
    this.#view = new View({
      x: this.#x,
      summaries: this.#summaries,
      flows: this.#flows,
      usages: this.#usages,
      files: () => [...this.#relevance.files],
      regionsOf: (file: string): Regions => this.#configured.of(file).regions,
    });
    this.#fixes = createFixes(this.#view);
    this.#files = new AnalysedFiles(options, disk);
    for (const file of resumption?.files ?? this.#files) this.#dirty.add(file);
  }

  get fileCount(): number {
    return [...this.#files].filter((file) => this.#isAsked(file)).length;
  }

  open(file: string, text: string): void {
    if (!isSourceFile(file) && !decidesForOthers(file)) return;
    this.#documents.open(file, text);
    this.#leaving.delete(file);
    this.#touch(file);
  }

  close(file: string): void {
    this.#documents.close(file);
    if (isSourceFile(file) && !this.#files.isOne(file)) this.#leaving.add(file);
    this.#touch(file);
  }

  changedOnDisk(file: string): void {
    if (this.#documents.isOpen(file)) return;
    this.#documents.forget(file);
    if (decidesForOthers(file) || this.#files.has(file) || this.#files.isOne(file)) this.#touch(file);
    else if (this.#files.decides(file)) this.#mustLookAround = true;
  }

  findings(file: string): readonly Finding[] {
    this.#settle();
    return this.#judgements.of(file);
  }

  model(file: string): FileModel | undefined {
    this.#settle();
    return this.#relevance.has(file) ? this.#view.fileModel(file) : undefined;
  }

  targets(file: string): readonly Target[] {
    this.#settle();
    const tree = this.#relevance.has(file) ? this.#documents.tree(file) : undefined;
    return tree === undefined ? [] : targetsOf(this.#x, tree);
  }

  refactors(file: string, range: Range): readonly Refactor[] {
    this.#settle();
    const tree = this.#relevance.has(file) && this.#isAsked(file) ? this.#documents.tree(file) : undefined;
    return tree === undefined ? [] : refactorsAt(this.#view, tree, range, (text) => this.notes.push(text));
  }

  assignLevels(file: string, levels: Readonly<Record<string, Level>>): AssignedLevels {
    this.#settle();
    return assignLevels(this.#view, file, levels);
  }

  refresh(pace?: Pace): ReadonlyMap<string, readonly Finding[]> {
    this.#settle();
    this.#judgements.proceed(pace);
    return this.#judgements.report();
  }

  get isComplete(): boolean {
    return !this.#isBehind && this.#judgements.areComplete;
  }

  text(file: string): string | undefined {
    return this.#documents.text(file);
  }

  syntaxErrors(): readonly SyntaxProblem[] {
    this.#settle();
    const looked = new Set([...this.#relevantFiles(), ...this.#files.named()]);
    return [...looked]
      .filter((file) => this.#isAsked(file))
      .sort()
      .flatMap((file) => firstSyntaxError(this.#documents.tree(file)) ?? []);
  }

  syntaxError(file: string): SyntaxProblem | undefined {
    return firstSyntaxError(this.#documents.tree(file));
  }

  configuration(file: string): FileConfiguration {
    return this.#configured.of(file);
  }

  configurationProblems(): readonly ConfigurationProblem[] {
    return this.#configured.problems(this.#files);
  }

  memory(): Memory | undefined {
    this.#settle();
    const known = { documents: this.#documents, relevance: this.#relevance, dependencies: this.#dependencies };
    return memoryOf(known, { withAllUsed: this.options.declarationsOnly === true });
  }

  #relevantFiles(): readonly string[] {
    return [...this.#relevance.files].filter((file) => this.resumption?.files.has(file) ?? true);
  }

  get #isBehind(): boolean {
    return this.#dirty.size > 0 || this.#rewritten.size > 0 || this.#mustLookAround;
  }

  #touch(file: string): void {
    if (decidesForOthers(file)) {
      this.#rewritten.add(file);
      return;
    }
    if (this.#files.add(file)) this.#filesChanged = true;
    this.#dirty.add(file);
  }

  /** What Git ignores has changed, or folders have come or gone. */
  #lookAround(): void {
    this.#mustLookAround = false;
    const found = new Set(this.#files.found());
    for (const file of found) if (!this.#files.has(file)) this.#touch(file);
    for (const file of this.#files) {
      if (found.has(file) || this.#documents.isOpen(file)) continue;
      this.#leaving.add(file);
      this.#touch(file);
    }
  }

  #isAsked(file: string): boolean {
    return this.#configured.of(file).isIncluded && this.#files.isAsked(file);
  }

  #settle(): void {
    if (!this.#isBehind) return;
    if (this.#mustLookAround) this.#lookAround();
    const rewritten = [...this.#rewritten];
    this.#rewritten.clear();
    const dirty = [...this.#dirty];
    this.#dirty.clear();
    // Afterwards nobody would know what the edited files used, and who imported those that are gone.
    const usedBefore = dirty.flatMap((file) => this.#dependencies.lastKnown(file));
    const gone = dirty.filter((file) => !this.#scan(file));
    const orphaned = this.#importersOf(gone);
    for (const file of gone) this.#remove(file);
    const isReresolved = rewritten.some(isProjectFile);
    if (this.#filesChanged || gone.length > 0 || isReresolved) {
      this.#filesChanged = false;
      if (isReresolved) this.#resolver.forgetProjects();
      this.#resolver.forget();
      this.#relevance.reconnect();
      this.#dependencies.exportsChanged();
    }
    const moved = this.#relevance.settle();
    if (this.options.declarationsOnly === true) return;
    for (const file of moved) usedBefore.push(...this.#dependencies.lastKnown(file));
    const parsed = dirty.filter((file) => this.#documents.hasTree(file));
    const reread = isReresolved ? new Set([...orphaned, ...this.#relevance.files]) : orphaned;
    const affected = new Set([...gone, ...moved, ...this.#reshape([...parsed, ...moved], reread)]);
    this.#reread(dirty, usedBefore, affected);
    if (rewritten.length > 0) {
      // Every file may be judged otherwise now.
      this.#configured.reread(rewritten);
      for (const file of this.#relevance.files) affected.add(file);
    }
    this.#x.reads.advance();
    this.#judgements.forget(affected);
    for (const [file, findings] of this.#configured.findings()) this.#judgements.set(file, findings);
    for (const file of dirty) if (this.#relevance.has(file)) this.#dependencies.of(file);
    for (const file of dirty) if (this.#documents.isOpen(file) && this.#relevance.has(file)) this.#shapes.prepare(file);
  }

  /** Whether it stays. */
  #scan(file: string): boolean {
    const text = this.#leaving.delete(file) ? undefined : this.#documents.text(file);
    if (text !== undefined) this.#relevance.scan(file, text);
    return text !== undefined;
  }

  #remove(file: string): void {
    this.#files.delete(file);
    this.#relevance.remove(file);
    this.#documents.drop(file);
    this.#shapes.forget(file);
    this.#dependencies.forget(file);
  }

  /** Raises the epoch of files whose declarations changed, and of all that depend on them. */
  #reshape(files: readonly string[], orphaned: ReadonlySet<string>): ReadonlySet<string> {
    const reaches = files.map((file) => [file, this.#shapes.compare(file)] as const);
    const reaching = (reach: Reach): readonly string[] =>
      reaches.flatMap(([file, each]) => (each === reach ? [file] : []));
    const everybody = reaching("everybody");
    if (everybody.length > 0) this.#dependencies.exportsChanged();
    const seeds = [...reaching("dependents"), ...this.#importersOf(everybody), ...orphaned];
    if (seeds.length === 0) return new Set();
    this.#epoch++;
    const reshaped = this.#dependencies.dependentsOf(seeds);
    for (const file of reshaped) this.#epochs.set(file, this.#epoch);
    return reshaped;
  }

  #reread(dirty: readonly string[], usedBefore: readonly string[], affected: Set<string>): void {
    this.#types.forget();
    const changed: string[] = [];
    for (const file of new Set([...dirty, ...affected])) {
      this.#forgetSummaries(file);
      for (const mentioning of this.#judgements.mentioning(file)) affected.add(mentioning);
      if (!this.#relevance.has(file)) {
        if (this.#usages.remove(file)) changed.push(file);
        if (this.#judgements.has(file)) affected.add(file);
        continue;
      }
      affected.add(file);
      if (this.#usages.update(file)) changed.push(file);
    }
    changed.push(...this.#flows.changedFiles());
    if (changed.length === 0) return;
    // What changed here can matter to whoever calls it, and to the cells and functions it uses or used.
    for (const file of this.#dependencies.dependentsOf(changed)) affected.add(file);
    for (const file of this.#dependencies.usedBy([...changed, ...usedBefore])) affected.add(file);
  }

  /** Only of parts that are new, gone, or to be read again: a summary holds what its function and its callees do. */
  #forgetSummaries(file: string): void {
    const tree = this.#documents.hasTree(file) ? this.#documents.tree(file) : undefined;
    const epoch = this.#epochs.get(file) ?? 0;
    const before = this.#read.get(file);
    const units = new Set(tree === undefined ? [] : unitsOf(tree));
    const isSame = (unit: Unit): boolean => before?.epoch === epoch && before.units.has(unit) && units.has(unit);
    for (const unit of new Set([...(before?.units ?? []), ...units])) {
      if (!isSame(unit)) for (const node of unit.runs) this.#forget(node);
    }
    this.#read.set(file, { epoch, units });
  }

  #forget(node: ts.Node): void {
    this.#summaries.forgetNode(node);
    this.#flows.forgetNode(node);
  }

  /** By specifier: all that could look a name up here, barrels and their importers included. */
  #importersOf(files: readonly string[]): ReadonlySet<string> {
    const reached = new Set(files);
    const pending = [...files];
    for (let file = pending.pop(); file !== undefined; file = pending.pop()) {
      for (const each of this.#relevance.importersOf(file)) {
        if (reached.has(each)) continue;
        reached.add(each);
        pending.push(each);
      }
    }
    return reached;
  }

  #judge(file: string): Judged | undefined {
    if (!this.#relevance.has(file) || !this.#isAsked(file)) return undefined;
    if (this.resumption?.files.has(file) === false) return undefined;
    this.#x.reads.files.clear();
    const { findings, notes } = judge(this.#view.fileModel(file), this.#fixes, {
      ...this.#configured.of(file).severities,
      ...this.options.severities,
    });
    this.notes.push(...notes.slice(0, 10));
    return { findings, consulted: this.#x.reads.files };
  }

  #levelOfMethod(id: string): Level | undefined {
    const node = this.#x.functionNode(id);
    if (node === undefined) return undefined;
    return levelDecorator(this.#x, ts.isPropertyDeclaration(node.parent) ? node.parent : node)?.level;
  }
}

/** It is no source, but says how sources are resolved or judged. */
function decidesForOthers(file: string): boolean {
  return isConfigurationFile(file) || isProjectFile(file);
}
