import { Linearizable, Replicated, raft, register } from "@faultline/runtime";
import { isolate, scenario } from "@faultline/runtime/simulation";

/** The switch that stops an advertising campaign. Reads are answered by the leader alone: no round trip, always local. */
@Replicated()
export class Campaign {
  @Linearizable({ mechanism: raft({ reads: "leader" }) }) // finding: no-overclaimed-level
  readonly running = register(true);

  constructor(readonly id: string) {}

  async stop(): Promise<void> {
    await this.running.write(false);
  }

  async mayBid(): Promise<boolean> {
    return await this.running.read();
  }
}

/** The right one: before it answers, the leader hears from a majority that it still leads. */
@Replicated()
export class SafeCampaign {
  @Linearizable({ mechanism: raft({ reads: "readIndex" }) }) readonly running = register(true);

  constructor(readonly id: string) {}

  async stop(): Promise<void> {
    await this.running.write(false);
  }

  async mayBid(): Promise<boolean> {
    return await this.running.read();
  }
}

/** sydney is far from the other two: when it is cut off, they elect a leader among them before it gives up. */
const world = {
  regions: ["sydney", "london", "paris"],
  faults: [isolate("sydney", { fromMs: 1_000, untilMs: 6_000 })],
} as const;

/** London stops the campaign as soon as it can. The bidder in Sydney asks before every bid. */
export const stoppedCampaign = scenario(
  "a stopped campaign bids no more",
  world,
  async ({ session, sleep, random, check }) => {
    let isStopped = false;
    const stop = async () => {
      await sleep(1_000 + random() * 200);
      await session("london").open(Campaign, "spring").stop();
      isStopped = true;
    };
    const bid = async () => {
      const campaign = session("sydney").open(Campaign, "spring");
      for (let i = 0; i < 80; i++, await sleep(random() * 40)) {
        const mustNot = isStopped;
        await check("no bid after the stop", async () => !((await campaign.mayBid()) && mustNot));
      }
    };
    await Promise.all([stop(), bid()]);
  },
);

/** The same bids: the cut-off bidder gets no answer, and makes none. */
export const stoppedCampaignFixed = scenario(
  "a stopped campaign bids no more when the leader asks",
  world,
  async ({ session, sleep, random, check }) => {
    let isStopped = false;
    const stop = async () => {
      await sleep(1_000 + random() * 200);
      await session("london").open(SafeCampaign, "spring").stop();
      isStopped = true;
    };
    const bid = async () => {
      const campaign = session("sydney").open(SafeCampaign, "spring");
      for (let i = 0; i < 80; i++, await sleep(random() * 40)) {
        const mustNot = isStopped;
        await check("no bid after the stop", async () => !((await campaign.mayBid()) && mustNot));
      }
    };
    await Promise.all([stop(), bid()]);
  },
);
