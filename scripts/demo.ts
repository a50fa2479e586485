// npm run demo [-- <sample>… | --all | --list]: a tour from the finding to the failing schedule to the cure. Without a name it
// is that of the bank; somebody at a terminal may then go on with another one.
import { styleText } from "node:util";
import { isCancel, select } from "@clack/prompts";
import { nearest } from "../server/src/configuration/nearest.js";
import { wrap } from "../server/src/simulate/wrap.js";
import { build } from "./incremental-build.js";
import { runNode, seconds } from "./run.js";
import { allSamples, type Sample } from "./samples.js";

const usage = `npm run demo                  the tour of the bank, then of whatever is asked for
npm run demo -- <sample>…     that of other samples
npm run demo -- --all         that of all, one after the other
npm run demo -- --list        what there is`;

const samples = allSamples();
const words = process.argv.slice(2);
const surprises: string[] = [];
/** So long it waits for an answer. */
const patienceMs = 20_000;

if (words.includes("--help") || words.includes("-h")) console.log(usage);
else if (words.includes("--list")) console.log(samples.map(listed).join("\n"));
else await tour(chosen());

async function tour(picked: readonly Sample[]): Promise<void> {
  await build();
  const started = performance.now();
  for (const [index, sample] of picked.entries())
    await visit(sample, picked.length > 1 ? `  ${index + 1} of ${picked.length}` : "");
  // Whoever asked for something has got it.
  if (words.length === 0) await goOn();
  console.log();
  if (surprises.length === 0)
    console.log(
      `As expected, in ${seconds(started)}. All samples: npm run demo -- --list. Next: README.md, "Five minutes".`,
    );
  for (const surprise of surprises) console.error(surprise);
  process.exitCode = surprises.length === 0 ? 0 : 1;
}

function chosen(): readonly Sample[] {
  const ids = samples.map(({ id }) => id);
  const unknown = words.find((word) => word !== "--all" && !ids.includes(word));
  if (unknown !== undefined) {
    const isOption = unknown.startsWith("-");
    const meant = nearest(unknown, isOption ? ["--all", "--list"] : ids);
    console.error(
      `There is no ${isOption ? "option" : "sample"} "${unknown}".${meant === undefined ? "" : ` Did you mean ${meant}?`}`,
    );
    console.error(`\n${usage}`);
    process.exit(2);
  }
  if (words.includes("--all")) return samples;
  return samples.filter(({ id }) => (words.length === 0 ? ["bank-transfer"] : words).includes(id));
}

function listed({ id, wrong }: Sample): string {
  const indent = Math.max(...samples.map((each) => each.id.length)) + 2;
  return wrap(wrong, width() - indent)
    .map((line, index) => `${(index === 0 ? id : "").padEnd(indent)}${line}`)
    .join("\n");
}

/** As reports have it: at least 60 columns, and 120 where there is no terminal. */
function width(): number {
  return process.stdout.isTTY ? Math.max(60, process.stdout.columns) : 120;
}

/** The finding, what breaks, and what holds, as the sample's expected.json has it. */
async function visit({ id, file, title, story, runs }: Sample, position = ""): Promise<void> {
  console.log(`\n${styleText("bold", title)}  ${styleText("dim", `samples/${id}/README.md${position}`)}\n`);
  console.log(wrap(story, width()).join("\n"));
  await step("What the check says of it:", ["check", file]);
  const broken = runs.filter(({ outcome }) => outcome === "violated");
  const held = runs.filter(({ outcome }) => outcome === "holds");
  for (const { target } of broken)
    await step(
      "On simulated replicas, under 1,000 schedules; shown is the smallest that fails:",
      ["simulate", target],
      1,
    );
  for (const { target } of held) {
    const what = target.endsWith("Measured") ? "What is measured of it:" : "The cure, under the same schedules:";
    await step(what, ["simulate", target], 0);
  }
}

/** Without an expected exit code: what a check finds is held by a test, a sample may have no finding. */
async function step(explanation: string, parameters: readonly string[], expected?: 0 | 1): Promise<void> {
  console.log(`\n${styleText("bold", explanation)}`);
  console.log(`${styleText("dim", `$ npx faultline ${parameters.join(" ")}`)}\n`);
  // Ctrl-C is for the command, which says what it knows so far; then the tour is over, too.
  let isStopped = false;
  const stop = (): void => {
    isStopped = true;
  };
  process.once("SIGINT", stop);
  const { status } = await runNode("server/bin/faultline.mjs", parameters);
  process.off("SIGINT", stop);
  if (isStopped) process.exit(130);
  if (expected === undefined ? status > 1 : status !== expected)
    surprises.push(`Expected exit code ${expected ?? "0 or 1"}, got ${status}: faultline ${parameters.join(" ")}`);
}

/** Asks for another sample, until somebody has had enough. Nobody is asked where nobody can answer, nor for ever. */
async function goOn(): Promise<void> {
  const visited = new Set(["bank-transfer"]);
  while (process.stdin.isTTY && process.stdout.isTTY && process.env["CI"] === undefined) {
    const id = await select({
      message: `Another one? (Without an answer this ends in ${patienceMs / 1_000} s.)`,
      options: [
        { value: "", label: "No, that is enough" },
        ...samples
          .filter(({ id }) => !visited.has(id))
          .map(({ id, title, wrong }) => ({ value: id, label: title, hint: wrong })),
      ],
      maxItems: 12,
      signal: AbortSignal.timeout(patienceMs),
    });
    const sample = samples.find((each) => each.id === id);
    if (isCancel(id) || sample === undefined) return;
    visited.add(sample.id);
    await visit(sample);
  }
}
