import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Finding } from "../documents/finding.js";
import { type Analysis, createAnalysis } from "./index.js";

const root = "/project-that-is-not-on-disk";
const at = (name: string): string => `${root}/${name}`;

/** A small project in which most edits matter to another file. */
const project: Readonly<Record<string, string>> = {
  "levels.ts": `export { Linearizable as Strict, Eventual as Loose, Replicated } from "@faultline/runtime";\n`,
  "account.ts": `import { Transaction, counter, open, register } from "@faultline/runtime";
import { Loose, Replicated, Strict } from "./levels.js";
import { credit } from "./credit.js";

@Replicated()
export class Account {
  @Strict() readonly balance = register(100);
  @Loose() readonly incoming = register(0);
  @Strict() readonly visits = counter();

  @Transaction()
  async transfer(to: Account, amount: number) {
    await this.balance.update((b) => b - amount);
    await credit(to, amount);
  }

  async visit() {
    await this.visits.increment();
    return this.visits.read();
  }
}

export function account(id: string) {
  return open(Account, id);
}
`,
  "credit.ts": `import type { Account } from "./index.js";

export async function credit(to: Account, amount: number): Promise<void> {
  await to.incoming.update((b) => b + amount);
}
`,
  "index.ts": `export * from "./account.js";\n`,
  "factory.ts": `import { replicated } from "@faultline/runtime";
import { Account, account } from "./index.js";

export const Created = replicated(Account, { create: account });
`,
  "shop.ts": `import { Available, Deadline } from "@faultline/runtime";
import { account } from "./index.js";

export class Shop {
  @Available()
  async buy(id: string): Promise<void> {
    const buyer = account(id);
    await buyer.balance.update((b) => b - 1);
  }
}
`,
  "report.ts": `import { account } from "./index.js";

export async function report(id: string): Promise<string> {
  const visits = await account(id).visit();
  if (visits > 10) return "busy";
  return "quiet";
}
`,
  "types.ts": `export type Profile = { readonly name: string };
export const votes = { n: 3, r: 2, w: 2 };
`,
  "user.ts": `import { quorum, register } from "@faultline/runtime";
import { Account } from "./index.js";
import { Replicated, Strict } from "./levels.js";
import { type Profile, votes } from "./types.js";

@Replicated()
@Strict({ mechanism: quorum(votes) })
export class User extends Account {
  readonly profile = register<Profile>({ name: "" });
  @Strict() readonly other = register({ name: "" });

  @Strict()
  async name() {
    return (await this.profile.read()).name + (await this.other.at("sequential").read()).name;
  }
}
`,
  "screen.ts": `import type { Account } from "./index.js";

export let latest = 0;

export class Screen {
  protected shown = 0;
  #pinned = 0;

  constructor(protected readonly account: Account) {}

  get pinned(): number {
    return this.#pinned;
  }

  set pinned(value: number) {
    this.#pinned = value;
  }

  async refresh(): Promise<void> {
    this.shown = await this.account.balance.read();
    latest = this.shown;
  }
}
`,
  "editor.ts": `import { latest, Screen } from "./screen.js";

export class Editor extends Screen {
  async pin(): Promise<void> {
    this.pinned = await this.account.balance.read();
  }

  async save(): Promise<void> {
    await this.account.balance.write(this.shown);
    if (this.pinned > 1) await this.account.visits.increment();
  }

  async saveLatest(): Promise<void> {
    await this.account.balance.write(latest);
  }
}
`,
  "plain.ts": `export const add = (a: number, b: number): number => a + b;\n`,
};

