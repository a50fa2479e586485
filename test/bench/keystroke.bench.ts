// What a key stroke costs the analyzer itself, in a linked project: services of one domain import one another,
// all through one barrel.
import { join } from "node:path";
import { createAnalysis } from "../../server/src/analysis/index.js";
import { annotatedCount, GeneratedProject } from "./generated-project.js";
import { printTable, type Row } from "./table.js";

const strokes = 200;

export async function measureAnalysis(): Promise<void> {
  using project = new GeneratedProject();
  measure(project.folder, project.files);
}

await measureAnalysis();

function measure(root: string, files: Readonly<Record<string, string>>): void {
  const started = performance.now();
  const analysis = createAnalysis({ root });
  const cold = analysis.refresh();
  const coldMs = performance.now() - started;
  const count = [...cold.values()].flat().length;
  /** Types a character and takes it away again, at one place of a file. */
  const typing = (name: string, at: string, typed: string): readonly number[] => {
    const file = join(root, name);
    const text = files[name] ?? "";
    const index = text.indexOf(at);
    if (index < 0) throw new Error(`${name} does not contain ${at}`);
    analysis.open(file, text);
    analysis.refresh();
    const samples: number[] = [];
    for (let stroke = 0; stroke < strokes; stroke++) {
      const next = stroke % 2 === 0 ? text.slice(0, index) + typed + text.slice(index) : text;
      const start = performance.now();
      analysis.open(file, next);
      analysis.refresh();
      samples.push(performance.now() - start);
    }
    return samples;
  };
  const rows: Row[] = [
    { what: "a method's body", values: typing("src/service77.ts", "amount); // pay", "1 + "), unit: "ms" },
    { what: "a body whose type is inferred", values: typing("src/service77.ts", "+ 0; // shown", "1 + "), unit: "ms" },
    {
      what: "a receiver that only types tell",
      values: typing("src/service77.ts", "amount); // first", "1 + "),
      unit: "ms",
    },
    {
      what: "a new operation in a body",
      values: typing("src/service77.ts", "/* here */", "await this.seen.increment();"),
      unit: "ms",
    },
    {
      what: "the level of a cell",
      values: typing("src/service77.ts", "@Linearizable() readonly stock", "// "),
      unit: "ms",
    },
    { what: "a body in a file of 4,600 lines", values: typing("src/long.ts", "amount); // pay", "1 + "), unit: "ms" },
    { what: "a file that is not annotated", values: typing("src/plain/plain7.ts", "return total", " "), unit: "ms" },
  ];
  printTable(
    `Key stroke to findings: ${annotatedCount} annotated of ${analysis.fileCount} files, ${count} findings`,
    rows,
  );
  const p95 = Object.fromEntries(rows.map(({ what, values }) => [what, Number(percentile(values, 0.95).toFixed(2))]));
  console.log("p95 in ms:", p95);
  console.log(
    `From nothing to all findings: ${Math.round(coldMs)} ms. Memory: ${Math.round(process.memoryUsage().rss / 2 ** 20)} MB.`,
  );
}

function percentile(values: readonly number[], share: number): number {
  return [...values].sort((a, b) => a - b)[Math.floor(share * values.length)] ?? Number.NaN;
}
