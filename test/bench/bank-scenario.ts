import { Linearizable, Replicated, register, Transaction } from "@faultline/runtime";
import { partition, type Scenario, scenario } from "@faultline/runtime/simulation";

@Replicated()
class Account {
  @Linearizable() readonly balance = register(100);

  constructor(readonly id: string) {}

  @Transaction()
  async transfer(to: Account, amount: number): Promise<void> {
    await this.balance.update((balance) => balance - amount);
    await to.balance.update((balance) => balance + amount);
  }
}

const accounts = ["alice", "bob", "carol"] as const;
const clientRegions = ["nyc", "london", "tokyo", "london"] as const;
const world = {
  regions: ["nyc", "london", "tokyo"],
  faults: [partition([["nyc"], ["london", "tokyo"]], { fromMs: 500, untilMs: 5_000 })],
} as const;

/** Three replicas, four clients, 40 operations in 20 transactions, one partition. */
export const transfers: Scenario = scenario("transfers", world, async ({ session, random, sleep, converged }) => {
  converged("no money is made or lost", async (anywhere) => {
    let sum = 0;
    for (const id of accounts) sum += await anywhere.open(Account, id).balance.read();
    return sum === 300;
  });
  const client = async (region: (typeof clientRegions)[number]): Promise<void> => {
    const own = session(region);
    for (let transfer = 0; transfer < 5; transfer++) {
      const from = Math.floor(random() * 3);
      const to = (from + 1 + Math.floor(random() * 2)) % 3;
      const payee = own.open(Account, accounts[to] as string);
      // Whoever is cut off is refused, which is no failure of the bank.
      await own
        .open(Account, accounts[from] as string)
        .transfer(payee, 10)
        .catch(() => {});
      await sleep(random() * 400);
    }
  };
  await Promise.all(clientRegions.map(client));
});

/** The same world and clients, with 40 operations that stand alone: each third one is an update, the others are reads. */
export const single: Scenario = scenario("single operations", world, async ({ session, random, sleep }) => {
  const client = async (region: (typeof clientRegions)[number]): Promise<void> => {
    const own = session(region);
    for (let operation = 0; operation < 10; operation++) {
      const { balance } = own.open(Account, accounts[Math.floor(random() * 3)] as string);
      const asked = operation % 3 === 0 ? balance.update((before) => before + 1) : balance.read();
      await asked.catch(() => {});
      await sleep(random() * 200);
    }
  };
  await Promise.all(clientRegions.map(client));
});
