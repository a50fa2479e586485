// npm run demo [-- <sample>… | --all | --list]: a tour from the finding to the failing schedule to the cure. Without a name it
// is that of the bank; somebody at a terminal may then go on with another one.
import { styleText } from "node:util";
import { isCancel, select } from "@clack/prompts";
import { build } from "./incremental-build.js";
import { runNode, seconds } from "./run.js";
import { allSamples, type Sample } from "./samples.js";

const samples = allSamples();
const words = process.argv.slice(2);
const surprises: string[] = [];
/** So long it waits for an answer. */
const patienceMs = 20_000;

if (words.includes("--list")) for (const { id, title } of samples) console.log(`${id.padEnd(28)}${title}`);
else await tour(chosen());

async function tour(picked: readonly Sample[]): Promise<void> {
  await build();
  const started = performance.now();
  for (const sample of picked) await visit(sample);
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
  if (words.includes("--all")) return samples;
  const unknown = words.filter((word) => samples.every(({ id }) => id !== word));
  if (unknown.length > 0) {
    console.error(`There is no sample "${unknown[0]}". There are: ${samples.map(({ id }) => id).join(", ")}.`);
    process.exit(2);
  }
  const wanted = words.length === 0 ? ["bank-transfer"] : words;
  return samples.filter(({ id }) => wanted.includes(id));
}

/** The finding, what breaks, and what holds, as the sample's expected.json has it. */
async function visit({ id, file, title, story, runs }: Sample): Promise<void> {
  console.log(`\n${styleText("bold", title)}  ${styleText("dim", `samples/${id}/README.md`)}\n\n${story}`);
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
  const { status } = await runNode("server/bin/faultline.mjs", parameters);
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
        ...samples.filter(({ id }) => !visited.has(id)).map(({ id, title }) => ({ value: id, label: title, hint: id })),
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
