// Schedules a second of the bank sample, verdict included: what a click on the lens waits for. One child, one core.
import { execFileSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { printTable } from "./table.js";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const repetitions = 5;

interface Run {
  readonly schedules: number;
  readonly wallMs: number;
}

function schedulesPerSecond(target: string): number {
  const parameters = [
    "simulate",
    `samples/bank-transfer/bank-transfer.ts#${target}`,
    "--schedules",
    "1000",
    "--format",
    "json",
  ];
  const { runs } = JSON.parse(faultline(parameters)) as { runs: readonly Run[] };
  const [run] = runs;
  if (run === undefined) throw new Error(`There was no run of ${target}.`);
  return (run.schedules / run.wallMs) * 1_000;
}

/** Violations end with exit code 1, which is no failure here. */
function faultline(parameters: readonly string[]): string {
  const options = { cwd: root, encoding: "utf8", maxBuffer: 1 << 26 } as const;
  try {
    return execFileSync(process.execPath, [join(root, "server/bin/faultline.mjs"), ...parameters], options);
  } catch (error) {
    const { status, stdout } = error as { status: number; stdout: string };
    if (status !== 1) throw error;
    return stdout;
  }
}

const values = (target: string): readonly number[] =>
  Array.from({ length: repetitions }, () => schedulesPerSecond(target));

printTable("Bank sample under a partition, 1,000 schedules, wall time of the command", [
  { what: "splitBankFixed (holds)", values: values("splitBankFixed"), unit: "schedules/s" },
  { what: "splitBank (violated, so replayed as well)", values: values("splitBank"), unit: "schedules/s" },
]);
