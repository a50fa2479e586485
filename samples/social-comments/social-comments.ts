import { Causal, Eventual, Invariant, log, Replicated, register } from "@faultline/runtime";
import { scenario } from "@faultline/runtime/simulation";

interface Comment {
  readonly author: string;
  readonly text: string;
}

/** A post and what is said below it. It has to answer always and everywhere, and no two people change the same thing. */
@Replicated()
@Eventual() // finding: no-underkill-level
export class Thread {
  readonly post = register("");
  readonly comments = log<Comment>();

  constructor(readonly id: string) {}

  async publish(text: string): Promise<void> {
    await this.post.write(text);
  }

  async comment(author: string, text: string): Promise<void> {
    if ((await this.post.read()) === "") throw new NothingToCommentError(`there is no post in ${this.id} yet`);
    await this.comments.append({ author, text });
  }

  /** The comments before the post: what comes in meanwhile can then only be a post too many, not a comment. */
  async read(): Promise<{ readonly post: string; readonly comments: readonly Comment[] }> {
    const comments = await this.comments.entries();
    return { post: await this.post.read(), comments };
  }

  @Invariant("no comment without its post")
  async readable(): Promise<boolean> {
    return (await this.comments.entries()).length === 0 || (await this.post.read()) !== "";
  }
}

/** The right one: a replica keeps a comment back until it has what its author had seen. */
@Replicated()
@Causal()
export class CausalThread {
  readonly post = register("");
  readonly comments = log<Comment>();

  constructor(readonly id: string) {}

  async publish(text: string): Promise<void> {
    await this.post.write(text);
  }

  async comment(author: string, text: string): Promise<void> {
    if ((await this.post.read()) === "") throw new NothingToCommentError(`there is no post in ${this.id} yet`);
    await this.comments.append({ author, text });
  }

  async read(): Promise<{ readonly post: string; readonly comments: readonly Comment[] }> {
    const comments = await this.comments.entries();
    return { post: await this.post.read(), comments };
  }

  @Invariant("no comment without its post")
  async readable(): Promise<boolean> {
    return (await this.comments.entries()).length === 0 || (await this.post.read()) !== "";
  }
}

class NothingToCommentError extends Error {
  override readonly name = "NothingToCommentError";
}

const regions = ["nyc", "london", "tokyo"] as const;
type Region = (typeof regions)[number];

/** Alice writes about the weather. Bob answers as soon as he has seen that. Carol, in Tokyo, looks in. */
export const hiking = scenario("a conversation can be followed", { regions }, async ({ session, sleep, random }) => {
  const thread = (region: Region) => session(region).open(Thread, "weather");
  const bobs = thread("london");
  await thread("nyc").publish("Great weather today!");
  while ((await bobs.read()).post === "") await sleep(50);
  await bobs.comment("Bob", "Perfect for hiking!");
  await sleep(random() * 200);
  await thread("tokyo").read();
});

/** The same conversation where causes come before what they cause. */
export const hikingFixed = scenario(
  "a conversation can be followed when it is causal",
  { regions },
  async ({ session, sleep, random }) => {
    const thread = (region: Region) => session(region).open(CausalThread, "weather");
    const bobs = thread("london");
    await thread("nyc").publish("Great weather today!");
    while ((await bobs.read()).post === "") await sleep(50);
    await bobs.comment("Bob", "Perfect for hiking!");
    await sleep(random() * 200);
    await thread("tokyo").read();
  },
);

/** Bob and Carol answer at the same time. Neither answer is the cause of the other, so causal says nothing of the two. */
export const bobFirst = scenario(
  "what Alice has read stays where it is",
  { regions, setup: ({ open }) => open(CausalThread, "weather").publish("Great weather today!") },
  async ({ session, sleep, random, check }) => {
    const answer = async (region: Region, author: string, text: string) => {
      await sleep(random() * 100);
      await session(region).open(CausalThread, "weather").comment(author, text);
    };
    const look = async () => {
      const alices = session("nyc").open(CausalThread, "weather");
      await sleep(50 + random() * 100);
      const [first] = (await alices.read()).comments;
      await sleep(300);
      const [firstNow] = (await alices.read()).comments;
      await check(
        "the first comment is still the first",
        () => first === undefined || firstNow?.author === first.author,
      );
    };
    await Promise.all([
      answer("london", "Bob", "Perfect for hiking!"),
      answer("tokyo", "Carol", "Love sunny days"),
      look(),
    ]);
  },
);

/** What keeping comments back costs. In half of the schedules nothing gets from New York to Tokyo for a second. */
export const waitMeasured = scenario(
  "how long a comment waits for its post",
  { regions },
  async ({ session, sleep, now, random, faults, measure }) => {
    const thread = (region: Region) => session(region).open(CausalThread, "weather");
    const [bobs, carols] = [thread("london"), thread("tokyo")];
    const isCut = random() < 0.5;
    if (isCut) faults.cut("nyc", "tokyo", { untilMs: 1_000 });
    await thread("nyc").publish("Great weather today!");
    while ((await bobs.read()).post === "") await sleep(10);
    const answeredAt = now();
    await bobs.comment("Bob", "Perfect for hiking!");
    measure("Bob has answered after", now() - answeredAt, { unit: "ms" });
    while ((await carols.read()).comments.length === 0) await sleep(10);
    measure(isCut ? "Tokyo shows it, the post held up" : "Tokyo shows it", now() - answeredAt, { unit: "ms" });
  },
);
