import { Eventual, Invariant, log, map, Replicated, register, Sequential } from "@faultline/runtime";
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
import * as z from "zod/mini";
import {
  clock,
  continueWatching,
  history,
  numberOf,
  recommendations,
  type Title,
  title,
  type ViewingCommand,
  type ViewingEvent,
  viewing,
} from "./viewing.js";

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
        handle: ({ title }) => this.execute({ type: "StartPlayback", title }),
      }),
      PausePlayback: commandHandler({
        schema: z.object({ minute: z.number() }),
        handle: ({ minute }) => this.execute({ type: "PausePlayback", minute }),
      }),
      Rate: commandHandler({
        schema: z.object({ title, stars: z.number().check(z.gte(1), z.lte(5)) }),
        handle: ({ title, stars }) => this.execute({ type: "Rate", title, stars }),
      }),
    },
  });
  readonly queries = queryBus({
    queries: {
      History: queryHandler(this.views.history, (titles) => titles),
      Search: queryHandler(this.views.history, (titles, { word }: { readonly word: string }) =>
        titles.filter((title) => title.toLowerCase().includes(word.toLowerCase())),
      ),
      ContinueWatching: queryHandler(this.views.continueWatching, (minutes) => minutes),
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

  @Command()
  pause(minute: number, idempotencyKey: string): Promise<WriteToken> {
    return this.commands.execute({ type: "PausePlayback", minute }, { idempotencyKey });
  }

  @Command()
  rate(title: Title, stars: number, idempotencyKey: string): Promise<WriteToken> {
    return this.commands.execute({ type: "Rate", title, stars }, { idempotencyKey });
  }

  @Query()
  watched(after?: WriteToken): Promise<{ readonly answer: readonly Title[]; readonly isStale: boolean }> {
    return this.queries.ask({ type: "History" }, { after, withinMs: after === undefined ? 0 : 3_000 });
  }

  async project(): Promise<void> {
    for (const each of Object.values(this.views)) await each.project(this.id, this.stream);
  }

  private async execute(command: ViewingCommand): Promise<WriteToken> {
    const { version } = await this.stream.execute(command);
    return { [this.id]: version };
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
