import type { Analysis, AnalysisOptions } from "./analysis.js";
import { Engine } from "./engine.js";
import type { Resumption } from "./memory.js";
import { type Disk, disk as realDisk } from "./workspace/disk.js";

export type { Analysis, AnalysisOptions, Pace, Refactor, SyntaxProblem, Target } from "./analysis.js";

/** Reads the files of `root` that are TypeScript; the first call of `refresh` or `findings` does the work. */
export function createAnalysis(options: AnalysisOptions, disk: Disk = realDisk): Analysis {
  return new Engine(options, disk);
}

/** Analyses a part of what an earlier analysis has seen, and finds what an analysis of all of it would find there. */
export function resumeAnalysis(options: AnalysisOptions, disk: Disk, resumption: Resumption): Analysis {
  return new Engine(options, disk, resumption);
}
