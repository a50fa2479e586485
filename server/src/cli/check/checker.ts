import { debuglog } from "node:util";
import type { Analysis, AnalysisOptions } from "../../analysis/analysis.js";
import type { Finding } from "../../documents/finding.js";
import { refuseProblems } from "../configuration.js";
import { DiskRecord } from "./disk-record.js";
import { ResultCache } from "./result-cache.js";
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
    const known = await this.#cache?.read();
    if (known !== undefined) {
      debug("nothing changed: these are the results of an earlier run");
      return known;
    }
    const analysis = await this.analysis();
    refuseProblems(analysis.configurationProblems());
    const results = this.current(analysis);
    await this.#cache?.write(results, this.#record);
    return results;
  }

  /** What the analyzer finds now: after edits that it was told of, and in whatever buffers it was given. */
  current(analysis: Analysis): Results {
    for (const [file, findings] of analysis.refresh()) this.#findings.set(file, findings);
    return {
      files: analysis.fileCount,
      findings: sorted([...this.#findings.values()].flat()),
      syntaxErrors: analysis.syntaxErrors(),
      notes: [...new Set(analysis.notes)],
    };
  }

  analysis(): Promise<Analysis> {
    this.#analysis ??= import("../../analysis/index.js").then(({ createAnalysis }) =>
      createAnalysis(this.options, this.#record),
    );
    return this.#analysis;
  }
}
