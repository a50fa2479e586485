import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import * as fc from "fast-check";
import { ts } from "ts-morph";
import { describe, expect, it } from "vitest";
import { createAnalysis } from "../../index.js";
import { members, type Program, programOf, readingFunctions, reads } from "./programs.js";

/**
 * A twin that knows nothing of syntax: it runs a program several times, each time with another value in one cell. If what a
 * write cell receives differs, the value or a condition has reached it, and one of the two rules has to say so.
 */
describe("flows from reads to writes", () => {
  it("finds every one that running the program shows", async () => {
    let shown = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(9_999), { minLength: 60, maxLength: 200, size: "max" }), async (tape) => {
        const program = programOf(tape);
        const run = compile(program);
        for (const read of reads) {
          const observed = await writesThatDependOn(run, read);
          if (observed.length === 0) continue;
          shown += observed.length;
          const found = foundWrites(program, read);
          const { body, afterwards } = program;
          const missed = observed.filter((write) => !found.has(write));
          expect({ read, missed, body, afterwards }).toEqual({ read, missed: [], body, afterwards });
        }
      }),
      { numRuns: 60, seed: 11 },
    );
    expect(shown).toBeGreaterThan(30);
  });
});

const preamble = 'import { Eventual, Linearizable, type Register, Replicated, register } from "@faultline/runtime";\n';
const maybe = "const maybe = (a: number): number | undefined => (a > 2 ? undefined : a);\n";

function source({ body, afterwards, writes }: Program, weak: string): string {
  const cells = [
    ...reads.map((name) => `@${name === weak ? "Eventual" : "Linearizable"}() readonly ${name} = register(0);`),
    ...writes.map((name) => `@Linearizable() readonly ${name} = register(0);`),
  ];
  return `${preamble}${readingFunctions}${maybe}
@Replicated()
export class Subject {
${cells.join("\n")}
${members}
${methods(body, afterwards)}
}
`;
}

function methods(body: string, afterwards: string): string {
  return `async run(): Promise<void> {\n${body}\n}
async later(): Promise<void> {\n${afterwards}\n}
async all(): Promise<void> {
try { await this.run(); } finally { await this.later(); }
}`;
}

type Run = (inputs: Readonly<Record<string, number>>) => Promise<ReadonlyMap<string, string>>;

function compile({ body, afterwards, writes }: Program): Run {
  const text = `${readingFunctions}${maybe}
return new (class {\n${members}\n${methods(body, afterwards)}\n})();`;
  const { outputText } = ts.transpileModule(text, { compilerOptions: { target: ts.ScriptTarget.ES2022 } });
  const create = new Function(outputText) as () => { all(): Promise<void> };
  return async (inputs) => {
    const seen = new Map<string, number[]>(writes.map((name) => [name, []]));
    const cells = Object.fromEntries([
      ...reads.map((name) => [name, { read: async () => inputs[name] ?? 0 }] as const),
      ...writes.map((name) => [name, recorder(seen.get(name) ?? [])] as const),
    ]);
    try {
      await Object.assign(create(), cells).all();
    } catch {
      // A program may throw; what it has written by then counts.
    }
    return new Map([...seen].map(([name, values]) => [name, JSON.stringify(values)]));
  };
}

function recorder(values: number[]): object {
  return {
    write: async (value: number) => void values.push(value),
    update: async (change: (current: number) => number) => void values.push(change(0)),
  };
}

async function writesThatDependOn(run: Run, read: string): Promise<readonly string[]> {
  const dependent = new Set<string>();
  for (const base of [0, 1, 2]) {
    const others = Object.fromEntries(reads.map((name, index) => [name, (base * (index + 1)) % 4]));
    const first = await run({ ...others, [read]: 0 });
    for (const value of [1, 2, 3]) {
      const second = await run({ ...others, [read]: value });
      for (const [write, values] of first) if (second.get(write) !== values) dependent.add(write);
    }
  }
  return [...dependent];
}

const flowRules = new Set(["no-weak-value-in-strong-write", "no-weak-guard"]);
const allRules = readdirSync(fileURLToPath(new URL("../../../rules/", import.meta.url)));
const severities = Object.fromEntries(allRules.map((id) => [id, flowRules.has(id) ? "error" : "off"] as const));

function foundWrites(program: Program, weak: string): ReadonlySet<string> {
  const analysis = createAnalysis({ root: "/nowhere", severities });
  analysis.open("/nowhere/subject.ts", source(program, weak));
  const findings = analysis.findings("/nowhere/subject.ts").filter(({ rule }) => flowRules.has(rule));
  return new Set(findings.flatMap(({ message }) => [...message.matchAll(/`(w\d+)`/g)].map((match) => match[1] ?? "")));
}
