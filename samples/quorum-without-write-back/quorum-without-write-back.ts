import { isIndeterminate, Linearizable, quorum, Replicated, register } from "@faultline/runtime";
import { partition, scenario } from "@faultline/runtime/simulation";

/** Where a parcel is, in three copies. Two answer each read and each write, but a read only looks. */
@Replicated()
export class Parcel {
  @Linearizable({ mechanism: quorum({ n: 3, r: 2, w: 2, writeBack: false }) }) // finding: no-overclaimed-level
  readonly status = register("in transit");

  constructor(readonly id: string) {}

  async deliver(): Promise<void> {
    await this.status.write("delivered");
  }

  async track(): Promise<string> {
    return await this.status.read();
  }
}

/** The right one: before a read shows something, two copies have it, and every later read will meet one of them. */
@Replicated()
export class SafeParcel {
  @Linearizable({ mechanism: quorum({ n: 3, r: 2, w: 2 }) }) readonly status = register("in transit");

  constructor(readonly id: string) {}

  async deliver(): Promise<void> {
    await this.status.write("delivered");
  }

  async track(): Promise<string> {
    return await this.status.read();
  }
}

/** The copies are in the first three regions; the depot in sao-paulo loses the cable to two of them. */
const world = {
  regions: ["virginia", "dublin", "frankfurt", "sao-paulo"],
  faults: [partition([["sao-paulo"], ["dublin", "frankfurt"]], { fromMs: 500, untilMs: 1_800 })],
} as const;

/** The courier scans the parcel as the cable goes. The customer sees it delivered and calls; the agent looks it up. */
export const trackedParcel = scenario(
  "a delivered parcel stays delivered",
  world,
  async ({ session, sleep, random, check }) => {
    const scan = async () => {
      await sleep(200 + random() * 300);
      await session("sao-paulo").open(Parcel, "AB123").deliver().catch(unlessIndeterminate);
    };
    const call = async () => {
      const [customer, agent] = [session("virginia"), session("dublin")];
      await sleep(400 + random() * 400);
      const told = await customer.open(Parcel, "AB123").track();
      const looked = await agent.open(Parcel, "AB123").track();
      await check("the agent sees what the customer has seen", () => told !== "delivered" || looked === "delivered");
    };
    await Promise.all([scan(), call()]);
  },
);

/** The same call, with reads that write back. */
export const trackedParcelFixed = scenario(
  "a delivered parcel stays delivered when reads write back",
  world,
  async ({ session, sleep, random, check }) => {
    const scan = async () => {
      await sleep(200 + random() * 300);
      await session("sao-paulo").open(SafeParcel, "AB123").deliver().catch(unlessIndeterminate);
    };
    const call = async () => {
      const [customer, agent] = [session("virginia"), session("dublin")];
      await sleep(400 + random() * 400);
      const told = await customer.open(SafeParcel, "AB123").track();
      const looked = await agent.open(SafeParcel, "AB123").track();
      await check("the agent sees what the customer has seen", () => told !== "delivered" || looked === "delivered");
    };
    await Promise.all([scan(), call()]);
  },
);

/** The scanner shows an hourglass: it may have been saved. */
function unlessIndeterminate(error: unknown): void {
  if (!isIndeterminate(error)) throw error;
}
