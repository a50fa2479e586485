import {
  counter,
  Eventual,
  Invariant,
  isConflict,
  isIndeterminate,
  isUnavailable,
  Linearizable,
  log,
  Replicated,
  register,
  Sequential,
  Workload,
} from "@faultline/runtime";
import { Command, ReadModel } from "@faultline/runtime/cqrs";
import { partition, scenario } from "@faultline/runtime/simulation";
import { StreamedAccount } from "./streamed-account.js";
import type { Title, ViewingEvent } from "./viewing.js";

/** Save, then publish, as a handler is often written: the account lies in a database, its events go to a broker. */
@Replicated()
export class PublishedAccount {
  @Linearizable() readonly bills = register<readonly Title[]>([]);
  @Sequential() readonly topic = log<ViewingEvent>();
  @ReadModel() @Eventual() readonly watched = counter();
  @Eventual() readonly offset = register(0);

  constructor(readonly id: string) {}

  @Command()
  async play(title: Title): Promise<void> {
    await this.bills.update((bills) => [...bills, title]);
    await this.topic.append({ type: "PlaybackStarted", title });
  }

  /** How many titles were watched, which recommendations begin with: the next events, then how far it has come. */
  @Workload({ weight: 0 }) // by a job, not by users: see `takenOver`
  async project(): Promise<void> {
    const events = await this.topic.entries();
    const offset = await this.offset.read();
    await this.watched.increment(events.length - offset);
    await this.offset.write(events.length);
  }

  @Invariant("what is billed was published", { when: "converged" })
  async published(): Promise<boolean> {
    return (await this.topic.entries()).length >= (await this.bills.read()).length;
  }

  @Invariant("nothing is counted twice", { when: "converged" })
  async counted(): Promise<boolean> {
    return (await this.watched.read()) <= (await this.topic.entries()).length;
  }
}

const regions = ["virginia", "oregon", "dublin"] as const;
const faults = [partition([["virginia"], ["oregon", "dublin"]], { fromMs: 300, untilMs: 3_000 })];

/** Ann presses Play in Virginia about when it is cut off. The database has heard of it, the broker does not any more. */
export const cutOff = scenario("billing and history agree", { regions, faults }, async ({ session, sleep, random }) => {
  for (const title of ["Dark", "Roma"] as const) {
    await sleep(150 + random() * 150);
    await session("virginia").open(PublishedAccount, "ann").play(title).catch(unlessUnanswered);
  }
});

/** One projector takes over from another one, and does not know yet how far that had come. */
export const takenOver = scenario("no title counts twice", { regions, faults }, async ({ session, sleep, random }) => {
  const account = session("oregon").open(PublishedAccount, "ann");
  await account.play("Dark");
  await account.project();
  await sleep(random() * 300);
  await session("dublin").open(PublishedAccount, "ann").project();
});

/** Both evenings again: Ann presses Play, presses again when no answer comes, and two projectors overlap. */
export const cutOffFixed = scenario(
  "billing and history agree, and no title counts twice, with one stream and views that know what they have seen",
  { regions, faults, setup: ({ open }) => open(StreamedAccount, "ann").subscribe() },
  async ({ session, sleep, random, converged }) => {
    await sleep(random() * 300);
    for (const region of ["virginia", "oregon"] as const) {
      await session(region).open(StreamedAccount, "ann").play("Dark", "tap-1").catch(unlessUnanswered);
    }
    for (const region of ["oregon", "dublin"] as const) await session(region).open(StreamedAccount, "ann").project();
    converged("she watches one title, and pays for one", async (reader) => {
      const account = reader.open(StreamedAccount, "ann");
      await account.project();
      return (await account.watched()).answer.length === 1;
    });
  },
);

/** An evening in Virginia: some of this, some of that. What her phone in Oregon shows of it, it shows all of. */
export const eveningFixed = scenario(
  "the phone goes on where the television was left",
  { regions, setup: ({ open }) => open(StreamedAccount, "ann").subscribe() },
  async ({ session, sleep, random, check }) => {
    const television = session("virginia").open(StreamedAccount, "ann");
    const phone = session("oregon").open(StreamedAccount, "ann");
    const evening = async () => {
      await television.play("Dark", "tap-1");
      await television.pause(42, "tap-2");
      await television.play("Roma", "tap-3");
      const token = await television.rate("Roma", 5, "tap-4");
      await television.project();
      return { after: token, withinMs: 3_000 };
    };
    const meanwhile = sleep(random() * 500).then(() => phone.project());
    const [seen] = await Promise.all([evening(), meanwhile]);
    const { queries } = phone;
    const found = await queries.ask({ type: "Search", word: "ar" }, seen);
    const left = await queries.ask({ type: "ContinueWatching" }, seen);
    const suggested = await queries.ask({ type: "Recommendations" }, seen);
    await check("she finds what she has seen", () => found.answer.join() === "Dark");
    await check("at the minute where she left it", () => left.answer.Dark === 42 && left.answer.Roma === 0);
    await check("and what is like what she liked", () => suggested.answer.Dark === 3 && suggested.answer.Ozark === 1);
  },
);

/** The viewer is told: it does not play now, or nobody can say whether it was billed. */
function unlessUnanswered(error: unknown): void {
  if (!isUnavailable(error) && !isIndeterminate(error) && !isConflict(error)) throw error;
}

export { coastMeasured, continentsMeasured } from "./latency.js";
