// How much sooner two processes are through than one, beside two that only compute, and how long the largest thing takes
// that a person asks for at once: all five levels of the bank class at 10,000 seeds each, and the search for the weakest
// that suffices.
//
// One process of ours never was alone on one core: V8 compiles and collects on others. And each process compiles the
// program anew, some two seconds of a core. So the speed-up grows with the schedules, up to that of the peer.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { printTable } from "./table.js";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const bank = "samples/bank-transfer/bank-transfer.ts";
const repetitions = 3;

function seconds(words: readonly string[]): number {
  const started = performance.now();
  try {
    execFileSync(process.execPath, [join(root, "server/bin/faultline.mjs"), ...words], { cwd: root, stdio: "pipe" });
  } catch (error) {
    // Violations end with exit code 1, which is no failure here.
    if ((error as { readonly status: number }).status !== 1) throw error;
  }
  return (performance.now() - started) / 1_000;
}

/** Processes that share a count of additions, and nothing else: what this machine can give. */
async function computing(processes: number): Promise<number> {
  const program = `let sum = 0; for (let i = 0; i < ${4e9 / processes}; i++) sum = (sum + i) | 0; process.exitCode = sum * 0`;
  const started = performance.now();
  await Promise.all(
    Array.from({ length: processes }, () => once(spawn(process.execPath, ["--eval", program]), "close")),
  );
  return (performance.now() - started) / 1_000;
}

const alone: number[] = [];
const together: number[] = [];
for (let i = 0; i < repetitions; i++) {
  alone.push(await computing(1));
  together.push(await computing(2));
}
printTable("The peer: four thousand million additions", [
  { what: "one process", values: alone, unit: "s" },
  { what: "two processes", values: together, unit: "s" },
]);

for (const schedules of ["4000", "20000", "100000"]) {
  const one: number[] = [];
  const two: number[] = [];
  for (let i = 0; i < (schedules === "100000" ? 1 : repetitions); i++) {
    one.push(seconds(["simulate", `${bank}#splitBankFixed`, "--schedules", schedules, "--processes", "1"]));
    two.push(seconds(["simulate", `${bank}#splitBankFixed`, "--schedules", schedules, "--processes", "2"]));
  }
  printTable(`${schedules} schedules of the bank's scenario, whole command`, [
    { what: "one process", values: one, unit: "s" },
    { what: "two processes", values: two, unit: "s" },
  ]);
}

printTable("The bank class at five levels, 10,000 seeds each, and the search for the weakest", [
  {
    what: "faultline compare",
    values: [seconds(["compare", `${bank}#SafeAccount`, "--schedules", "10000"])],
    unit: "s",
  },
]);
