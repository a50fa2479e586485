import { expect, test } from "vitest";
import {
  Available,
  Causal,
  counter,
  Deadline,
  Eventual,
  Invariant,
  Linearizable,
  Replicated,
  register,
  Saga,
  Transaction,
  Workload,
} from "../index.js";
import { metadataOf } from "./metadata.js";

@Replicated()
@Causal()
class Account {
  @Linearizable({ timeoutMs: 5 }) readonly balance = register(0);
  readonly views = counter();

  @Transaction()
  @Workload({ weight: 2, args: [[1], [2]] })
  async deposit(_amount: number): Promise<void> {}

  @Saga({ compensate: "deposit" })
  @Available()
  @Deadline(50)
  @Eventual()
  async visit(): Promise<void> {}

  @Invariant("not overdrawn")
  @Invariant("not huge", { when: "converged" })
  async solvent(): Promise<boolean> {
    return true;
  }

  @Invariant("money is conserved", { when: "converged" })
  static async conserved(_all: readonly Account[]): Promise<boolean> {
    return true;
  }
}

class Savings extends Account {
  @Eventual() readonly interest = counter();
  @Causal() override readonly balance = register(1);

  override async deposit(amount: number): Promise<void> {
    await super.deposit(amount);
  }

  @Deadline(10)
  override async visit(): Promise<void> {}
}

test("the metadata of a class is all that its annotations say", () => {
  const { replicated, level, fields, methods, staticMethods } = metadataOf(Account);
  expect([replicated, level, [...fields]]).toEqual([
    true,
    { level: "causal" },
    [["balance", { level: "linearizable", timeoutMs: 5 }]],
  ]);
  expect(methods.get("deposit")).toMatchObject({ workload: { weight: 2, args: [[1], [2]] } });
  expect(methods.get("deposit")?.transaction).toBeTypeOf("function");
  expect(methods.get("visit")).toMatchObject({
    saga: { compensate: "deposit" },
    available: true,
    deadlineMs: 50,
    level: "eventual",
  });
  expect(methods.get("solvent")?.invariants).toEqual([
    { name: "not overdrawn", when: "always" },
    { name: "not huge", when: "converged" },
  ]);
  expect([...staticMethods]).toEqual([
    ["conserved", { invariants: [{ name: "money is conserved", when: "converged" }] }],
  ]);
});

test("a subclass inherits all of it, and may say otherwise member by member", () => {
  const { replicated, level, fields, methods } = metadataOf(Savings);
  expect([replicated, level]).toEqual([true, { level: "causal" }]);
  expect([...fields].map(([name, field]) => [name, field.level])).toEqual([
    ["balance", "causal"],
    ["interest", "eventual"],
  ]);
  expect(methods.get("deposit")?.transaction).toBeTypeOf("function");
  expect(methods.get("visit")).toMatchObject({ deadlineMs: 10, available: true, level: "eventual" });
  expect(metadataOf(Account).fields.has("interest")).toBe(false);
});
