import path from "node:path";
import type { AnalysisOptions } from "../analysis.js";
import { discoverFiles, isDiscoverable, isSourceFile } from "./discovery.js";
import type { Disk } from "./disk.js";
import { filesOfProject } from "./project-files.js";

/** What files are looked at: those that a project file lists, else those that a walk finds; and those that are named. */
export class AnalysedFiles {
  readonly #files: Set<string>;
  readonly #project: string | undefined;

  constructor(
    private readonly options: AnalysisOptions,
    private readonly disk: Disk,
  ) {
    this.#project = options.project === undefined ? undefined : path.resolve(options.root, options.project);
    this.#files = new Set(this.found());
  }

  /** Sorted, and what is named last. */
  found(): readonly string[] {
    const { root } = this.options;
    const found = this.#project === undefined ? discoverFiles(root) : filesOfProject(this.#project, this.disk);
    return [...new Set([...found, ...this.named()])];
  }

  /** One by one, and not as a part of a folder: Git may ignore them. */
  named(): readonly string[] {
    return this.#asked().filter((file) => isSourceFile(file) && this.disk.kind(file) === "file");
  }

  /** Whether a file on disk is one of those, known or not. */
  isOne(file: string): boolean {
    if (!isSourceFile(file) || this.disk.kind(file) !== "file") return false;
    return isDiscoverable(this.options.root, file) || this.named().includes(file);
  }

  /** Findings are wanted for it. */
  isAsked(file: string): boolean {
    const asked = this.#asked();
    return (
      asked.length === 0 ||
      asked.some((at) => file === at || file.startsWith(at.endsWith(path.sep) ? at : at + path.sep))
    );
  }

  /** Whether others may come or go with this: a folder, or what Git ignores. */
  decides(at: string): boolean {
    if (path.basename(at) === ".gitignore" || this.disk.kind(at) === "folder") return true;
    return !isSourceFile(at) && [...this.#files].some((file) => file.startsWith(at + path.sep));
  }

  has(file: string): boolean {
    return this.#files.has(file);
  }

  /** Whether it is new. */
  add(file: string): boolean {
    const isNew = !this.#files.has(file);
    this.#files.add(file);
    return isNew;
  }

  delete(file: string): void {
    this.#files.delete(file);
  }

  [Symbol.iterator](): IterableIterator<string> {
    return this.#files.values();
  }

  #asked(): readonly string[] {
    return (this.options.paths ?? []).map((each) => path.resolve(this.options.root, each));
  }
}
