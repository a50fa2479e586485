import { sep } from "node:path";
import { setTimeout as after } from "node:timers/promises";
import { type FSWatcher, watch } from "chokidar";

/** Editors write a file in several steps, and a switch of branches writes many files: each is one change. */
const quietMs = 60;
const skippedFolders = new Set(["node_modules", ".git", "dist"]);

/** Files below a folder that are written, come or go, in batches. */
export class WatchedChanges {
  readonly #files = new Set<string>();
  readonly #watcher: FSWatcher;
  #hasEnded = false;
  #wake = (): void => {};

  private constructor(root: string, isOfInterest: (file: string) => boolean) {
    const isSkipped = (path: string): boolean =>
      path
        .slice(root.length)
        .split(sep)
        .some((part) => skippedFolders.has(part));
    this.#watcher = watch(root, {
      ignored: (path, stats) => isSkipped(path) || (stats?.isFile() === true && !isOfInterest(path)),
      ignoreInitial: true,
      ignorePermissionErrors: true,
    });
    this.#watcher.on("all", (_, path) => {
      if (!isOfInterest(path)) return;
      this.#files.add(path);
      this.#wake();
    });
  }

  /** Answers once no change can be missed any more. */
  static async of(root: string, isOfInterest: (file: string) => boolean): Promise<WatchedChanges> {
    const changes = new WatchedChanges(root, isOfInterest);
    await new Promise<void>((resolve) => changes.#watcher.once("ready", () => resolve()));
    return changes;
  }

  /** The next batch; undefined after the end. */
  async next(): Promise<readonly string[] | undefined> {
    while (this.#files.size === 0 && !this.#hasEnded) await this.#woken();
    for (let seen = 0; seen < this.#files.size && !this.#hasEnded; ) {
      seen = this.#files.size;
      await after(quietMs);
    }
    if (this.#hasEnded) return undefined;
    const files = [...this.#files];
    this.#files.clear();
    return files;
  }

  async end(): Promise<void> {
    this.#hasEnded = true;
    this.#wake();
    await this.#watcher.close();
  }

  #woken(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}
