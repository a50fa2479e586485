import {
  counter,
  Eventual,
  Invariant,
  isConflict,
  isIndeterminate,
  isUnavailable,
  Linearizable,
  log,
  map,
  Replicated,
  register,
  Sequential,
  Workload,
} from "@faultline/runtime";
import {
  Command,
  commandBus,
  commandHandler,
  furthest,
  type Handled,
  Query,
  queryBus,
  queryHandler,
  ReadModel,
  view,
  type WriteToken,
} from "@faultline/runtime/cqrs";
import { type Commit, eventStream, noCheckpoint } from "@faultline/runtime/eventsourcing";
import { partition, scenario } from "@faultline/runtime/simulation";
import * as z from "zod/mini";
import {
  clock,
  continueWatching,
  history,
  numberOf,
  recommendations,
  type Title,
  title,
  type ViewingEvent,
  viewing,
} from "./viewing.js";

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

/** The right one: what is saved are the events, so none is unpublished; a view knows by itself what it has seen. */
@Replicated()
export class StreamedAccount {
  @Sequential() readonly commits = log<Commit<ViewingEvent>>();
  @Sequential() readonly handled = map<string, Handled>();
  @ReadModel() @Eventual({ merge: furthest }) readonly history = register(noCheckpoint(history));
  @ReadModel() @Eventual({ merge: furthest }) readonly continueWatching = register(noCheckpoint(continueWatching));
  @ReadModel() @Eventual({ merge: furthest }) readonly recommendations = register(noCheckpoint(recommendations));

  readonly stream = eventStream(this.commits, { decider: viewing, now: clock.now });
  readonly views = {
    history: view(this.history, history),
    continueWatching: view(this.continueWatching, continueWatching),
    recommendations: view(this.recommendations, recommendations),
  };
  readonly commands = commandBus({
    handled: this.handled,
    handlers: {
      StartPlayback: commandHandler({
        schema: z.object({ title }),
        handle: async ({ title }): Promise<WriteToken> => {
          const { version } = await this.stream.execute({ type: "StartPlayback", title });
          return { [this.id]: version };
        },
      }),
    },
  });
  readonly queries = queryBus({
    queries: {
      History: queryHandler(this.views.history, (titles) => titles),
      ContinueWatching: queryHandler(this.views.continueWatching, (minutes) => Object.keys(minutes)),
      Recommendations: queryHandler(this.views.recommendations, (weights) => weights),
    },
    clock,
  });

  constructor(readonly id: string) {}

  async subscribe(): Promise<void> {
    await this.stream.execute({ type: "Subscribe" });
  }

  @Command()
  play(title: Title, idempotencyKey: string): Promise<WriteToken> {
    return this.commands.execute({ type: "StartPlayback", title }, { idempotencyKey });
  }

  @Query()
  watched(after?: WriteToken): Promise<{ readonly answer: readonly Title[]; readonly isStale: boolean }> {
    return this.queries.ask({ type: "History" }, { after, withinMs: after === undefined ? 0 : 3_000 });
  }

  async project(): Promise<void> {
    for (const each of Object.values(this.views)) await each.project(this.id, this.stream);
  }

  @Invariant("what is billed was published", { when: "converged" })
  async published(): Promise<boolean> {
    const events = await this.stream.read();
    return numberOf("PlaybackStarted", events) >= numberOf("BillingStarted", events);
  }

  @Invariant("nothing is counted twice", { when: "converged" })
  async counted(): Promise<boolean> {
    return (await this.views.history.state()).length <= numberOf("PlaybackStarted", await this.stream.read());
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

const measured = (name: string, places: readonly [string, string, string]) =>
  scenario(
    name,
    { regions: places, setup: ({ open }) => open(StreamedAccount, "ann").subscribe() },
    async ({ session, sleep, random, now, measure, check }) => {
      const account = session(places[0]).open(StreamedAccount, "ann");
      const phone = session(places[1]).open(StreamedAccount, "ann");
      await sleep(random() * 100);
      const startedAt = now();
      const token = await account.play("Dark", "tap-1");
      measure("a write", now() - startedAt, { unit: "ms", claim: "< 50 ms" });

      const writtenAt = now();
      const projecting = sleep(random() * 100).then(() => account.project()); // it looks ten times a second
      await phone.watched();
      measure("a read", now() - writtenAt, { unit: "ms", claim: "< 10 ms" });
      const { isStale } = await phone.watched(token);
      measure("until a read that waits has it", now() - writtenAt, { unit: "ms" });
      await check("the phone shows what was played", () => !isStale);
      for (const [name, each] of Object.entries(phone.views)) {
        while ((await each.checkpoint()).versions["ann"] !== token["ann"]) await sleep(5);
        measure(`lag of ${name}`, now() - writtenAt, { unit: "ms" });
      }
      await projecting;
    },
  );

export const continentsMeasured = measured("what Play waits for across continents", regions);
export const coastMeasured = measured("what Play waits for along one coast", ["virginia", "ohio", "montreal"]);

/** The viewer is told: it does not play now, or nobody can say whether it was billed. */
function unlessUnanswered(error: unknown): void {
  if (!isUnavailable(error) && !isIndeterminate(error) && !isConflict(error)) throw error;
}
