import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import * as fc from "fast-check";
import { ts } from "ts-morph";
import { describe, expect, it } from "vitest";
import { type FixtureFile, readFixture } from "../../../test/harness/fixture.js";
import { withoutMarkers } from "../../../test/harness/markers.js";
import { rules } from "../rules/index.js";
import { type Analysis, createAnalysis } from "./index.js";

const root = "/project-that-is-not-on-disk";
const at = (name: string): string => root + name;

/** The cases of all rules: for each part of the model there are some little projects in which it matters. */
const cases = rules
  .flatMap(({ id }) => readFixture(fileURLToPath(new URL(`../rules/${id}/cases.fixture`, import.meta.url))))
  .map(({ files }) => files.map(({ name, text }): FixtureFile => ({ name, text: withoutMarkers(text) })));

const kinds = ["insert", "remove", "repeat", "move", "blank", "rename", "comment", "back"] as const;

interface Edit {
  readonly kind: (typeof kinds)[number];
  readonly file: number;
  readonly place: number;
  readonly other: number;
}

const edits = fc.array(
  fc.record<Edit>({ kind: fc.constantFrom(...kinds), file: fc.nat(9), place: fc.nat(999), other: fc.nat(999) }),
  { minLength: 2, maxLength: 6 },
);

describe("what is kept of a file from one edit to the next", () => {
  it("says what an analysis from scratch says, whatever is edited in the bodies of functions", () => {
    fc.assert(
      fc.property(fc.nat(cases.length - 1), edits, (index, sequence) => {
        const files = cases[index] ?? [];
        const texts = new Map(files.map(({ name, text }) => [name, text]));
        const incremental = opened(texts);
        incremental.refresh();
        for (const edit of sequence) {
          const { name, text } = files[edit.file % files.length] as FixtureFile;
          texts.set(name, edit.kind === "back" ? text : apply(texts.get(name) ?? "", edit));
          incremental.open(at(name), texts.get(name) ?? "");
          incremental.refresh();
          const fresh = opened(texts);
          for (const each of texts.keys()) expect(incremental.findings(at(each))).toEqual(fresh.findings(at(each)));
        }
      }),
      { numRuns: 80, seed: 4 },
    );
  }, 180_000);

  it("takes no more memory after many edits than after some", async () => {
    const text = `import { Linearizable, Replicated, Transaction, register } from "@faultline/runtime";

@Replicated()
export class Account {
  @Linearizable() readonly balance = register(10);

  @Transaction()
  async transfer(to: Account, amount: number): Promise<void> {
    await this.balance.update((balance) => balance - amount);
    [to].map((each) => each.credit(amount)); // here
  }

  async credit(amount: number): Promise<void> {
    await this.balance.write((await this.balance.read()) + amount);
  }
}
`;
    const analysis = createAnalysis({ root });
    const type = (count: number): void => {
      for (let index = 0; index < count; index++) {
        const typed = `\n    [to].forEach((each) => each.credit(${index}));`;
        analysis.open(at("/account.ts"), index % 2 === 0 ? text.replace(" // here", typed) : text);
        analysis.refresh();
      }
    };
    type(100);
    const before = await heapInUse();
    type(400);
    // A tree of this file takes a hundred kilobytes.
    expect((await heapInUse()) - before).toBeLessThan(2_000_000);
  }, 60_000);
});

function opened(texts: ReadonlyMap<string, string>): Analysis {
  const analysis = createAnalysis({ root });
  for (const [name, text] of texts) analysis.open(at(name), text);
  return analysis;
}

function apply(text: string, { kind, place, other }: Edit): string {
  const tree = ts.createSourceFile("edited.ts", text, ts.ScriptTarget.ESNext, true);
  const statements: ts.Node[] = [];
  const names: ts.Identifier[] = [];
  const visit = (node: ts.Node, isInside: boolean): void => {
    if (isInside && ts.isStatement(node) && !ts.isBlock(node)) statements.push(node);
    if (isInside && ts.isIdentifier(node)) names.push(node);
    node.forEachChild((child) => visit(child, isInside || (ts.isBlock(child) && ts.isFunctionLike(node))));
  };
  visit(tree, false);
  const nodes = kind === "rename" ? names : statements;
  const node = nodes[place % nodes.length];
  const model = nodes[other % nodes.length];
  if (kind === "comment" || node === undefined || model === undefined) {
    const line = text
      .split("\n")
      .slice(0, place % 20)
      .join("\n").length;
    return `${text.slice(0, line)}\n// a comment${text.slice(line)}`;
  }
  const [start, end] = [node.getStart(), node.getEnd()];
  const put = {
    insert: `void 0;\n${node.getText()}`,
    remove: "",
    repeat: `${node.getText()} ${node.getText()}`,
    move: model.getText(),
    blank: `\n\n${node.getText()}`,
    rename: model.getText(),
    back: "",
  }[kind];
  return text.slice(0, start) + put + text.slice(end);
}

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** What was held weakly goes with the second collection, after a turn of the event loop. */
async function heapInUse(): Promise<number> {
  for (let turn = 0; turn < 3; turn++) {
    collectGarbage();
    await sleep(0);
  }
  return process.memoryUsage().heapUsed;
}
