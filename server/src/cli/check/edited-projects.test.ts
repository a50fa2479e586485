import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Project } from "../../../../test/lsp/project.js";
import { createAnalysis } from "../../analysis/index.js";
import { Checker } from "./checker.js";
import { ResultCache } from "./result-cache.js";
import { sorted } from "./results.js";

/** Two domains that know nothing of each other but a barrel, with a helper for one of them, and files that stand apart. */
const files: Readonly<Record<string, string>> = {
  "index.ts": `export * from "./account.js";\nexport * from "./credit.js";\nexport { Page } from "./page.js";\n`,
  "account.ts": `import { Eventual, Linearizable, Replicated, Transaction, counter, register } from "@faultline/runtime";
import { Credit } from "./index.js";
import { fee } from "./fee.js";

@Replicated()
export class Account {
  @Linearizable() readonly balance = register(0);
  @Eventual() readonly visits = counter();

  @Transaction()
  async pay(credit: Credit, amount: number): Promise<void> {
    await this.balance.update((balance) => balance - fee(amount));
    await credit.add(amount);
  }
}
`,
  "credit.ts": `import { Eventual, Replicated, register } from "@faultline/runtime";

@Replicated()
export class Credit {
  @Eventual() readonly sum = register(0);

  async add(amount: number): Promise<void> {
    await this.sum.update((sum) => sum + amount);
  }
}
`,
  "fee.ts": `import { share } from "./share.js";\nexport const fee = (amount: number): number => amount * share;\n`,
  "share.ts": "export const share = 2;\n",
  "page.ts": `import { Linearizable, Replicated, counter } from "@faultline/runtime";

@Replicated()
export class Page {
  @Linearizable() readonly views = counter();
}
`,
  "view.ts": `import type { Page } from "./index.js";
import { one } from "./plain.js";

export function view(page: Page): void {
  for (let each = 0; each < one; each++) page.views.increment();
}
`,
  "plain.ts": "export const one = 1;\n",
  "apart.ts": `import { one } from "./plain.js";\nexport const two = one + one;\n`,
};

/** What an edit puts in the place of the other, in either direction. */
const replacements: readonly (readonly [string, string])[] = [
  ["@Eventual()", "@Linearizable()"],
  ["@Linearizable()", "@Causal()"],
  ["Linearizable, ", "Causal, Linearizable, "],
  ["await credit", "credit"],
  ["page.views", "await page.views"],
  ["@Transaction()", ""],
  ["amount * share", "Date.now()"],
  ["= 2", "= Math.random()"],
  ["= 1", "= 10"],
  ['"./index.js"', '"./credit.js"'],
  ["import { one }", 'import { Page } from "./page.js";\nimport { one }'],
  ["export const two", "export const view = (page: Page) => page.views.increment();\nexport const two"],
  ["import type { Page }", "import * as all"],
  ["page: Page", "page: all.Page"],
  ["export { Page }", "export { Page as Site }"],
  ['export * from "./credit.js";\n', ""],
  ["export class", "class"],
  ["class Credit", "class Debit"],
  ["}\n", "\n"],
  ["async add", "async put"],
  ["\n", "\n// a line more\n"],
  ["@Replicated()", "// faultline-disable-next-line no-strong-counter -- rare\n@Replicated()"],
];

interface Edit {
  readonly file: string;
  readonly replacement: readonly [string, string];
  readonly isBack: boolean;
}

function edit(project: Project, run: readonly Edit[]): void {
  for (const { file, replacement, isBack } of run) {
    const [from, to] = isBack ? [replacement[1], replacement[0]] : replacement;
    project.write(file, project.read(file).replace(from === "" ? "\n\n" : from, to));
  }
}

const edits = fc.array(
  fc.record({
    file: fc.constantFrom(...Object.keys(files)),
    replacement: fc.constantFrom(...replacements),
    isBack: fc.boolean(),
  }),
  { minLength: 1, maxLength: 3 },
);

describe("results for one file that is named", () => {
  it("are what an analysis of everything finds in it", async () => {
    await fc.assert(
      fc.asyncProperty(edits, async (run) => {
        using project = new Project(files);
        edit(project, run);
        for (const name of Object.keys(files)) {
          const options = { root: project.folder, paths: [name] };
          const { findings, syntaxErrors } = await new Checker(options, { isCached: false }).results();
          const all = createAnalysis(options);
          expect(findings).toEqual(sorted([...all.refresh().values()].flat()));
          expect(syntaxErrors).toEqual(all.syntaxErrors());
        }
      }),
      { numRuns: 15, seed: 1 },
    );
  }, 240_000);
});

describe("results of an earlier run of a project that was edited since", () => {
  it("are, with those of the part that has to do with the edits, what an analysis of everything finds", async () => {
    let inPart = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(edits, { minLength: 1, maxLength: 6 }), async (runs) => {
        using project = new Project(files);
        const options = { root: project.folder };
        await new Checker(options, { isCached: true }).results();
        for (const run of runs) {
          edit(project, run);
          if ((await ResultCache.for(options)?.read())?.part !== undefined) inPart++;
          const cached = await new Checker(options, { isCached: true }).results();
          expect(cached).toEqual(await new Checker(options, { isCached: false }).results());
        }
      }),
      { numRuns: 60, seed: 1 },
    );
    expect(inPart).toBeGreaterThan(30);
  }, 240_000);

  it("are those of all files but the ones that an edit can matter to", async () => {
    using project = new Project(files);
    const options = { root: project.folder };
    const partAfter = async (name: string, from: string, to: string): Promise<readonly string[] | undefined> => {
      await new Checker(options, { isCached: true }).results();
      project.write(name, project.read(name).replace(from, to));
      const kept = await ResultCache.for(options)?.read();
      const part = kept?.part?.resumption.files;
      return part && [...part].map((file) => file.slice(project.folder.length + 1)).sort();
    };
    expect(await partAfter("apart.ts", "one + one", "one * 2")).toEqual([]);
    expect(await partAfter("credit.ts", "+ amount", "- amount")).not.toContain("page.ts");
    expect(await partAfter("share.ts", "2", "3")).toEqual(expect.arrayContaining(["account.ts", "fee.ts", "share.ts"]));
    expect(await partAfter("apart.ts", "./plain.js", "./page.js")).toBeUndefined();
  });
});
