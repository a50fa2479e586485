/** A warehouse whose reservation loses its own writes under a partition; two levels in one transaction. */
export const mixedStock = `import { Eventual, Linearizable, Replicated, register, Transaction } from "@faultline/runtime";

@Replicated()
export class Stock {
  @Linearizable() readonly pieces = register(10);
  @Eventual() readonly reserved = register(0);

  constructor(readonly id: string) {}

  @Transaction()
  async reserve(count: number): Promise<void> {
    await this.pieces.update((pieces) => pieces - count);
    await this.reserved.update((reserved) => reserved + count); // !! no-mixed-levels-in-transaction
  }
}
`;

/** The same without the mistake. */
export const soundStock = mixedStock.replace("@Eventual() ", "@Linearizable() ").replace(/ +\/\/ !!.*/, "");

/** Clerks in two cities reserve during a partition; the sum must be kept at every level. */
export const stockScenario = `import { partition, scenario } from "@faultline/runtime/simulation";
import { Stock } from "./stock.js";

export const splitStock = scenario(
  "no piece is reserved without a trace",
  {
    regions: ["nyc", "london", "tokyo"],
    faults: [partition([["nyc"], ["london", "tokyo"]], { fromMs: 200, untilMs: 3_000 })],
  },
  async ({ session, sleep, random, converged }) => {
    converged("pieces and reservations are ten", async (reader) => {
      const stock = reader.open(Stock, "lamp");
      return (await stock.pieces.read()) + (await stock.reserved.read()) === 10;
    });
    const clerk = async (region: "nyc" | "london") => {
      await sleep(random() * 500);
      await session(region).open(Stock, "lamp").reserve(1);
    };
    await Promise.all([clerk("nyc"), clerk("london")]);
  },
);
`;

/** A counter nobody decides by, held where every increment waits for a majority. */
export const strongCounter = `import { counter, Linearizable, Replicated } from "@faultline/runtime";

@Replicated()
export class Page {
  @Linearizable() readonly views = counter(); // !! no-strong-counter

  async visit(): Promise<void> {
    await this.views.increment();
  }
}
`;
