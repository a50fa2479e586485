import { describe, expect, it } from "vitest";
import { createAnalysis } from "./index.js";

const root = "/project-that-is-not-on-disk";
const at = (name: string): string => `${root}/${name}`;

/** What the first file finds depends on functions of others, which do not import the runtime themselves. */
const project: Readonly<Record<string, string>> = {
  "article.ts": `import { Eventual, Linearizable, Replicated, register } from "@faultline/runtime";
import { later } from "./later.js";
import { stamp } from "./stamp.js";

@Replicated()
export class Article {
  @Eventual({ merge: later }) readonly draft = register<{ text: string; at: number }>({ text: "", at: 0 });
  @Linearizable() readonly shown = register(0);

  async show(): Promise<void> {
    await this.shown.update((n) => n + stamp());
  }
}
`,
  "later.ts": `export const later = <T extends { at: number; text: string }>(a: T, b: T): T => (isLater(a, b) ? a : b);
const isLater = (a: { at: number }, b: { at: number }): boolean => a.at > b.at;
`,
  "stamp.ts": `import { tick } from "./tick.js";
export function stamp(): number {
  return tick() + 1;
}
`,
  "tick.ts": `export const tick = (): number => {
  return 0;
};
`,
  "writer.ts": `import type { Article } from "./article.js";
import { save } from "./service.js";

export async function write(article: Article, text: string): Promise<void> {
  await save(article, text, 0);
}
`,
  "service.ts": `import type { Article } from "./article.js";

export async function save(article: Article, text: string, at: number): Promise<void> {
  const draft = { text, at };
  await article.draft.write(draft);
}
`,
};

const edits: readonly (readonly [file: string, from: string, to: string])[] = [
  ["tick.ts", "return 0", "return Date.now()"],
  ["stamp.ts", "tick() + 1", "Math.random()"],
  ["stamp.ts", "tick() + 1", "1"],
  ["writer.ts", "text, 0", "text, Date.now()"],
  ["writer.ts", "await save(article, text, 0)", "await save(article, text, performance.now())"],
  ["service.ts", "{ text, at }", "{ text, at: Date.now() + at }"],
  ["later.ts", "a.at > b.at", "a.at === b.at"],
  ["later.ts", "(isLater(a, b) ? a : b)", "a"],
  ["later.ts", "a.at > b.at", "Math.random() > 0.5"],
];

describe("findings that are read from functions of other files", () => {
  it.each(edits)("follow an edit in %s from `%s` to `%s`, and back", (file, from, to) => {
    const analysis = createAnalysis({ root });
    for (const [name, text] of Object.entries(project)) analysis.open(at(name), text);
    const original = analysis.findings(at("article.ts"));
    const text = project[file] ?? "";
    const edited = text.replace(from, to);
    expect(edited).not.toBe(text);

    analysis.open(at(file), edited);
    const found = analysis.findings(at("article.ts"));
    expect(found).toEqual(fresh({ ...project, [file]: edited }));

    analysis.open(at(file), text);
    expect(analysis.findings(at("article.ts"))).toEqual(original);
  });

  it("are some", () => {
    const all = edits.map(([file, from, to]) => fresh({ ...project, [file]: (project[file] ?? "").replace(from, to) }));
    const rules = all.flat().map(({ rule }) => rule);
    expect(rules).toEqual(expect.arrayContaining(["no-impure-update", "no-unlawful-merge", "no-wall-clock-order"]));
  });
});

function fresh(files: Readonly<Record<string, string>>) {
  const analysis = createAnalysis({ root });
  for (const [name, text] of Object.entries(files)) analysis.open(at(name), text);
  return analysis.findings(at("article.ts"));
}
