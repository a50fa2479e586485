// How much sooner two processes are through than one, and how long the largest thing takes that a person asks for at once:
// all five levels of the bank class at 10,000 seeds each, and the search for the weakest that suffices.
import { execFileSync } from "node:child_process";
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

for (const schedules of ["4000", "20000"]) {
  const one: number[] = [];
  const two: number[] = [];
  for (let i = 0; i < repetitions; i++) {
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
