import process from "node:process";
import { type PerfettoSubject, perfettoTrace } from "../perfetto/index.js";
import type { SimulateResult } from "../simulate/index.js";
import { writeOutput } from "./output-file.js";

type Finished = SimulateResult["finished"][number];

/** The first schedule that was traced for ui.perfetto.dev and chrome://tracing; where none was, no file, and a word of that. */
export function writePerfetto(file: string, finished: readonly Finished[]): void {
  const drawn = finished.find(({ traced }) => traced.length > 0);
  const schedule = drawn?.traced[0];
  if (drawn === undefined || schedule === undefined) {
    process.stderr.write(`${file} was not written: there is no schedule to draw.\n`);
    return;
  }
  const { trace, violations, sourceOf } = schedule;
  const placeOf: PerfettoSubject["placeOf"] = (site) => {
    const source = sourceOf(site);
    return source === null ? undefined : `${source.file}:${source.range.start.line}`;
  };
  const document = perfettoTrace(trace, { target: drawn.run.target, violations, placeOf });
  writeOutput(file, `${JSON.stringify(document)}\n`);
}
