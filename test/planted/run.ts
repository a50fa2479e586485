// npm run planted: looks for every planted bug, and for anything in the programs that have none. Exit code 0: all found
// and all twins hold; 1: one of them is not as it should be; 2: wrong usage.
import { writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { doAll } from "../harness/pool.js";
import { isAsPlanted } from "./exploration.js";
import type { Done, Job } from "./job.js";
import { plantedPage, sizesOf } from "./page.js";
import { allPlanted, ids } from "./planted.js";
import { type Recorded, writeRecording } from "./recording.js";

const usage = `Usage: npm run planted -- [options]
  --seed N         first seed; schedule i has seed N + i − 1 (default 1)
  --schedules n    schedules of each correct program (default 1000)
  --within n       schedules in which a bug has to be found (default 1000)
  --only id        this program alone; may be given several times
  --part p         broken or correct: these programs alone
  --processes n    processes at a time (default: one a core)
  --write          write what is found to test/planted/recording.jsonl and docs/planted-bugs.md`;

async function main(): Promise<void> {
  const { seed, schedules, within, only, part, processes, write } = options();
  const planted = new Map((await allPlanted()).map((each) => [each.id, each]));
  const chosen = only.length > 0 ? only : ids;
  const broken = chosen.map((id): Job => ({ id, part: "broken", seed, schedules: within }));
  const correct = chosen.map((id): Job => ({ id, part: "correct", seed, schedules }));
  const jobs = [...(part === "correct" ? [] : broken), ...(part === "broken" ? [] : correct)];
  console.log(`Programs: ${chosen.length} · seed ${seed} · twins on ${schedules.toLocaleString("en-US")} schedules`);
  let wrong = 0;
  const worker = fileURLToPath(new URL("worker.ts", import.meta.url));
  const times: number[] = [];
  const onResult = (done: Done): void => {
    const { job, explored, shrunk } = done;
    if (shrunk !== undefined) times.push(shrunk.wallMs);
    const about = planted.get(job.id)?.about;
    const isRight =
      about !== undefined && (job.part === "broken" ? isAsPlanted(explored, about) : explored.outcome === "holds");
    if (!isRight) wrong++;
    console.log(`${isRight ? "✓" : "✗"} ${described(done)}`);
    if (write && isRight) writeRecording([recordedOf(done)]);
  };
  await doAll<Job, Done>({ worker, jobs, onResult, processes });
  if (write)
    writeFileSync(fileURLToPath(new URL(`../../${plantedPage.file}`, import.meta.url)), await plantedPage.make());
  if (times.length > 0) console.log(`Made smaller within ${summaryOf(times)}`);
  console.log(`${jobs.length - wrong} of ${jobs.length} as they should be`);
  process.exitCode = wrong === 0 ? 0 : 1;
}

function recordedOf({ job, explored, shrunk }: Done): Recorded {
  const { id, part, seed } = job;
  const { schedules, violations, seed: found } = explored;
  if (part === "correct") return { id, held: { seed, schedules } };
  if (found === undefined || shrunk === undefined) return { id };
  const { wallMs: _, ...size } = shrunk;
  return { id, found: { seed: found, schedules, violations, shrunk: size } };
}

function described({ job: { id, part }, explored, shrunk }: Done): string {
  const { outcome, schedules, reason, violations, vacuous } = explored;
  const what = violations.map(({ kind, name, message }) => `\n    ${kind} "${name}": ${message}`).join("");
  const why = reason === null ? "" : `: ${reason}`;
  const size = shrunk === undefined ? "" : `\n    ${sizesOf(shrunk)}; ${Math.round(shrunk.wallMs)} ms`;
  return `${id} ${part} ${outcome} on ${schedules.toLocaleString("en-US")} (${vacuous} vacuous)${why}${what}${size}`;
}

function summaryOf(times: readonly number[]): string {
  const sorted = [...times].sort((a, b) => a - b).map(Math.round);
  return `${sorted[Math.floor(sorted.length / 2)]} ms (median), ${sorted.at(-1)} ms at most`;
}

function options() {
  try {
    const { values } = parseArgs({
      options: {
        seed: { type: "string", default: "1" },
        schedules: { type: "string", default: "1000" },
        within: { type: "string", default: "1000" },
        only: { type: "string", multiple: true, default: [] },
        part: { type: "string" },
        processes: { type: "string", default: String(availableParallelism()) },
        write: { type: "boolean", default: false },
      },
    });
    const unknown = values.only.find((id) => !ids.includes(id));
    if (unknown !== undefined) stop(`There is no "${unknown}": ${ids.join(", ")}.`);
    const seed = count("--seed", values.seed, 0);
    const schedules = count("--schedules", values.schedules, 1);
    const processes = count("--processes", values.processes, 1);
    if (values.part !== undefined && values.part !== "broken" && values.part !== "correct")
      stop(`--part ${values.part}: broken or correct.`);
    return { ...values, seed, schedules, processes, within: count("--within", values.within, 1) };
  } catch (error) {
    return stop((error as Error).message);
  }
}

function count(option: string, text: string, least: number): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < least) stop(`${option} ${text}: a whole number, ${least} or more.`);
  return value;
}

function stop(message: string): never {
  console.error(`${message}\n\n${usage}`);
  process.exit(2);
}

await main();
