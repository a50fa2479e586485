import { Causal, counter, Eventual, log, primaryReplica, Replicated, register } from "@faultline/runtime";
import { scenario } from "@faultline/runtime/simulation";
import { regions } from "./guests.js";

/** What people see of a home, and what is counted of it. Nothing is decided by it. */
@Replicated()
export class Listing {
  // One's own changes at once, an answer after what it answers.
  @Causal() readonly title = register("");
  @Causal() readonly messages = log<string>();
  // Analytics, which come when they come.
  @Eventual() readonly views = counter();
  @Eventual({ mechanism: primaryReplica({ acknowledge: "async", reads: "local" }) }) readonly rank = register(0);

  constructor(readonly id: string) {}

  async rename(title: string): Promise<void> {
    await this.title.write(title);
  }

  async say(text: string): Promise<void> {
    await this.messages.append(text);
  }

  async visit(): Promise<void> {
    await this.views.increment();
  }

  /** By a job, over night. */
  async rankAs(place: number): Promise<void> {
    await this.rank.write(place);
  }
}

/** What a host sees of her own changes, and how old may be what others see, level by level. */
export const windowsMeasured = scenario("who sees what how late", { regions }, async (context) => {
  const { session, sleep, random, now, check, measure } = context;
  const host = session("virginia");
  const listing = host.open(Listing, "loft");
  await sleep(random() * 1_000);
  await Promise.all([listing.rename("Loft, with a view"), listing.visit(), listing.rankAs(3)]);
  const writtenAt = now();
  const seen = async (name: string, claim: string, isSeen: (listing: Listing) => Promise<boolean>) => {
    const guest = session("singapore").open(Listing, "loft");
    while (!(await isSeen(guest))) await sleep(20);
    measure(name, now() - writtenAt, { unit: "ms", claim });
  };
  await check("a host sees her own title", async () => (await listing.title.read()) === "Loft, with a view");
  host.moveTo("dublin");
  await check("a host who travels does, too", async () => (await listing.title.read()) === "Loft, with a view");
  await Promise.all([
    seen("guests see the title (causal)", "< 5 s", async ({ title }) => (await title.read()) !== ""),
    seen("guests see the view (eventual)", "< 5 s", async ({ views }) => (await views.read()) > 0),
    seen("guests see the rank (read replica)", "1-2 s", async ({ rank }) => (await rank.read()) > 0),
  ]);
});

/** A guest asks, the host answers; who reads the answer reads the question before it. */
export const messagesFixed = scenario("an answer stands after its question", { regions }, async (context) => {
  const listingIn = (region: (typeof regions)[number]) => context.session(region).open(Listing, "loft");
  const [guest, host, reader] = [listingIn("singapore"), listingIn("virginia"), listingIn("dublin")];
  const line = async ({ messages }: Listing, text: string) => {
    while (!(await messages.entries()).includes(text)) await context.sleep(20);
  };
  const answer = () => line(host, "Pets?").then(() => host.say("Pets!"));
  await Promise.all([guest.say("Pets?"), answer(), line(reader, "Pets!")]);
  const read = async () => (await reader.messages.entries()).join(" ");
  await context.check("the question stands first", async () => (await read()) === "Pets? Pets!");
});
