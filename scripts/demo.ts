// npm run demo: the path through the product, from finding to failing schedule to cure, on the bank sample.
import { styleText } from "node:util";
import { build } from "./incremental-build.js";
import { runNode, seconds } from "./run.js";

interface Step {
  readonly explanation: string;
  readonly parameters: readonly string[];
  /** 0: clean or holds, 1: findings or violations (the exit codes of the command line). */
  readonly expectedStatus: 0 | 1;
  readonly expectation: string;
}

const sample = "samples/bank-transfer/bank-transfer.ts";

const steps: readonly Step[] = [
  {
    explanation:
      "`transfer` debits a linearizable balance and credits an eventual register in one transaction. The check says so:",
    parameters: ["check", sample],
    expectedStatus: 1,
    expectation: "findings in the bad transfer",
  },
  {
    explanation:
      "The same code on three simulated replicas, with New York cut off from London and Tokyo. Money is lost; what is " +
      "shown is the smallest schedule in which it is:",
    parameters: ["simulate", `${sample}#splitBank`],
    expectedStatus: 1,
    expectation: "a schedule that loses money",
  },
  {
    explanation:
      "The cure keeps both sides of the transfer linearizable. The same partition, the same 1,000 schedules:",
    parameters: ["simulate", `${sample}#splitBankFixed`],
    expectedStatus: 0,
    expectation: "1,000 schedules that hold",
  },
];

await build();
const started = performance.now();
const surprises: string[] = [];
for (const [index, step] of steps.entries()) {
  console.log(`\n${styleText("bold", `${index + 1}. ${step.explanation}`)}`);
  console.log(styleText("dim", `$ npx faultline ${step.parameters.join(" ")}`));
  console.log();
  const { status } = await runNode("server/bin/faultline.mjs", step.parameters);
  if (status !== step.expectedStatus) {
    surprises.push(
      `Expected ${step.expectation} (exit code ${step.expectedStatus}), got exit code ${status}: faultline ${step.parameters.join(" ")}`,
    );
  }
}
console.log();
if (surprises.length === 0) console.log(`As expected, in ${seconds(started)}. Next: README.md, "Five minutes".`);
for (const surprise of surprises) console.error(surprise);
process.exitCode = surprises.length === 0 ? 0 : 1;
