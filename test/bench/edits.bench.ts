// Whether 10,000 edits in a linked project keep memory: the heap after a collection, and what the system has given.
// Takes minutes.
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createAnalysis } from "../../server/src/analysis/index.js";
import { GeneratedProject } from "./generated-project.js";

const edits = 10_000;
const looks = [500, 2_500, 5_000, 7_500, edits];

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;
const megabytes = (bytes: number) => Number((bytes / 2 ** 20).toFixed(1));
const rows: Record<string, { readonly "heap used, MB": number; readonly "resident, MB": number }> = {};

using project = new GeneratedProject();
const analysis = createAnalysis({ root: project.folder });
analysis.refresh();
for (let edit = 1; edit <= edits; edit++) {
  const name = `src/service${70 + (edit % 7)}.ts`;
  const text = project.files[name] ?? "";
  // A nameless function that is another one each time, a line more, and now and then another level.
  const typed =
    edit % 50 === 0
      ? text.replace("@Linearizable()", "@Sequential()")
      : text.replace("/* here */", `[amount].map((each) => this.seen.increment(each + ${edit}));\n`);
  analysis.open(join(project.folder, name), edit % 14 < 7 ? typed : text);
  analysis.refresh();
  if (!looks.includes(edit)) continue;
  // What was held weakly goes with the second collection, after a turn of the event loop.
  for (let turn = 0; turn < 3; turn++) {
    collectGarbage();
    await sleep(0);
  }
  const { heapUsed, rss } = process.memoryUsage();
  rows[edit] = { "heap used, MB": megabytes(heapUsed), "resident, MB": megabytes(rss) };
}
console.log("\nMemory of the analyzer, by edits that it has seen");
console.table(rows);
