import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

export const annotatedCount = 160;
const plainCount = 3_240;

/** A linked project of 3,400 files on disk: services of one domain import one another, all through one barrel. */
export class GeneratedProject implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), "faultline-bench-"));
  readonly files = generatedFiles();

  constructor() {
    for (const [name, text] of Object.entries(this.files)) {
      mkdirSync(dirname(join(this.folder, name)), { recursive: true });
      writeFileSync(join(this.folder, name), text);
    }
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
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
