import { Eventual, isIndeterminate, isUnavailable, map, Replicated } from "@faultline/runtime";
import { type ScenarioContext, scenario } from "@faultline/runtime/simulation";

interface Transfer {
  readonly from: string;
  readonly to: string;
  readonly amount: number;
}

/**
 * Accounts with 100 each, in a bank where nobody waits: a transfer is written down first, and each half of it goes by its
 * number. Whoever finds one half makes the other, and may do so twice.
 */
@Replicated()
export class Ledger {
  @Eventual() readonly transfers = map<string, Transfer>();
  @Eventual() readonly halves = map<string, number>();

  constructor(readonly bank: string) {}

  /** Its number comes from whoever pays, so that asking again is no second payment. */
  async transfer(number: string, from: string, to: string, amount: number): Promise<void> {
    if ((await this.worth(from)) < amount) throw new InsufficientFundsError(`${from} does not have ${amount}`);
    await this.transfers.put(number, { from, to, amount });
    await this.halves.put(`${number} from ${from}`, -amount);
    await this.halves.put(`${number} to ${to}`, amount);
  }

  /** What runs in the background. */
  async settle(): Promise<void> {
    for (const [number, { from, to, amount }] of await this.transfers.entries()) {
      await this.halves.put(`${number} from ${from}`, -amount);
      await this.halves.put(`${number} to ${to}`, amount);
    }
  }

  async worth(account: string): Promise<number> {
    const halves = await this.halves.entries();
    return halves.reduce((sum, [name, amount]) => sum + (name.endsWith(` ${account}`) ? amount : 0), 100);
  }
}

class InsufficientFundsError extends Error {
  override readonly name = "InsufficientFundsError";
}

const regions = ["nyc", "london", "tokyo"] as const;
type Context = ScenarioContext<(typeof regions)[number]>;

/** New York crashes while Alice pays there; she pays in London too. Later London settles, or nobody does. */
const crash =
  ({ isSettled }: { readonly isSettled: boolean }) =>
  async ({ session, sleep, random, now, faults, measure, converged }: Context) => {
    const [nyc, london] = [session("nyc").open(Ledger, "bank"), session("london").open(Ledger, "bank")];
    converged("no money appears or vanishes", async (reader) => {
      const ledger = reader.open(Ledger, "bank");
      measure("alice has in the end", await ledger.worth("alice"), { unit: "$" });
      return (await ledger.halves.entries()).reduce((sum, [, amount]) => sum + amount, 0) === 0;
    });
    faults.crash("nyc", { fromMs: random() * 4, untilMs: 2_000 });
    await Promise.all([
      nyc.transfer("#1", "alice", "carol", 80).catch(unlessRefused),
      sleep(random() * 100).then(() => london.transfer("#2", "alice", "bob", 80).catch(unlessRefused)),
    ]);
    await sleep(5_000 - now());
    if (isSettled) await london.settle();
  };

/** What was half done when New York crashed stays so. */
export const halfDone = scenario("money survives a crash", { regions }, crash({ isSettled: false }));

/** Three seconds after New York is back London looks what is half done. */
export const halfDoneFixed = scenario(
  "money survives a crash when somebody settles",
  { regions },
  crash({ isSettled: true }),
);

/** Whoever pays is told, and looks later. */
function unlessRefused(error: unknown): void {
  if (!(error instanceof InsufficientFundsError || isUnavailable(error) || isIndeterminate(error))) throw error;
}