/** Texts that an edit may put in place of one another: levels, receivers, calls, exports, and things that do not parse. */
const replacements: readonly (readonly [string, string])[] = [
  ["@Strict()", "@Loose()"],
  ["Linearizable as Strict", "Eventual as Strict"],
  ["Linearizable as Strict", "Linearizable as Stricter"],
  ["export *", "import"],
  ["incoming", "balance"],
  ["update", "read"],
  ["await credit(to, amount);", "void credit;"],
  ["@Transaction()", ""],
  ["@Available()", "@Transaction()"],
  ["visits > 10", "id.length > 10"],
  ["return open(Account, id);", "return undefined as never;"],
  ["{ account }", "{ account as other }"],
  ["export function", "function"],
  ["class Account", "class Account2"],
  ["}\n", "\n"],
  ["(", ""],
  ["\n", "\n\n// a comment\n"],
  ["counter()", "register(0)"],
  ["await ", ""],
  ["@Available()", "@Deadline(20)"],
  ["open(Account, id)", "new Account()"],
  ["create: account", "created: account"],
  ["@Strict() readonly visits = counter();", "visits = 0;"],
  ["await this.visits.increment();", "this.visits++;"],
  ["readonly", "/* readonly"],
  ["buyer", "seller"],
  ["@Strict({", "@Strict({}) @Strict({"],
  ["r: 2", "r: 1"],
  ["{ readonly name: string }", "string"],
  ["this.profile", "this.incoming"],
  ['"sequential"', "unknown"],
  [" = register", " = 0; //"],
  ["extends Account", "extends Unknown"],
  ["  @Strict() readonly visits", "  // faultline-disable-next-line no-strong-counter\n  @Strict() readonly visits"],
  ["@Replicated()", "/* faultline-disable no-mixed-levels-in-transaction */\n@Replicated()"],
  ["amount);", "endorse(amount));"],
  ["{ Transaction,", "{ endorse, Transaction,"],
  ["account.balance.read()", "account.incoming.read()"],
  ["this.shown = ", "const shown = "],
  ["latest = this.shown;", "latest = 1;"],
  ["this.#pinned = value", "this.shown = value"],
  ["get pinned", "get other"],
  ["extends Screen", "extends Account"],
  ["latest = 0", "latest = 0, other = 1"],
];

interface Edit {
  readonly file: string;
  readonly replacement: number;
  readonly back: boolean;
  readonly occurrence: number;
  readonly removes: boolean;
}

const editOf = fc.record<Edit>({
  file: fc.constantFrom(...Object.keys(project)),
  replacement: fc.nat(replacements.length - 1),
  back: fc.boolean(),
  occurrence: fc.nat(3),
  removes: fc.nat(9).map((n) => n === 0),
});
const edits = fc.array(editOf, { minLength: 1, maxLength: 12 });

describe("incremental analysis", () => {
  it("finds after any edits what an analysis from scratch finds", () => {
    fc.assert(
      fc.property(edits, (sequence) => {
        const texts = new Map(Object.entries(project));
        const incremental = opened(texts);
        const reported = new Map(incremental.refresh());
        for (const edit of sequence) {
          const text = apply(texts.get(edit.file) ?? project[edit.file] ?? "", edit);
          if (edit.removes) {
            texts.delete(edit.file);
            incremental.close(at(edit.file));
          } else {
            texts.set(edit.file, text);
            incremental.open(at(edit.file), text);
          }
          for (const [file, findings] of incremental.refresh()) reported.set(file, findings);
        }
        const fresh = opened(texts);
        for (const file of Object.keys(project)) {
          const expected = fresh.findings(at(file));
          expect(incremental.findings(at(file))).toEqual(expected);
          expect(reported.get(at(file)) ?? []).toEqual(expected);
          expect(incremental.targets(at(file))).toEqual(fresh.targets(at(file)));
        }
        expect(incremental.notes).toEqual([]);
      }),
      { numRuns: 120, seed: 1 },
    );
  }, 120_000);

  it("finds the same in steps: at once what is asked for first, the rest in the end", () => {
    const files = fc.subarray(Object.keys(project));
    const step = fc.record({ edit: fc.option(editOf), first: files, count: fc.nat(2) });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 8 }), (steps) => {
        const texts = new Map(Object.entries(project));
        const inSteps = opened(texts);
        const reported = new Map<string, readonly Finding[]>();
        const compare = (names: readonly string[]): void => {
          const fresh = opened(texts);
          for (const name of names) expect(reported.get(at(name)) ?? []).toEqual(fresh.findings(at(name)));
        };
        for (const { edit, first, count } of steps) {
          if (edit !== null) {
            const text = apply(texts.get(edit.file) ?? "", edit);
            texts.set(edit.file, text);
            inSteps.open(at(edit.file), text);
          }
          let left = count;
          const pace = { first: first.map(at), hasTime: () => left-- > 0 };
          for (const [file, findings] of inSteps.refresh(pace)) reported.set(file, findings);
          compare(first);
        }
        while (!inSteps.isComplete) {
          let left = 1;
          const pace = { first: [], hasTime: () => left-- > 0 };
          for (const [file, findings] of inSteps.refresh(pace)) reported.set(file, findings);
        }
        compare(Object.keys(project));
      }),
      { numRuns: 25, seed: 1 },
    );
  }, 120_000);

  it("finds as one types a file from its first to its last character", () => {
    const texts = new Map(Object.entries(project));
    const incremental = opened(texts);
    const whole = project["account.ts"] ?? "";
    for (let length = 0; length <= whole.length; length += 7) {
      incremental.open(at("account.ts"), whole.slice(0, length));
      incremental.refresh();
    }
    incremental.open(at("account.ts"), whole);
    const fresh = opened(texts);
    for (const file of texts.keys()) expect(incremental.findings(at(file))).toEqual(fresh.findings(at(file)));
  });
});

