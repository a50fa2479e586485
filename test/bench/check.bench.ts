// How long `faultline check` takes, as a process: with nothing kept, with nothing changed since the last run, and after
// one file was edited. Wall time depends on the neighbours of a shared machine; time on the processor less so.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { GeneratedProject } from "./generated-project.js";
import { measuredProcess, type Sample } from "./processes.js";
import { printTable, type Row } from "./table.js";

const binary = fileURLToPath(new URL("../../server/bin/faultline.mjs", import.meta.url));
const runs = 5;

using project = new GeneratedProject();
mkdirSync(join(project.folder, "node_modules"));
writeFileSync(join(project.folder, "package.json"), '{ "name": "generated" }\n');

const start = measured("--version");
const cold = repeated(() => {
  rmSync(join(project.folder, "node_modules/.cache"), { recursive: true, force: true });
  return measured("check");
});
const warm = repeated(() => measured("check"));
const edited = repeated((run) => {
  writeFileSync(join(project.folder, "src/service7.ts"), `${project.files["src/service7.ts"]}// ${run}\n`);
  return measured("check");
});

printTable(`faultline check over ${Object.keys(project.files).length} files: wall time`, [
  ...rows("nothing changed", warm, "wallMs"),
  ...rows("nothing kept", cold, "wallMs"),
  ...rows("one annotated file edited", edited, "wallMs"),
]);
printTable("The same: time on the processor, of all threads", [
  ...rows("nothing changed", warm, "processorMs"),
  ...rows("nothing kept", cold, "processorMs"),
  ...rows("one annotated file edited", edited, "processorMs"),
]);
console.log(`Only to start: ${Math.round(start.wallMs)} ms.`);

function repeated(measure: (run: number) => Sample): readonly Sample[] {
  return Array.from({ length: runs }, (_, run) => measure(run));
}

function measured(...words: readonly string[]): Sample {
  return measuredProcess(project.folder, binary, words);
}

function rows(what: string, samples: readonly Sample[], of: "wallMs" | "processorMs"): readonly Row[] {
  return [{ what, values: samples.map((sample) => sample[of]), unit: "ms" }];
}
