import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import {
  type FixtureCase,
  introductionOf,
  isUpdating,
  readFixture,
  writeFixture,
} from "../../../../test/harness/fixture.js";
import { describeMethod, describeObstacles } from "./describe.js";
import { workloadsOf } from "./index.js";

const path = fileURLToPath(new URL("./workloads.fixture", import.meta.url));
if (isUpdating(expect.getState()["snapshotState"]))
  writeFixture(path, readFixture(path).map(updated), introductionOf(path));

describe("workloads from signatures", () => {
  it.each(readFixture(path).map((each) => [each.title, each] as const))("%s", (_, each) => {
    expect(each.fixes).toEqual(updated(each).fixes);
  });
});

describe("types of installed packages", () => {
  it("are read where a parameter is of one", () => {
    const root = mkdtempSync(join(tmpdir(), "faultline-"));
    try {
      const write = (file: string, text: string): string => {
        mkdirSync(join(root, file, ".."), { recursive: true });
        writeFileSync(join(root, file), text);
        return join(root, file);
      };
      write("node_modules/money/package.json", '{ "name": "money", "types": "types.d.ts" }');
      write(
        "node_modules/money/types.d.ts",
        "import { Unit } from './unit.js';\nexport interface Money { readonly amount: number; unit?: Unit; at: Date }\nexport declare class Wallet { open(): void }\nexport declare function parse<T>(shape: T): { of: T };",
      );
      write("node_modules/money/unit.js", "export {};");
      write("node_modules/money/unit.d.ts", "export type Unit = 'EUR' | 'USD';");
      const file = write(
        "account.ts",
        `import { Replicated, counter } from "@faultline/runtime";
import { type Money, parse, type Wallet } from "money";
const shape = parse({ n: 1 });
@Replicated()
export class Account {
  readonly n = counter();
  constructor(readonly id: string) {}
  async pay(money: Money, shape_: typeof shape, wallet: Wallet, bytes?: Buffer) {}
}`,
      );
      const methods = workloadsOf({ file, targets: ["Account"] }).classes.get("Account")?.shape.methods;
      expect(methods?.map(describeMethod)).toEqual([
        'pay(money: { amount: number; unit?: "EUR" | "USD"; at: date }, shape_: { of: { n: number } }, wallet: ✗ Wallet)',
      ]);
    } finally {
      rmSync(root, { recursive: true });
    }
  });
});

/** A case with what is read from its first file: a part for each exported class, and one for what is exported besides. */
function updated(each: FixtureCase): FixtureCase {
  const [first] = each.files;
  if (first === undefined) throw new Error("a case without a file");
  const exported = /^export (?:default )?(?:(?:abstract )?(?:class|const) (\w+)|\{ \w+ as (\w+))/gm;
  const targets = [...first.text.matchAll(exported)].map(([all, declared, renamed]) =>
    all.includes("default") ? "default" : (declared ?? renamed ?? ""),
  );
  const { classes, additions } = workloadsOf({
    file: first.name,
    targets,
    buffers: new Map(each.files.map(({ name, text }) => [name, text])),
  });
  const parts = [...classes].map(([target, { shape, overrides, obstacle }]) => ({
    title: target,
    diff: [
      ...shape.methods.flatMap((method) => [
        describeMethod(method),
        ...describeObstacles(method).map((each) => `✗ ${each}`),
      ]),
      ...(obstacle === undefined ? [] : [`✗ ${obstacle}`]),
      ...[...overrides].map(([name, { weight, args }]) => `@Workload of ${name}: weight ${weight}, args ${args}`),
    ].join("\n"),
  }));
  const added = [...additions].map(([file, text]) => `${file}: ${text.trim()}`);
  return {
    ...each,
    fixes: [...parts, ...(added.length === 0 ? [] : [{ title: "additions", diff: added.join("\n") }])],
  };
}
