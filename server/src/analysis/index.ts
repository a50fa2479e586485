import type { Analysis, AnalysisOptions } from "./analysis.js";
import { Engine } from "./engine.js";

export type { Analysis, AnalysisOptions, SyntaxProblem, Target } from "./analysis.js";

/** Reads the files of `root` that are TypeScript; the first call of `refresh` or `findings` does the work. */
export function createAnalysis(options: AnalysisOptions): Analysis {
  return new Engine(options);
}
