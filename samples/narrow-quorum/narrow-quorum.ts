import { Linearizable, quorum, Replicated, register } from "@faultline/runtime";
import { scenario } from "@faultline/runtime/simulation";

/** A password in three copies. One copy answers a read, one copy confirms a write: it is fast wherever one asks. */
@Replicated()
export class Login {
  @Linearizable({ mechanism: quorum({ n: 3, r: 1, w: 1 }) }) // finding: no-ineffective-quorum
  readonly password = register("hunter2");

  constructor(readonly id: string) {}

  async change(password: string): Promise<void> {
    await this.password.write(password);
  }

  async accepts(password: string): Promise<boolean> {
    return (await this.password.read()) === password;
  }
}

/** The right one: any two of three copies have one in common, and that one has seen the last change. */
@Replicated()
export class SafeLogin {
  @Linearizable({ mechanism: quorum({ n: 3, r: 2, w: 2 }) }) readonly password = register("hunter2");

  constructor(readonly id: string) {}

  async change(password: string): Promise<void> {
    await this.password.write(password);
  }

  async accepts(password: string): Promise<boolean> {
    return (await this.password.read()) === password;
  }
}

/** No fault at all: it takes no more than the distance between two data centres. */
const world = { regions: ["virginia", "dublin", "singapore"] } as const;

/** Alice changes her password and logs in again. The load balancer has sent her next request to another region. */
export const changedPassword = scenario(
  "a changed password counts",
  world,
  async ({ session, sleep, random, check }) => {
    const alice = session("virginia");
    await sleep(random() * 1_000);
    await alice.open(Login, "alice").change("correct horse");
    alice.moveTo("dublin");
    await sleep(random() * 200);
    await check("the old password is refused", async () => !(await alice.open(Login, "alice").accepts("hunter2")));
  },
);

/** The same requests, each answered by two copies of three. */
export const changedPasswordFixed = scenario(
  "a changed password counts when quorums meet",
  world,
  async ({ session, sleep, random, check }) => {
    const alice = session("virginia");
    await sleep(random() * 1_000);
    await alice.open(SafeLogin, "alice").change("correct horse");
    alice.moveTo("dublin");
    await sleep(random() * 200);
    await check("the old password is refused", async () => !(await alice.open(SafeLogin, "alice").accepts("hunter2")));
  },
);
