import { log, map, Replicated, Sequential, Transaction } from "../../index.js";
import { type Commit, decider, type Event, eventStream, everyEvents, type Snapshot } from "../index.js";

export type AccountEvent =
  | Event<"opened", { initialBalance: number; owner: string }>
  | Event<"deposited", { amount: number; source: string }>
  | Event<"withdrawn", { amount: number; destination: string }>;

export interface AccountState {
  readonly owner: string | undefined;
  readonly balance: number;
}

export type AccountCommand =
  | { readonly open: string; readonly balance: number }
  | { readonly deposit: number; readonly source: string }
  | { readonly withdraw: number; readonly destination: string };

export class InsufficientFundsError extends Error {}

export const account = decider({
  initialState: { owner: undefined, balance: 0 } as AccountState,
  decide(command: AccountCommand, { owner, balance }: AccountState): readonly AccountEvent[] {
    if ("open" in command) {
      return owner === undefined ? [{ type: "opened", initialBalance: command.balance, owner: command.open }] : [];
    }
    if ("deposit" in command) return [{ type: "deposited", amount: command.deposit, source: command.source }];
    if (command.withdraw > balance) throw new InsufficientFundsError();
    return [{ type: "withdrawn", amount: command.withdraw, destination: command.destination }];
  },
  evolve(state: AccountState, event: AccountEvent): AccountState {
    switch (event.type) {
      case "opened":
        return { owner: event.owner, balance: event.initialBalance };
      case "deposited":
        return { ...state, balance: state.balance + event.amount };
      case "withdrawn":
        return { ...state, balance: state.balance - event.amount };
    }
  },
});

/** What the wall clock of the tests says. */
export const clock = { timeMs: 0 };

/** Opened under an identity of its own by each test: the embedded deployment is one for the whole process. */
@Replicated()
@Sequential()
export class Account {
  readonly commits = log<Commit<AccountEvent>>();
  readonly snapshots = map<string, Snapshot<AccountState>>();
  readonly stream = eventStream(this.commits, {
    decider: account,
    now: () => clock.timeMs,
    snapshots: { cell: this.snapshots, policy: everyEvents(3) },
  });

  constructor(readonly id: string) {}

  @Transaction()
  async payTo(other: Account, amount: number): Promise<void> {
    await this.stream.execute({ withdraw: amount, destination: other.id });
    await other.stream.execute({ deposit: amount, source: this.id });
  }
}
