import { Linearizable, Replicated, raft, register } from "@faultline/runtime";
import { clockDrift, isolate, scenario } from "@faultline/runtime/simulation";

/** An access token. Every request asks whether it is still valid, so reads go by the leader's lease and cost nothing. */
@Replicated()
export class Token {
  @Linearizable({ mechanism: raft({ reads: "lease" }) }) readonly valid = register(true);

  constructor(readonly id: string) {}

  async revoke(): Promise<void> {
    await this.valid.write(false);
  }

  async isValid(): Promise<boolean> {
    return await this.valid.read();
  }
}

/** The right one where clocks cannot be trusted: the leader asks a majority instead of its clock. */
@Replicated()
export class SafeToken {
  @Linearizable({ mechanism: raft({ reads: "readIndex" }) }) readonly valid = register(true);

  constructor(readonly id: string) {}

  async revoke(): Promise<void> {
    await this.valid.write(false);
  }

  async isValid(): Promise<boolean> {
    return await this.valid.read();
  }
}

/** A host in sydney gives its virtual machine too little time: its clock does 0.4 s in a second. Then it is cut off. */
const world = {
  regions: ["sydney", "london", "paris"],
  faults: [clockDrift("sydney", -0.6), isolate("sydney", { fromMs: 1_000, untilMs: 6_000 })],
} as const;

/** London revokes a stolen token as soon as it can. The gateway in Sydney asks before it lets a request through. */
export const stolenToken = scenario(
  "a revoked token opens nothing",
  world,
  async ({ session, sleep, random, check }) => {
    let isRevoked = false;
    const revoke = async () => {
      await sleep(1_000 + random() * 200);
      await session("london").open(Token, "t-42").revoke();
      isRevoked = true;
    };
    const gateway = async () => {
      const token = session("sydney").open(Token, "t-42");
      for (let i = 0; i < 80; i++, await sleep(random() * 40)) {
        const mustNot = isRevoked;
        await check(
          "no request gets through after the token was revoked",
          async () => !((await token.isValid()) && mustNot),
        );
      }
    };
    await Promise.all([revoke(), gateway()]);
  },
);

/** The same requests on the same clocks: a gateway that is cut off gets no answer, and lets nobody through. */
export const stolenTokenFixed = scenario(
  "a revoked token opens nothing when no clock is trusted",
  world,
  async ({ session, sleep, random, check }) => {
    let isRevoked = false;
    const revoke = async () => {
      await sleep(1_000 + random() * 200);
      await session("london").open(SafeToken, "t-42").revoke();
      isRevoked = true;
    };
    const gateway = async () => {
      const token = session("sydney").open(SafeToken, "t-42");
      for (let i = 0; i < 80; i++, await sleep(random() * 40)) {
        const mustNot = isRevoked;
        await check(
          "no request gets through after the token was revoked",
          async () => !((await token.isValid()) && mustNot),
        );
      }
    };
    await Promise.all([revoke(), gateway()]);
  },
);
