import { Eventual, gossip, map, Replicated } from "@faultline/runtime";
import { partition, scenario } from "@faultline/runtime/simulation";

export interface Status {
  readonly isOnline: boolean;
  readonly lastSeenMs: number;
}

/** Who is online. Servers gossip about it every 10 s; an old answer is better than none. */
@Replicated()
export class Presence {
  @Eventual({ mechanism: gossip({ intervalMs: 10_000 }) }) readonly members = map<string, Status>();

  async publish(batch: readonly (readonly [member: string, status: Status])[]): Promise<void> {
    for (const [member, status] of batch) await this.members.put(member, status);
  }

  async of(member: string): Promise<Status | undefined> {
    return await this.members.get(member);
  }
}

/** A server that phones are connected to. It tells the others every 10 s, so that a flapping connection costs nothing. */
export class PresenceServer {
  private readonly waiting = new Map<string, Status>();

  constructor(private readonly presence: Presence) {}

  changed(member: string, isOnline: boolean): void {
    this.waiting.set(member, { isOnline, lastSeenMs: Date.now() });
  }

  async flush(): Promise<void> {
    const batch = [...this.waiting];
    this.waiting.clear();
    await this.presence.publish(batch);
  }
}

const regions = ["nyc", "london", "tokyo"] as const;

/** Three friends come online, each at some moment; their servers tell each other every 10 s, and Tokyo is cut off for 10 s. */
export const presenceMeasured = scenario(
  "when friends see who is online",
  { regions, faults: [partition([["tokyo"], ["nyc", "london"]], { fromMs: 5_000, untilMs: 15_000 })] },
  async ({ session, sleep, random, now, measure, converged }) => {
    converged("everybody knows", async (reader) => {
      const seen = await Promise.all(regions.map((name) => reader.open(Presence, "friends").of(name)));
      return seen.every((status) => status?.isOnline === true);
    });
    const comesOnline = async (region: (typeof regions)[number]) => {
      const server = new PresenceServer(session(region).open(Presence, "friends"));
      await sleep(random() * 10_000);
      server.changed(region, true);
      const changedAt = now();
      const batchIn = sleep(random() * 10_000).then(() => server.flush());
      const friends = regions.filter((friend) => friend !== region);
      const seen = async (friend: (typeof regions)[number]) => {
        const presence = session(friend).open(Presence, "friends");
        while ((await presence.of(region)) === undefined) await sleep(500);
        const wasCutOff = [region, friend].includes("tokyo");
        const name = wasCutOff ? "to or from Tokyo, which is cut off" : "between New York and London";
        measure(name, (now() - changedAt) / 1_000, { unit: "s", claim: "30 s" });
      };
      await Promise.all([batchIn, ...friends.map(seen)]);
    };
    await Promise.all(regions.map(comesOnline));
  },
);
