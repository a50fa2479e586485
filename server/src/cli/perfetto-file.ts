import process from "node:process";
import writeFileAtomic from "write-file-atomic";
import { type PerfettoSubject, perfettoTrace } from "../perfetto/index.js";
import type { SimulateResult } from "../simulate/index.js";

type Finished = SimulateResult["finished"][number];

/** The first failing schedule for ui.perfetto.dev and chrome://tracing; where nothing failed, no file, and a word of that. */
export async function writePerfetto(file: string, finished: readonly Finished[]): Promise<void> {
  const failing = finished.find(({ traced }) => traced.length > 0);
  const schedule = failing?.traced[0];
  if (failing === undefined || schedule === undefined) {
    process.stderr.write(`${file} was not written: there is no failing schedule to draw.\n`);
    return;
  }
  const { trace, violations, sourceOf } = schedule;
  const placeOf: PerfettoSubject["placeOf"] = (site) => {
    const source = sourceOf(site);
    return source === null ? undefined : `${source.file}:${source.range.start.line}`;
  };
  const document = perfettoTrace(trace, { target: failing.run.target, violations, placeOf });
  await writeFileAtomic(file, `${JSON.stringify(document)}\n`);
}
