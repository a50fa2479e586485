// How long after a key stroke the editor has its diagnostics, over the server's real standard streams.
import { existsSync, readFileSync } from "node:fs";
import type { Diagnostic } from "vscode-languageserver-protocol/node";
import { Editor } from "../lsp/editor.js";
import { Project } from "../lsp/project.js";

const fileCount = 3_400;
const annotatedCount = 160;
const strokes = 300;

/** Prints a table of milliseconds. The project is generated: 3,400 files, 160 of them annotated, one of them long. */
export async function measureKeyStrokes(): Promise<void> {
  using project = new Project(generatedFiles());
  const started = performance.now();
  await using editor = await Editor.start(project);
  await editor.open("service0.ts");
  const coldMs = performance.now() - started;
  const rows = [
    { file: "annotated", ...(await published(editor, "service1.ts")) },
    { file: "annotated, 4,600 lines", ...(await published(editor, "long.ts")) },
    { file: "not annotated", ...(await settled(editor, "plain0.ts")) },
    { file: "the same without a key stroke", ...(await settled(editor, "plain1.ts", "unedited")) },
  ];
  console.table(rows);
  console.log(
    `From start to the first diagnostics: ${Math.round(coldMs)} ms. ${fileCount} files, ${strokes} key strokes each.`,
    `Memory of the server afterwards: ${residentMegabytes(editor) ?? "unknown"} MB.`,
  );
}

await measureKeyStrokes();

/** Key stroke → `publishDiagnostics`: each stroke moves the finding by a column, so each has an answer. */
async function published(editor: Editor, name: string): Promise<Percentiles> {
  await editor.open(name);
  const column = (found: readonly Diagnostic[]) => found[0]?.range.start.character;
  let expected = column(await editor.until(name, (found) => found.length > 0)) ?? 0;
  const samples: number[] = [];
  for (let stroke = 0; stroke < strokes; stroke++) {
    const typed = stroke % 2 === 0;
    expected += typed ? 1 : -1;
    const start = performance.now();
    if (typed) await editor.edit(name, "    await this.seen.", "     await this.seen.");
    else await editor.edit(name, "     await this.seen.", "    await this.seen.");
    await editor.until(name, (found) => column(found) === expected);
    samples.push(performance.now() - start);
  }
  return percentiles(samples);
}

/** Where nothing is found nothing is published; an answer to a later request says that the stroke has been dealt with. */
async function settled(editor: Editor, name: string, typing: "edited" | "unedited" = "edited"): Promise<Percentiles> {
  await editor.open(name);
  const samples: number[] = [];
  for (let stroke = 0; stroke < strokes; stroke++) {
    const start = performance.now();
    if (typing === "edited") await editor.edit(name, "total", "total");
    await editor.lenses(name);
    samples.push(performance.now() - start);
  }
  return percentiles(samples);
}

interface Percentiles {
  readonly p50Ms: number;
  readonly p95Ms: number;
}

function percentiles(samples: readonly number[]): Percentiles {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (share: number) => Number((sorted[Math.floor(share * sorted.length)] ?? 0).toFixed(1));
  return { p50Ms: at(0.5), p95Ms: at(0.95) };
}

/** Only Linux says so in a file. */
function residentMegabytes({ process: { pid } }: Editor): number | undefined {
  const status = `/proc/${pid}/status`;
  const kilobytes = existsSync(status) ? /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(status, "utf8"))?.[1] : undefined;
  return kilobytes === undefined ? undefined : Math.round(Number(kilobytes) / 1024);
}

function generatedFiles(): Readonly<Record<string, string>> {
  const files: Record<string, string> = { "long.ts": service("Long", 660) };
  for (let index = 0; index < annotatedCount - 1; index++) files[`service${index}.ts`] = service(`Service${index}`, 6);
  for (let index = 0; index < fileCount - annotatedCount; index++) files[`plain${index}.ts`] = plain(index);
  return files;
}

function service(name: string, methods: number): string {
  const sound = Array.from(
    { length: methods },
    (_, index) => `
  @Transaction()
  async move${index}(to: ${name}, amount: number): Promise<void> {
    await this.stock.update((stock) => stock - amount);
    await to.stock.update((stock) => stock + amount);
  }
`,
  );
  return `import { Eventual, Linearizable, Replicated, register, Transaction } from "@faultline/runtime";

@Replicated()
export class ${name} {
  @Linearizable() readonly stock = register(10);
  @Eventual() readonly seen = register(0);
${sound.join("")}
  @Transaction()
  async look(): Promise<void> {
    await this.stock.update((stock) => stock - 1);
    await this.seen.update((seen) => seen + 1);
  }
}
`;
}

function plain(index: number): string {
  const imported = index === 0 ? "" : `import { sum${index - 1} } from "./plain${index - 1}.js";\n`;
  const call = index === 0 ? "0" : `sum${index - 1}(values)`;
  const lines = Array.from(
    { length: 60 },
    (_, line) => `  if (values.length > ${line}) total += values[${line}] ?? 0;`,
  );
  return `${imported}
export function sum${index}(values: readonly number[]): number {
  let total = ${call};
${lines.join("\n")}
  return total;
}
`;
}
