import { expect, test } from "vitest";
import { counter, Eventual, Linearizable, log, map, open, Replicated, register, set, Transaction } from "../index.js";

@Replicated()
class Account {
  @Linearizable() readonly balance = register(100);
  @Eventual() readonly views = counter();
  @Eventual() readonly tags = set<string>();
  @Eventual() readonly limits = map<string, number>();
  @Linearizable() readonly entries = log<{ text: string }>();

  constructor(readonly id: string) {}

  @Transaction()
  async transfer(to: Account, amount: number): Promise<void> {
    await this.balance.update((b) => {
      if (b < amount) throw new Error("insufficient funds");
      return b - amount;
    });
    await to.balance.update((b) => b + amount);
  }
}

test("a transfer moves money, and an error moves none", async () => {
  const alice = open(Account, "alice");
  const bob = open(Account, "bob");
  await alice.transfer(bob, 30);
  expect(await Promise.all([alice.balance.read(), bob.balance.read()])).toEqual([70, 130]);
  await expect(alice.transfer(bob, 80)).rejects.toThrow("insufficient funds");
  expect(await Promise.all([alice.balance.read(), bob.balance.read()])).toEqual([70, 130]);
});

test("a hundred concurrent transfers and updates all count", async () => {
  const carol = open(Account, "carol");
  const dave = open(Account, "dave");
  await Promise.all(Array.from({ length: 100 }, () => carol.transfer(dave, 1)));
  await Promise.all(Array.from({ length: 100 }, () => carol.balance.update((b) => b + 1)));
  expect(await Promise.all([carol.balance.read(), dave.balance.read()])).toEqual([100, 200]);
});

test("every data type answers", async () => {
  const erin = open(Account, "erin");
  await erin.views.increment();
  await erin.views.increment(4);
  await erin.views.decrement(2);
  expect(await erin.views.read()).toBe(3);
  await erin.tags.add("b");
  await erin.tags.add("a");
  await erin.tags.delete("b");
  expect([
    await erin.tags.has("a"),
    await erin.tags.has("b"),
    await erin.tags.size(),
    await erin.tags.values(),
  ]).toEqual([true, false, 1, ["a"]]);
  await erin.limits.put("day", 10);
  expect(await erin.limits.update("day", (n) => (n ?? 0) + 1)).toBe(11);
  expect(await erin.limits.update("week", (n) => (n ?? 50) + 1)).toBe(51);
  await erin.limits.delete("day");
  expect([await erin.limits.get("day"), await erin.limits.has("week"), await erin.limits.entries()]).toEqual([
    undefined,
    true,
    [["week", 51]],
  ]);
  await erin.entries.append({ text: "hello" });
  expect(await erin.entries.entries()).toEqual([{ text: "hello" }]);
  expect(await erin.balance.compareAndSet(99, 1)).toBe(false);
  expect(await erin.balance.compareAndSet(100, 1)).toBe(true);
  expect(await erin.balance.siblings()).toEqual([1]);
});
