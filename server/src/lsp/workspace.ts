import { basename, dirname, isAbsolute, relative, sep } from "node:path";
import { type Analysis, createAnalysis, type Pace } from "../analysis/index.js";
import type { Finding } from "../documents/finding.js";
import { fileOf } from "./positions.js";

/** The analyses of the open folders. A file belongs to the innermost folder that holds it, else to its own directory. */
export class Workspace {
  readonly #roots: string[] = [];
  readonly #analyses = new Map<string, Analysis>();

  constructor(uris: readonly string[]) {
    for (const uri of uris) this.add(uri);
  }

  add(uri: string): void {
    const root = fileOf(uri);
    if (root !== undefined && !this.#roots.includes(root)) this.#roots.push(root);
  }

  /** Answers the folder, if it was one of ours. */
  remove(uri: string): string | undefined {
    const root = fileOf(uri);
    const index = root === undefined ? -1 : this.#roots.indexOf(root);
    if (root === undefined || index < 0) return undefined;
    this.#roots.splice(index, 1);
    this.#analyses.delete(root);
    return root;
  }

  /** Paths shown to people, and those in a simulation's report, are relative to this folder. */
  rootOf(file: string): string {
    const holding = this.#roots.filter((root) => isInside(root, file));
    return holding.sort((a, b) => b.length - a.length)[0] ?? dirname(file);
  }

  /** Of a folder of ours that folder, else the one that holds the file. */
  folderOf(path: string): string {
    return this.#roots.includes(path) ? path : this.rootOf(path);
  }

  analysisOf(file: string): Analysis {
    const root = this.rootOf(file);
    let analysis = this.#analyses.get(root);
    if (analysis === undefined) {
      analysis = createAnalysis({ root });
      this.#analyses.set(root, analysis);
    }
    return analysis;
  }

  /** Those that a change concerns: what is configured or ignored is so in the folders below too, whichever root they are in. */
  concernedBy(file: string): readonly Analysis[] {
    const isForAll = file.endsWith(".json") || basename(file) === ".gitignore";
    return isForAll ? [...this.#analyses.values()] : [this.analysisOf(file)];
  }

  /** Begins the work for the open folders, so that the first file that is opened finds it done. */
  warm(): void {
    for (const root of this.#roots) this.analysisOf(`${root}${sep}_`);
  }

  /** No file of any folder waits to be judged. */
  get isComplete(): boolean {
    return [...this.#analyses.values()].every((analysis) => analysis.isComplete);
  }

  refresh(pace: Pace): ReadonlyMap<string, readonly Finding[]> {
    const changed = new Map<string, readonly Finding[]>();
    for (const analysis of this.#analyses.values()) {
      for (const [file, findings] of analysis.refresh(pace)) changed.set(file, findings);
    }
    return changed;
  }
}

export function isInside(folder: string, file: string): boolean {
  const path = relative(folder, file);
  return path !== "" && !path.startsWith("..") && !isAbsolute(path);
}
