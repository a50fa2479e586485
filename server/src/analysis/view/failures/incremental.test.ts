import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Analysis, createAnalysis } from "../../index.js";

const root = "/project-that-is-not-on-disk";
const at = (name: string): string => `${root}/${name}`;

/** What becomes of a failure is decided in other files: by predicates, by helpers that retry, by what they are given. */
const project: Readonly<Record<string, string>> = {
  "failures.ts": `import { isIndeterminate } from "@faultline/runtime";

export function orFalse(error: unknown): false {
  if (isIndeterminate(error)) throw error;
  return false;
}
export const isTransient = (error: unknown): boolean => isIndeterminate(error);
`,
  "retry.ts": `import { isTransient } from "./failures.js";

export async function retry<T>(run: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await run();
    } catch (error) {
      if (!isTransient(error)) throw error;
    }
  }
}
export async function quietly(run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch {}
}
`,
  "change.ts": `export const debit = (amount: number) => (balance: number) => balance - amount;
export const take = (who: string | null) => who ?? "me";
export async function tell(): Promise<void> {
  await fetch("/told");
}
`,
  "account.ts": `import { Eventual, Linearizable, Replicated, Transaction, register } from "@faultline/runtime";
import { debit, take, tell } from "./change.js";

@Replicated()
export class Account {
  @Linearizable() readonly balance = register(100);
  @Eventual() readonly holder = register<string | null>(null);

  @Transaction()
  async withdraw(amount: number): Promise<void> {
    await this.balance.update(debit(amount));
    await tell();
  }
  async acquire(): Promise<boolean> {
    return (await this.holder.update(take)) === "me";
  }
}
`,
  "pay.ts": `import type { Account } from "./account.js";
import { orFalse } from "./failures.js";
import { quietly, retry } from "./retry.js";

export async function pay(account: Account): Promise<boolean> {
  await quietly(() => account.withdraw(2));
  await retry(() => account.withdraw(1));
  return account.withdraw(1).then(() => true).catch(orFalse);
}
`,
};

const replacements: readonly (readonly [string, string])[] = [
  ["if (isIndeterminate(error)) throw error;", ""],
  ["isIndeterminate(error);", "!isIndeterminate(error);"],
  ["throw error", "return run()"],
  ["return await run()", "await run()"],
  ["for (;;)", "if (true)"],
  ["catch {}", "catch (error) { throw error; }"],
  ["balance - amount", "amount"],
  ['who ?? "me"', '"me"'],
  ["await fetch", "void"],
  ["fetch(", "String("],
  ["@Linearizable()", "@Eventual()"],
  ["@Transaction()", ""],
  ["debit(amount)", "() => amount"],
  [".catch(orFalse)", ""],
  ["account.withdraw(2)", "account.acquire().then()"],
  ["export const", "const"],
  ["}\n", "\n"],
  ["\n", "\n\n// a comment\n"],
  ["await ", ""],
];

const edits = fc.array(
  fc.record({
    file: fc.constantFrom(...Object.keys(project)),
    replacement: fc.nat(replacements.length - 1),
    isUndone: fc.boolean(),
  }),
  { minLength: 1, maxLength: 8 },
);

describe("what becomes of failures", () => {
  it("is found after any edits as from scratch", () => {
    fc.assert(
      fc.property(edits, (sequence) => {
        const texts = new Map(Object.entries(project));
        const incremental = opened(texts);
        incremental.refresh();
        for (const { file, replacement, isUndone } of sequence) {
          const [from, to] = replacements[replacement] ?? ["", ""];
          const text = (texts.get(file) ?? "").replace(isUndone && to !== "" ? to : from, () => (isUndone ? from : to));
          texts.set(file, text);
          incremental.open(at(file), text);
          incremental.refresh();
        }
        const fresh = opened(texts);
        for (const file of texts.keys()) expect(incremental.findings(at(file))).toEqual(fresh.findings(at(file)));
        expect(incremental.notes).toEqual([]);
      }),
      { numRuns: 120, seed: 1 },
    );
  }, 120_000);

  it("is found in every file of the project to begin with", () => {
    const analysis = opened(new Map(Object.entries(project)));
    const rules = [...analysis.refresh().values()].flat().map(({ rule }) => rule);
    expect(rules).toEqual(
      expect.arrayContaining([
        "no-swallowed-indeterminate",
        "no-unkeyed-retry",
        "no-side-effect-in-transaction",
        "no-weak-compare-and-set",
      ]),
    );
  });
});

function opened(texts: ReadonlyMap<string, string>): Analysis {
  const analysis = createAnalysis({ root });
  for (const [file, text] of texts) analysis.open(at(file), text);
  return analysis;
}
