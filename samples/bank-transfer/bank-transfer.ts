import { Eventual, Invariant, Linearizable, Replicated, register, Transaction } from "@faultline/runtime";
import { partition, scenario } from "@faultline/runtime/simulation";

/**
 * An account with two parts: `balance`, which may be spent, and `incoming`, which collects what others have sent until it
 * is booked at night. Somebody thought that a credit refuses nothing, so it need not wait for a majority.
 */
@Replicated()
export class Account {
  @Linearizable() readonly balance = register(100);
  @Eventual() readonly incoming = register(0);

  constructor(readonly id: string) {}

  @Transaction()
  async transfer(to: Account, amount: number): Promise<void> {
    await this.balance.update((balance) => debit(balance, amount));
    await to.incoming.update((incoming) => incoming + amount); // finding: no-mixed-levels-in-transaction
  }

  async worth(): Promise<number> {
    return (await this.balance.read()) + (await this.incoming.read());
  }

  @Invariant("money is conserved", { when: "converged" })
  static async conserved(all: readonly Account[]): Promise<boolean> {
    let sum = 0;
    for (const account of all) sum += await account.worth();
    return sum === 100 * all.length;
  }
}

/** The right one: debit and credit are decided by the same majority, so they happen together or not at all. */
@Replicated()
export class SafeAccount {
  @Linearizable() readonly balance = register(100);

  constructor(readonly id: string) {}

  @Transaction()
  async transfer(to: SafeAccount, amount: number): Promise<void> {
    await this.balance.update((balance) => debit(balance, amount));
    await to.balance.update((balance) => balance + amount);
  }

  async worth(): Promise<number> {
    return await this.balance.read();
  }

  @Invariant("money is conserved", { when: "converged" })
  static async conserved(all: readonly SafeAccount[]): Promise<boolean> {
    let sum = 0;
    for (const account of all) sum += await account.worth();
    return sum === 100 * all.length;
  }
}

class InsufficientFundsError extends Error {
  override readonly name = "InsufficientFundsError";
}

function debit(balance: number, amount: number): number {
  if (balance < amount) throw new InsufficientFundsError(`${amount} asked for, ${balance} there`);
  return balance - amount;
}

const world = {
  regions: ["nyc", "london", "tokyo"],
  faults: [partition([["nyc"], ["london", "tokyo"]], { fromMs: 500, untilMs: 5_000 })],
} as const;

/** Alice pays from New York and Bob from London, both to Carol, around the moment when New York is cut off. */
export const splitBank = scenario("money survives a partition", world, async ({ session, sleep, random }) => {
  const payCarol = async (region: "nyc" | "london", customer: string, amount: number, afterMs: number) => {
    const client = session(region);
    await sleep(afterMs + random() * 300);
    await client.open(Account, customer).transfer(client.open(Account, "carol"), amount);
  };
  await Promise.all([payCarol("nyc", "alice", 30, 0), payCarol("london", "bob", 20, 350)]);
});

/** The same payments in the same partition: New York may refuse, and says so, but nothing is lost. */
export const splitBankFixed = scenario(
  "money survives a partition when every part is linearizable",
  world,
  async ({ session, sleep, random }) => {
    const payCarol = async (region: "nyc" | "london", customer: string, amount: number, afterMs: number) => {
      const client = session(region);
      await sleep(afterMs + random() * 300);
      await client.open(SafeAccount, customer).transfer(client.open(SafeAccount, "carol"), amount);
    };
    await Promise.all([payCarol("nyc", "alice", 30, 0), payCarol("london", "bob", 20, 350)]);
  },
);
