// What calls that nobody wrote cost beside those of a scenario: schedules of a bank, drawing and verdict included, in one
// process that has warmed up, on one core. What is aimed at: 10,000 seeds at each of five levels in 60 s on two cores.
import { setTimeout as sleep } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import {
  Causal,
  Eventual,
  Invariant,
  Linearizable,
  NoConsistency,
  Replicated,
  register,
  Sequential,
  Transaction,
} from "@faultline/runtime";
import { explore, type Target, typedWorkload } from "@faultline/runtime/simulation";
import { transfers } from "./bank-scenario.js";
import { median, printTable, type Row } from "./table.js";

const repetitions = 5;
const schedules = 200;

function bankAt(level: typeof Linearizable) {
  @Replicated()
  class Account {
    static readonly [typedWorkload] = {
      shape: {
        target: "Account",
        methods: [
          {
            name: "transfer",
            parameters: [
              { name: "to", values: { kind: "handle", target: "Account" }, isOptional: false, isRest: false },
              { name: "amount", values: { kind: "number", near: [0, 100] }, isOptional: false, isRest: false },
            ],
          },
          { name: "worth", parameters: [] },
        ],
      },
    } as const;

    @level() readonly balance = register(100);

    constructor(readonly id: string) {}

    @Transaction()
    async transfer(to: Account, amount: number): Promise<void> {
      await this.balance.update((balance) => {
        if (balance < amount) throw new Error("insufficient funds");
        return balance - amount;
      });
      await to.balance.update((balance) => balance + amount);
    }

    async worth(): Promise<number> {
      return this.balance.read();
    }

    @Invariant("no account is overdrawn")
    async solvent(): Promise<boolean> {
      return (await this.balance.read()) >= 0;
    }

    @Invariant("money is conserved", { when: "converged" })
    static async conserved(all: readonly Account[]): Promise<boolean> {
      let sum = 0;
      for (const account of all) sum += await account.balance.read();
      return sum === 100 * all.length;
    }
  }
  return Account;
}

interface Subject {
  readonly what: string;
  readonly target: Target;
  /** Milliseconds on the processor a schedule, and microseconds a call. */
  readonly perSchedule: number[];
  readonly perCall: number[];
}

const subject = (what: string, target: Target): Subject => ({ what, target, perSchedule: [], perCall: [] });
const banks = [
  subject("generated, none", bankAt(NoConsistency)),
  subject("generated, eventual", bankAt(Eventual)),
  subject("generated, causal", bankAt(Causal)),
  subject("generated, sequential", bankAt(Sequential)),
  subject("generated, linearizable", bankAt(Linearizable)),
];
const subjects = [subject("scenario, linearizable", transfers), ...banks];

setFlagsFromString("--no-allocation-site-pretenuring"); // as the child does that simulations run in: see host/main.ts
await sleep(500); // tsx tidies its cache first; a schedule would take that for files which the scenario opens
// In turn, so that what else the machine does meets all of them. The first rounds warm up.
for (let round = -2; round < repetitions; round++) {
  for (const { target, perSchedule, perCall } of subjects) {
    const cpuBefore = process.cpuUsage();
    const { operations } = await explore(target, { seed: 1 + (round + 2) * schedules, schedules });
    const { user, system } = process.cpuUsage(cpuBefore);
    if (round < 0) continue;
    const calls = operations.reduce((sum, { ok, fail, info }) => sum + ok + fail + info, 0);
    perSchedule.push((user + system) / 1_000 / schedules);
    perCall.push((user + system) / calls);
  }
}
const rows = (of: "perSchedule" | "perCall", unit: string): readonly Row[] =>
  subjects.map((each) => ({ what: each.what, values: each[of], unit }));
printTable("Bank, time on the processor: a schedule", rows("perSchedule", "ms"));
printTable("The same: a call", rows("perCall", "µs"));
const allLevelsMs = banks.reduce((sum, { perSchedule }) => sum + median(perSchedule), 0);
console.log(`10,000 seeds at five levels, on two cores: ${Math.round((allLevelsMs * 10_000) / 2 / 1_000)} s.`);
