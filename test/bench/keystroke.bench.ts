// What a key stroke costs the analyzer itself, in a linked project: services of one domain import one another,
// all through one barrel.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createAnalysis } from "../../server/src/analysis/index.js";
import { printTable, type Row } from "./table.js";

const annotatedCount = 160;
const plainCount = 3_240;
const strokes = 200;

export async function measureAnalysis(): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), "faultline-bench-"));
  try {
    const files = generatedFiles();
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, name)), { recursive: true });
      writeFileSync(join(root, name), text);
    }
    measure(root, files);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
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

function generatedFiles(): Readonly<Record<string, string>> {
  const files: Record<string, string> = {
    "tsconfig.json": '{ "compilerOptions": { "strict": true } }\n',
    "src/long.ts": service("Long", 650, 1),
    "src/index.ts": Array.from(
      { length: annotatedCount - 1 },
      (_, index) => `export * from "./service${index}.js";\n`,
    ).join(""),
  };
  for (let index = 0; index < annotatedCount - 1; index++)
    files[`src/service${index}.ts`] = service(`Service${index}`, 6, index);
  for (let index = 0; index < plainCount; index++) files[`src/plain/plain${index}.ts`] = plain(index);
  return files;
}

function service(name: string, methods: number, index: number): string {
  // Domains of eight services that use one another in a ring; domains do not know each other.
  const domain = index - (index % 8);
  const other = `Service${domain + ((index + 1) % Math.min(8, annotatedCount - 1 - domain))}`;
  const sound = Array.from(
    { length: methods },
    (_, each) => `
  @Transaction()
  async move${each}(to: ${other}, amount: number): Promise<void> {
    await this.stock.update((stock) => stock - amount);
    await to.add(amount);
  }
`,
  );
  return `import { Available, Eventual, Linearizable, Replicated, Transaction, counter, open, register } from "@faultline/runtime";
import { ${other} } from "./index.js";

@Replicated()
export class ${name} {
  @Linearizable() readonly stock = register(10);
  @Eventual() readonly seen = counter();
${sound.join("")}
  async add(amount: number): Promise<void> {
    await this.stock.update((stock) => stock + amount); // pay
    /* here */
  }

  @Transaction()
  async look(amount: number): Promise<void> {
    await this.stock.update((stock) => stock - amount);
    await this.seen.increment(amount);
  }

  async shown() {
    return (await this.seen.read()) + 0; // shown
  }

  @Available()
  async any(ids: readonly string[], amount: number): Promise<void> {
    const all = ids.map((id) => open(${other}, id));
    await first${index}(all).add(amount); // first
  }
}

function first${index}<T>(items: readonly T[]): T {
  const found = items.filter((_, at) => at === 0);
  return found[0] as T;
}
`;
}

function plain(index: number): string {
  const imported = index === 0 ? "" : `import { sum${index - 1} } from "./plain${index - 1}.js";\n`;
  const lines = Array.from(
    { length: 60 },
    (_, line) => `  if (values.length > ${line}) total += values[${line}] ?? 0;`,
  );
  return `${imported}
export function sum${index}(values: readonly number[]): number {
  let total = ${index === 0 ? "0" : `sum${index - 1}(values)`};
${lines.join("\n")}
  return total;
}
`;
}
