// How long after the command the editor shows the first failing schedule of the mixed transfer, over the server's real
// standard streams, while the rest of 1,000 schedules still runs.
import { readFileSync } from "node:fs";
import { Editor } from "../lsp/editor.js";
import { Project } from "../lsp/project.js";
import { printTable } from "./table.js";

const repetitions = 9;
const name = "bank-transfer.ts";
const source = readFileSync(new URL("../../samples/bank-transfer/bank-transfer.ts", import.meta.url), "utf8");

using project = new Project({ [name]: source });
const started = performance.now();
await using editor = await Editor.start(project);
await editor.open(name);
const openMs = performance.now() - started;
const samples: { readonly shownMs: number; readonly wholeMs: number }[] = [];
for (let i = 0; i < repetitions; i++) samples.push(await measure());
const [first, ...warm] = samples;
if (first === undefined) throw new Error("nothing was measured");
printTable("Command to first failing schedule on its line, in the editor", [
  { what: "server that has simulated before", values: warm.map(({ shownMs }) => shownMs), unit: "ms" },
  { what: "its first simulation", values: [first.shownMs], unit: "ms" },
  { what: "the same, with the start of the server", values: [first.shownMs + openMs], unit: "ms" },
  { what: "all 1,000 schedules, warm", values: warm.map(({ wholeMs }) => wholeMs), unit: "ms" },
]);

async function measure() {
  const begun = performance.now();
  const whole = editor.simulate(name, "splitBank", { schedules: 1_000 });
  // What the last run said is taken back first.
  await editor.until(name, (found) => !found.some(isSimulated));
  await editor.until(name, (found) => found.some(isSimulated));
  const shownMs = performance.now() - begun;
  await whole;
  return { shownMs, wholeMs: performance.now() - begun };
}

function isSimulated({ message }: { readonly message: unknown }): boolean {
  return String(message).includes("money is conserved");
}
