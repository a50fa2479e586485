// npm test: build, check, unit tests, then the extension in a real VS Code. The last line is what CI reads.
// `npm test unit …` and `npm test extension` run one part; what follows `unit` goes to vitest (a path, --update).
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { check } from "./checks.js";
import { build } from "./incremental-build.js";
import { root, runNode, runScript, seconds } from "./run.js";

interface Tally {
  readonly passed: number;
  readonly failed: number;
}

const [only, ...parameters] = process.argv.slice(2);
if (only !== undefined && only !== "unit" && only !== "extension") {
  console.error(`Unknown part "${only}". Usage: npm test [-- unit [vitest options] | extension]`);
  process.exit(2);
}

const tallies: Tally[] = [];
await part("build", async () => {
  await build();
  return undefined;
});
const isBuilt = tallies.every((tally) => tally.failed === 0);
if (isBuilt && only === undefined) {
  await part("check", async () => ((await check({ withoutTests: true })) ? undefined : { passed: 0, failed: 1 }));
}
if (isBuilt && only !== "extension") await part("unit tests", unitTests);
if (isBuilt && only !== "unit") await part("extension tests", extensionTests);

const passed = tallies.reduce((sum, tally) => sum + tally.passed, 0);
const failed = tallies.reduce((sum, tally) => sum + tally.failed, 0);
process.exitCode = failed === 0 ? 0 : 1;
console.log(`${passed} passed, ${failed} failed`);

/** A part that cannot run to its end counts as one failure, so that the sum never looks better than it is. */
async function part(name: string, run: () => Promise<Tally | undefined>): Promise<void> {
  const started = performance.now();
  console.log(`\n── ${name}`);
  try {
    const tally = await run();
    if (tally !== undefined) tallies.push(tally);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    tallies.push({ passed: 0, failed: 1 });
  }
  console.log(`── ${name}: ${seconds(started)}`);
}

async function unitTests(): Promise<Tally> {
  const file = freshResults("vitest.json");
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
  const { status } = await runNode("node_modules/vitest/vitest.mjs", ["run", ...reporters, ...parameters]);
  if (!existsSync(file)) throw new Error(`vitest ended with ${status} and left no results.`);
  const results = JSON.parse(readFileSync(file, "utf8")) as { numPassedTests: number; numFailedTests: number };
  return tallyOf(results.numPassedTests, results.numFailedTests, status);
}

async function extensionTests(): Promise<Tally> {
  const file = freshResults("mocha.json");
  const { status } = await runScript("test/extension/run.ts", ["--results", file]);
  if (!existsSync(file)) throw new Error(`The extension tests ended with ${status} and left no results.`);
  const results = JSON.parse(readFileSync(file, "utf8")) as { stats: { passes: number; failures: number } };
  return tallyOf(results.stats.passes, results.stats.failures, status);
}

/** A runner that fails without a failing test (a file that does not load, an error after the last test) still failed. */
function tallyOf(passed: number, failed: number, status: number): Tally {
  return { passed, failed: status !== 0 && failed === 0 ? 1 : failed };
}

function freshResults(name: string): string {
  const folder = join(root, ".cache/results");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, name);
  rmSync(file, { force: true });
  return file;
}
