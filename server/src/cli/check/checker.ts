import { resolve } from "node:path";
import { debuglog } from "node:util";
import type { Analysis, AnalysisOptions } from "../../analysis/analysis.js";
import { rememberedAfter, resumptionAfter } from "../../analysis/memory.js";
import type { Finding } from "../../documents/finding.js";
import { refuseProblems } from "../configuration.js";
import { DiskRecord } from "./disk-record.js";
import { type Found, type KeptPart, ResultCache } from "./result-cache.js";
import { type Results, sorted } from "./results.js";

/** Said when the environment has NODE_DEBUG=faultline. */
const debug = debuglog("faultline");

/** Finds, from the cache if nothing changed. The analyzer, which takes a while to load, is loaded only if it has to be. */
export class Checker {
  readonly #cache: ResultCache | undefined;
  #analysis: Promise<Analysis> | undefined;
  readonly #record = new DiskRecord();
  readonly #findings = new Map<string, readonly Finding[]>();

  constructor(
    private readonly options: AnalysisOptions,
    { isCached }: { readonly isCached: boolean },
  ) {
    this.#cache = isCached ? ResultCache.for(options) : undefined;
  }

  async results(): Promise<Results> {
    const kept = await this.#cache?.read();
    const known = kept?.part === undefined ? kept?.results : await this.#again(kept.part);
    if (known !== undefined) {
      const what = kept?.part === undefined ? "nothing changed" : "little changed";
      debug(`${what}: these are the results of an earlier run`);
      return known;
    }
    const { results, memory } = (await this.#ofNamed()) ?? (await this.#ofAll());
    await this.#cache?.write(results, this.#record, memory);
    return results;
  }

  async #ofAll(): Promise<Found> {
    const analysis = await this.analysis();
    refuseProblems(analysis.configurationProblems());
    return { results: this.current(analysis), memory: analysis.memory() };
  }

  /**
   * Where single files are asked for, only what has to do with them is analysed; of the rest it is enough to know what
   * depends on what. Undefined where folders are asked for, or that turns out to be more.
   */
  async #ofNamed(): Promise<Found | undefined> {
    const { root, paths = [] } = this.options;
    const named = paths.map((each) => resolve(root, each));
    if (named.length === 0 || !named.every((each) => this.#record.kind(each) === "file")) return undefined;
    const { createAnalysis, resumeAnalysis } = await import("../../analysis/index.js");
    const memory = createAnalysis({ ...this.options, declarationsOnly: true }, this.#record).memory();
    const resumption = memory && resumptionAfter(memory, named, (file) => memory.imports[file]);
    if (memory === undefined || resumption === undefined) return undefined;
    const analysis = resumeAnalysis(this.options, this.#record, resumption);
    refuseProblems(analysis.configurationProblems());
    const results = resultsOf([...analysis.refresh().values()].flat(), analysis);
    const part = analysis.memory();
    const joined = part && rememberedAfter(memory, named, resumption, part);
    return joined && { results, memory: joined };
  }

  /** Analyses what edits since the last run can have changed. Undefined where that turns out to be more. */
  async #again(part: KeptPart): Promise<Results | undefined> {
    const record = new DiskRecord();
    for (const file of part.edited) record.read(file);
    return this.#cache?.join(part, await this.#found(part, record), record);
  }

  async #found({ resumption }: KeptPart, record: DiskRecord): Promise<Found> {
    if (resumption.files.size === 0) return { results: resultsOf([]), memory: { parsed: {}, imports: {} } };
    const { resumeAnalysis } = await import("../../analysis/index.js");
    const analysis = resumeAnalysis(this.options, record, resumption);
    const results = resultsOf([...analysis.refresh().values()].flat(), analysis);
    return { results, memory: analysis.memory() };
  }

  /** What the analyzer finds now: after edits that it was told of, and in whatever buffers it was given. */
  current(analysis: Analysis): Results {
    for (const [file, findings] of analysis.refresh()) this.#findings.set(file, findings);
    return resultsOf([...this.#findings.values()].flat(), analysis);
  }

  analysis(): Promise<Analysis> {
    this.#analysis ??= import("../../analysis/index.js").then(({ createAnalysis }) =>
      createAnalysis(this.options, this.#record),
    );
    return this.#analysis;
  }
}

function resultsOf(findings: readonly Finding[], analysis?: Analysis): Results {
  return {
    files: analysis?.fileCount ?? 0,
    findings: sorted(findings),
    syntaxErrors: analysis?.syntaxErrors() ?? [],
    notes: [...new Set(analysis?.notes)],
  };
}
