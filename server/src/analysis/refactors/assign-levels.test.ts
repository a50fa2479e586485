import { describe, expect, it } from "vitest";
import type { Level } from "../../../../runtime/src/levels.js";
import { applyEdits, diffOf } from "../../../../test/harness/edits.js";
import { createAnalysis } from "../index.js";

const account = `import { Causal, counter, Eventual, gossip, Linearizable, Replicated, register } from "@faultline/runtime";
import { Shop } from "./shop";

@Replicated()
@Causal()
export class Account {
  @Linearizable({ timeoutMs: 500 }) readonly balance = register(100);
  @Eventual({ mechanism: gossip() }) readonly views = counter();
  readonly likes = counter();
  constructor(readonly id: string) {}
}

export class Savings extends Account {
  @Eventual() readonly note = register("");
}
`;
const shop = `import { Linearizable, Replicated, register } from "@faultline/runtime";
const shared = { timeoutMs: 10 };

@Replicated()
export class Shop {
  @Linearizable() readonly stock = register(1);
  @Linearizable({ ...shared }) readonly price = register(1);
}
`;
const files = [
  { name: "/account.ts", text: account },
  { name: "/shop.ts", text: shop },
];

function assigned(levels: Readonly<Record<string, Level>>) {
  const analysis = createAnalysis({ root: "/fixture-that-is-not-on-disk" });
  for (const { name, text } of files) analysis.open(name, text);
  const { fix, unwritten } = analysis.assignLevels("/account.ts", levels);
  return { diff: fix && diffOf(files, applyEdits(files, fix.edits)), unwritten };
}

describe("assigning levels", () => {
  it("writes those that differ, keeps what options still mean, and imports what is new", () => {
    const { diff, unwritten } = assigned({
      "Account.balance": "sequential",
      "Account.views": "none",
      "Account.likes": "eventual",
    });
    expect(unwritten).toEqual([]);
    expect(diff).toMatch(/\+ {2}@Sequential\(\{ timeoutMs: 500 \}\) readonly balance/);
    expect(diff).toMatch(/\+ {2}@NoConsistency\(\) readonly views = counter/);
    expect(diff).toMatch(/\+ {2}@Eventual\(\) readonly likes/);
    expect(diff).toContain(
      '+import { Causal, counter, Eventual, Replicated, register, Sequential, NoConsistency } from "@faultline/runtime"',
    );
  });

  it("changes nothing where every field has its level already", () => {
    expect(assigned({ "Account.balance": "linearizable", "Account.likes": "causal" })).toEqual({
      diff: undefined,
      unwritten: [],
    });
  });

  it("finds the fields of a class in another file", () => {
    expect(assigned({ "Shop.stock": "eventual" }).diff).toMatch(/\/shop\.ts[\s\S]*\+ {2}@Eventual\(\) readonly stock/);
  });

  it("names what it cannot write: what a base declares, options from elsewhere, what is not there", () => {
    const levels = {
      "Savings.balance": "causal",
      "Shop.price": "causal",
      "Shop.none": "causal",
      "None.x": "none",
    } as const;
    expect(assigned(levels)).toEqual({ diff: undefined, unwritten: Object.keys(levels) });
  });
});
