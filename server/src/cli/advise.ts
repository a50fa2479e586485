import { dirname } from "node:path";
import process from "node:process";
import { type Command, InvalidArgumentError } from "commander";
import {
  cloudRegions,
  findRegion,
  regions as knownRegions,
  placeOf,
} from "../../../runtime/src/advice/latency/index.js";
import { type AdviseResult, advise, usualOperationsPerSecond, usualSchedules } from "../advise/index.js";
import { nearest, type Regions } from "../configuration/index.js";
import { configurationOf } from "./configuration.js";
import { ExitCode, UsageError } from "./exit.js";
import { Progress } from "./progress.js";
import { atLeast, interruptible, parseTarget, refuseImpossible, wallMs } from "./run-options.js";

interface Options {
  readonly ops: number;
  readonly regions?: Regions;
  readonly availability?: number;
  readonly schedules: number;
  readonly seed: number;
  readonly timeout?: number;
  readonly processes?: number;
  readonly format: "markdown" | "json";
}

export function registerAdvise(program: Command): void {
  program
    .command("advise")
    .summary("write down which level each field needs, and why")
    .description(
      "Writes a decision record for a class: what each field holds, what every level costs, how long it takes between the " +
        "regions and how often it answers, what simulation found, and which level follows from that.",
    )
    .argument("<target>", "file#Class")
    .option("--ops <n>", "operations a second on each field", atLeast(0), usualOperationsPerSecond)
    .option("--regions <a,b,c>", "where the replicas are; as configured, else nyc, london and tokyo", regions)
    .option("--availability <p>", "share of operations that has to be answered: 0.999 or 99.9%", availability)
    .option("--schedules <n>", "schedules for each assignment of levels", atLeast(1), usualSchedules)
    .option("--seed <n>", "seed of the first schedule; schedule i has seed + i − 1", atLeast(0), 1)
    .option("--timeout <ms>", "wall time of the whole command", wallMs)
    .option("--processes <n>", "processes that share the schedules; one a core unless given", atLeast(1))
    .option("--format <format>", "markdown or json", format, "markdown")
    .action(adviseCommand);
}

async function adviseCommand(target: string, options: Options): Promise<void> {
  const { file, name } = parseTarget(target);
  if (name === undefined)
    throw new UsageError(`"${target}" names no class.`, "Write file#Class: a record is about one class at a time.");
  const { schedules, seed, processes } = options;
  refuseImpossible(seed, schedules);
  const configured = await configurationOf(file);
  const { createAnalysis } = await import("../analysis/index.js");
  const progress = new Progress(process.stderr);
  try {
    const result = await interruptible(options.timeout, (signal) =>
      advise({
        ...{ file, name, schedules, seed, processes, signal, cwd: process.cwd() },
        analysis: createAnalysis({ root: dirname(file), paths: [file] }),
        regions: options.regions ?? configured.regions,
        operationsPerSecond: options.ops,
        availability: options.availability,
        onProgress: (each) => progress.show(each),
        onOutput: (text) => progress.print(text),
      }),
    );
    progress.clear();
    const { document, markdown } = result;
    process.stdout.write(options.format === "json" ? `${JSON.stringify(document, null, 2)}\n` : markdown);
    process.exitCode = exitCodes[result.outcome];
  } finally {
    progress.clear();
  }
}

/** As for `compare`: breaking at weak levels is what is asked about. */
const exitCodes: Readonly<Record<AdviseResult["outcome"], number>> = {
  found: ExitCode.clean,
  none: ExitCode.found,
  unknown: ExitCode.unknown,
};

/** What `--regions` takes: names, each once. */
function regions(text: string): Regions {
  const names = text.split(",").map((name) => name.trim());
  const places = names.map((name) => {
    if (findRegion(name) !== undefined || cloudRegions.has(name)) return placeOf(name);
    const cities = knownRegions.map((each) => each.name);
    const meant = nearest(name, [...cities, ...cloudRegions.keys()]);
    throw new InvalidArgumentError(
      `There is no region "${name}". ${meant === undefined ? `Name some of ${cities.join(", ")}, or what a cloud calls them.` : `Did you mean ${meant}?`}`,
    );
  });
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new InvalidArgumentError(`The region ${twice} is named twice. Name each once.`);
  return { places, areDefault: false };
}

/** What `--availability` takes: a share, or per cent with the sign. */
function availability(text: string): number {
  const [, digits = "", sign] = /^(\d+(?:\.\d+)?)(%?)$/.exec(text) ?? [];
  // 99.9 ÷ 100 is no 0.999 to the last bit.
  const share =
    digits === "" ? Number.NaN : sign === "%" ? Number((Number(digits) / 100).toPrecision(12)) : Number(digits);
  if (share >= 0 && share <= 1) return share;
  throw new InvalidArgumentError("It has to be a share such as 0.999, or per cent such as 99.9%.");
}

function format(text: string): Options["format"] {
  if (text === "markdown" || text === "json") return text;
  throw new InvalidArgumentError("It has to be markdown or json.");
}
