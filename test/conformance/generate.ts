// The part of `npm run generate` that runs the simulator. With `--check` it writes nothing, fails when a page of a
// recording is stale, and leaves the measured pages to `costs.test.ts`.
import { writeFileSync } from "node:fs";
import { exhaustivePage } from "../planted/exhaustive-page.js";
import { plantedPage } from "../planted/page.js";
import { shrinkingPage } from "../planted/shrinking-page.js";
import { costPages, pathOf, recordedPage, textOf } from "./pages.js";

const isCheck = process.argv.includes("--check");
const recordedPages = [recordedPage, plantedPage, exhaustivePage, shrinkingPage];
for (const { file, make } of isCheck ? recordedPages : [...recordedPages, ...costPages]) {
  const text = await make();
  if (text === textOf(file)) continue;
  if (isCheck) {
    console.error(`${file} is stale: run npm run generate`);
    process.exitCode = 1;
  } else {
    writeFileSync(pathOf(file), text);
    console.log(`wrote ${file}`);
  }
}
