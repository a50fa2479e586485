// npm run planted: looks for every planted bug, and for anything in the programs that have none. Exit code 0: all found
// and all twins hold; 1: one of them is not as it should be; 2: wrong usage.
import { writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { doAll } from "../harness/pool.js";
import { type Explored, isAsPlanted } from "./exploration.js";
import type { Done, Job } from "./job.js";
import { plantedPage } from "./page.js";
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
  const onResult = ({ job, explored }: Done): void => {
    const about = planted.get(job.id)?.about;
    const isRight =
      about !== undefined && (job.part === "broken" ? isAsPlanted(explored, about) : explored.outcome === "holds");
    if (!isRight) wrong++;
    console.log(`${isRight ? "✓" : "✗"} ${described(job, explored)}`);
    if (write && isRight) writeRecording([recordedOf(job, explored)]);
  };
  await doAll<Job, Done>({ worker, jobs, onResult, processes });
  if (write)
    writeFileSync(fileURLToPath(new URL(`../../${plantedPage.file}`, import.meta.url)), await plantedPage.make());
  console.log(`${jobs.length - wrong} of ${jobs.length} as they should be`);
  process.exitCode = wrong === 0 ? 0 : 1;
}

function recordedOf({ id, part, seed }: Job, { schedules, violations, seed: found }: Explored): Recorded {
  if (part === "correct") return { id, held: { seed, schedules } };
  return found === undefined ? { id } : { id, found: { seed: found, schedules, violations } };
}

function described({ id, part }: Job, { outcome, schedules, reason, violations, vacuous }: Explored): string {
  const what = violations.map(({ kind, name, message }) => `\n    ${kind} "${name}": ${message}`).join("");
  const why = reason === null ? "" : `: ${reason}`;
  return `${id} ${part} ${outcome} on ${schedules.toLocaleString("en-US")} (${vacuous} vacuous)${why}${what}`;
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