describe("an edit in one file", () => {
  it("changes the findings of those that depend on it, and reports only what changed", () => {
    const analysis = opened(new Map(Object.entries(project)));
    expect([...analysis.refresh().keys()].sort()).toEqual([at("account.ts"), at("shop.ts")]);
    const levels = project["levels.ts"] ?? "";
    analysis.open(at("levels.ts"), levels.replace("Linearizable as", "Causal as"));
    const changed = analysis.refresh();
    expect(changed.get(at("shop.ts"))).toEqual([]);
    expect(changed.get(at("account.ts"))?.map((finding) => finding.message)).toEqual(
      expect.arrayContaining([expect.stringContaining("`balance` (causal) and `incoming` (eventual)")]),
    );
    expect(analysis.refresh().size).toBe(0);
    analysis.open(at("plain.ts"), "export const add = 1;\n");
    expect(analysis.refresh().size).toBe(0);
  });

  it("tells of what it leaves in a field or a variable, wherever that is found", () => {
    const analysis = opened(new Map(Object.entries(project)));
    expect(analysis.findings(at("editor.ts"))).toEqual([]);
    const screen = project["screen.ts"] ?? "";
    analysis.open(at("screen.ts"), screen.replace("balance.read()", "incoming.read()"));
    const found = analysis.refresh().get(at("editor.ts")) ?? [];
    expect(found.map(({ range, message }) => `${range.start.line} ${message}`)).toEqual([
      "9 `save` writes to `balance` (linearizable) a value that comes from `incoming` (eventual), read in screen.ts:20.",
      "14 `saveLatest` writes to `balance` (linearizable) a value that comes from `incoming` (eventual), read in screen.ts:20.",
    ]);
    analysis.open(at("screen.ts"), screen);
    expect(analysis.refresh().get(at("editor.ts"))).toEqual([]);
  });

  it("moves the places that findings of other files mention", () => {
    const analysis = opened(new Map(Object.entries(project)));
    analysis.refresh();
    analysis.open(at("credit.ts"), `// one line more\n${project["credit.ts"] ?? ""}`);
    const [finding] = analysis.refresh().get(at("account.ts")) ?? [];
    expect(finding?.related.find((each) => each.file === at("credit.ts"))?.range.start.line).toBe(5);
  });

  it("takes findings away with the file, and gives them back", () => {
    const analysis = opened(new Map(Object.entries(project)));
    analysis.refresh();
    analysis.close(at("account.ts"));
    const gone = analysis.refresh();
    expect(gone.get(at("account.ts"))).toEqual([]);
    expect(gone.get(at("shop.ts"))).toEqual([]);
    analysis.open(at("account.ts"), project["account.ts"] ?? "");
    expect(analysis.refresh().get(at("shop.ts"))).toHaveLength(1);
  });
});

function opened(texts: ReadonlyMap<string, string>): Analysis {
  const analysis = createAnalysis({ root });
  for (const [file, text] of texts) analysis.open(at(file), text);
  return analysis;
}

function apply(text: string, { replacement, back, occurrence }: Edit): string {
  const [from, to] = replacements[replacement] ?? ["", ""];
  const [search, put] = back ? [to, from] : [from, to];
  if (search === "") return text;
  let start = text.indexOf(search);
  for (let i = 0; i < occurrence && start >= 0; i++) start = text.indexOf(search, start + 1);
  return start < 0 ? text : text.slice(0, start) + put + text.slice(start + search.length);
}
