import { Causal, Eventual, lastWriterWins, Replicated, register } from "@faultline/runtime";
import { clockSkew, partition, scenario } from "@faultline/runtime/simulation";

/** Where an order goes. Of two addresses the one with the later timestamp stays, and each server stamps by its own clock. */
@Replicated()
export class Order {
  @Eventual({ merge: lastWriterWins.wallClock }) readonly address = register("unknown"); // finding: no-wall-clock-order

  constructor(readonly id: string) {}

  async sendTo(address: string): Promise<void> {
    await this.address.write(address);
  }
}

/** The right one: what she has written before goes along to wherever she writes next, and so it counts as older. */
@Replicated()
export class CausalOrder {
  @Causal() readonly address = register("unknown");

  constructor(readonly id: string) {}

  async sendTo(address: string): Promise<void> {
    await this.address.write(address);
  }
}

/** The clock in virginia is three seconds ahead. Nobody notices, until the load balancer gives virginia up for a while. */
const world = {
  regions: ["virginia", "dublin"],
  faults: [clockSkew("virginia", 3_000), partition([["virginia"], ["dublin"]], { fromMs: 1_000, untilMs: 2_500 })],
} as const;

/** She types an address, sees a mistake in it, and corrects it a second later: by then she is served from dublin. */
export const correctedAddress = scenario(
  "the corrected address counts",
  world,
  async ({ session, sleep, random, converged }) => {
    converged("the parcel goes to the corrected address", async (reader) => {
      return (await reader.open(Order, "#7").address.read()) === "12 Elm Street";
    });

    const she = session("virginia");
    await sleep(950 + random() * 100);
    await she.open(Order, "#7").sendTo("21 Elm Street");
    she.moveTo("dublin");
    await sleep(1_000 + random() * 200);
    await she.open(Order, "#7").sendTo("12 Elm Street");
  },
);

/** The same correction by the same clocks, of an order that knows what came before what. */
export const correctedAddressFixed = scenario(
  "the corrected address counts when causality decides",
  world,
  async ({ session, sleep, random, converged }) => {
    converged("the parcel goes to the corrected address", async (reader) => {
      return (await reader.open(CausalOrder, "#7").address.read()) === "12 Elm Street";
    });

    const she = session("virginia");
    await sleep(950 + random() * 100);
    await she.open(CausalOrder, "#7").sendTo("21 Elm Street");
    she.moveTo("dublin");
    await sleep(1_000 + random() * 200);
    await she.open(CausalOrder, "#7").sendTo("12 Elm Street");
  },
);
