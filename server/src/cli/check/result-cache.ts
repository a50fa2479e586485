import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import process from "node:process";
import writeFileAtomic from "write-file-atomic";
import type { AnalysisOptions } from "../../analysis/analysis.js";
import { type Memory, type Resumption, rememberedAfter, resumptionAfter } from "../../analysis/memory.js";
import { discoverFiles } from "../../analysis/workspace/discovery.js";
import { disk } from "../../analysis/workspace/disk.js";
import { specifiersKey } from "../../analysis/workspace/specifiers.js";
import { compareAnswers, type DiskAnswers, type DiskRecord, digestOf, joinAnswers } from "./disk-record.js";
import { programIdentity } from "./program-identity.js";
import { byFile, type Results, sorted } from "./results.js";

interface Entry {
  readonly identity: string;
  /** Of the list of files that are analysed. */
  readonly files: string;
  readonly answers: DiskAnswers;
  readonly results: Results;
  /** Undefined where one edit may matter to all files. */
  readonly memory: Memory | undefined;
}

/** Results of an earlier run, of which a part may have to be found again. */
export interface Kept {
  readonly results: Results;
  readonly part: KeptPart | undefined;
}

export interface KeptPart {
  readonly edited: readonly string[];
  readonly resumption: Resumption;
  readonly before: Entry;
}

/** What an analysis of a part found. */
export interface Found {
  readonly results: Results;
  readonly memory: Memory | undefined;
}

/** Each set of options has an entry of its own; those that were not used for longest go first. */
const mostEntries = 16;

/**
 * Results of earlier runs, in `node_modules/.cache/faultline` as is the custom, or in $CACHE_DIR. An entry holds all that
 * was asked of the disk for its results, and counts only while each answer is still the same; after edits of files it
 * counts for those that have nothing to do with them. Where a project has no such folder nothing is kept, and whatever
 * goes wrong here costs time and nothing else.
 */
export class ResultCache {
  private constructor(
    private readonly folder: string,
    private readonly options: AnalysisOptions,
    private readonly file: string,
  ) {}

  static for(options: AnalysisOptions): ResultCache | undefined {
    const folder = cacheFolder(options.root);
    if (folder === undefined) return undefined;
    return new ResultCache(folder, options, join(folder, `check-${digestOf(JSON.stringify(options))}.json`));
  }

  /** Undefined where everything has to be analysed. */
  async read(): Promise<Kept | undefined> {
    const entry = this.#entry();
    if (entry === undefined || entry.identity !== programIdentity()) return undefined;
    if (entry.files !== (await this.#files())) return undefined;
    const compared = compareAnswers(entry.answers);
    if (compared === undefined) return undefined;
    const { same, edited, isRenewed } = compared;
    if (edited.length === 0) {
      if (isRenewed) this.#write({ ...entry, answers: same });
      return { results: entry.results, part: undefined };
    }
    if (entry.memory === undefined) return undefined;
    const resumption = resumptionAfter(entry.memory, edited, (file) => specifiersKey(disk.read(file) ?? ""));
    return resumption && { results: entry.results, part: { edited, resumption, before: { ...entry, answers: same } } };
  }

  async write(results: Results, record: DiskRecord, memory: Memory | undefined): Promise<void> {
    // A rule that failed may succeed next time; nobody should have to delete a cache to find out.
    if (results.notes.length > 0) return;
    const files = await this.#files();
    this.#write({ identity: programIdentity(), files, answers: record.answers, results, memory });
  }

  /** What was kept, with what was found in the part that was analysed again. Undefined where the rest does not stand. */
  join({ before, edited, resumption }: KeptPart, found: Found, record: DiskRecord): Results | undefined {
    if (before.memory === undefined || found.memory === undefined || found.results.notes.length > 0) return undefined;
    const memory = rememberedAfter(before.memory, edited, resumption, found.memory);
    if (memory === undefined) return undefined;
    const inside = ({ file }: { readonly file: string }): boolean => resumption.files.has(file);
    const join = <T extends { readonly file: string }>(earlier: readonly T[], now: readonly T[]): readonly T[] => [
      ...earlier.filter((each) => !inside(each)),
      ...now.filter(inside),
    ];
    const results: Results = {
      ...before.results,
      findings: sorted(join(before.results.findings, found.results.findings)),
      syntaxErrors: byFile(join(before.results.syntaxErrors, found.results.syntaxErrors)),
    };
    this.#write({ ...before, answers: joinAnswers(before.answers, record.answers), results, memory });
    return results;
  }

  #entry(): Entry | undefined {
    try {
      return JSON.parse(readFileSync(this.file, "utf8")) as Entry;
    } catch {
      return undefined;
    }
  }

  /** Files that come and go are no answer to any question: a new one would not be asked for. */
  async #files(): Promise<string> {
    const { root, project } = this.options;
    if (project === undefined) return digestOf(discoverFiles(root).join("\0"));
    const { filesOfProject } = await import("../../analysis/workspace/project-files.js");
    return digestOf(filesOfProject(resolve(root, project), disk).join("\0"));
  }

  #write(entry: Entry): void {
    try {
      mkdirSync(this.folder, { recursive: true });
      writeFileAtomic.sync(this.file, JSON.stringify(entry), { fsync: false });
      this.#prune();
    } catch {
      // A full or read-only disk: the next run is as slow as this one was.
    }
  }

  #prune(): void {
    const entries = readdirSync(this.folder).filter((name) => name.startsWith("check-") && name.endsWith(".json"));
    if (entries.length <= mostEntries) return;
    const byAge = entries
      .map((name) => ({ at: join(this.folder, name), modifiedMs: statSync(join(this.folder, name)).mtimeMs }))
      .sort((a, b) => b.modifiedMs - a.modifiedMs);
    for (const { at } of byAge.slice(mostEntries)) rmSync(at, { force: true });
  }
}

/**
 * With the packages that the project has installed: those of the nearest package, or of one above it in the same
 * repository. Where none are nothing is made: some projects have no such folder on purpose.
 */
function cacheFolder(root: string): string | undefined {
  const chosen = process.env["CACHE_DIR"];
  if (chosen !== undefined && chosen !== "") return join(resolve(root, chosen), "faultline");
  const above = foldersAbove(root);
  const repository = above.findIndex((folder) => disk.kind(join(folder, ".git")) !== "none");
  const packages = above
    .slice(0, repository < 0 ? undefined : repository + 1)
    .filter((folder) => disk.kind(join(folder, "package.json")) === "file");
  const candidates = repository < 0 ? packages.slice(0, 1) : packages;
  const holder = candidates.find((folder) => disk.kind(join(folder, "node_modules")) === "folder");
  return holder === undefined ? undefined : join(holder, "node_modules/.cache/faultline");
}

/** The folder itself first, the root of the disk last. */
function foldersAbove(folder: string): readonly string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...foldersAbove(parent)];
}
