import { currentContext, type RefuseWrite, runInContext } from "../cells/context.js";
import { bindingOf, type Handle } from "../cells/handle.js";
import { whereabouts } from "../cells/requests.js";
import { AnnotationError, LevelError } from "../errors.js";
import type { Checkpoint } from "../eventsourcing/index.js";
import { InvalidCommandError } from "./schema.js";
import { type View, versionIn } from "./view.js";

/**
 * What somebody has written, by stream its version: `{ "viewing ann": 3 }`. Plain data, for an answer and a cookie. A
 * query that is given it says whether it shows that.
 */
export type WriteToken = Readonly<Record<string, number>>;

/** One question: which read model it is answered from, and how. */
export interface QueryHandler<State, Query, Answer> {
  readonly view: Shown<State>;
  readonly answer: (state: State, query: Query) => Answer | Promise<Answer>;
}

type Shown<State> = Pick<View<never, State>, "cell" | "checkpoint">;

/** A query as it is given, typed. Its function only reads: what it would write is refused. */
export function queryHandler<State, Query, Answer>(
  view: Shown<State>,
  answer: (state: State, query: Query) => Answer | Promise<Answer>,
): QueryHandler<State, Query, Answer> {
  return { view, answer };
}

/** By type of query. */
export type QueryHandlers = Readonly<Record<string, AnyHandler>>;

interface AnyHandler {
  readonly view: AnyView;
  readonly answer: (state: never, query: never) => unknown;
}

interface AnyView {
  readonly cell: Handle;
  checkpoint(): Promise<Checkpoint<unknown>>;
}

export type QueryOf<Handlers extends QueryHandlers> = {
  [Type in keyof Handlers & string]: { readonly type: Type } & Asked<Parameters<Handlers[Type]["answer"]>[1]>;
}[keyof Handlers & string];

/** A query that asks for nothing in particular has a function with one parameter. */
type Asked<Query> = [Query] extends [never] ? unknown : Query;

export type AnswerOf<Handlers extends QueryHandlers, Type> = Type extends keyof Handlers
  ? Awaited<ReturnType<Handlers[Type]["answer"]>>
  : never;

/** What waiting needs. In an application `{ now: Date.now, sleep: setTimeout of node:timers/promises }`. */
export interface Clock {
  now(): number;
  sleep(ms: number): Promise<unknown>;
}

export interface QueryOptions {
  /** What the asker has written, and wants to see. */
  readonly after?: WriteToken | undefined;
  /** How long to wait for it, in milliseconds; not at all unless told. */
  readonly withinMs?: number;
}

export interface Answered<Answer> {
  readonly answer: Answer;
  /** By stream, the last version that the answer shows. */
  readonly versions: Readonly<Record<string, number>>;
  /** It does not show what `after` asks for: say so to whoever is to see it. */
  readonly isStale: boolean;
}

/** Takes queries to the read models that answer them. */
export function queryBus<const Handlers extends QueryHandlers>(options: {
  readonly queries: Handlers;
  /** Needed where queries wait. */
  readonly clock?: Clock;
}): QueryBus<Handlers> {
  return new QueryBus(options.queries, options.clock);
}

/** Made by `queryBus`. */
export class QueryBus<Handlers extends QueryHandlers> {
  readonly #handlers: Handlers;
  readonly #clock: Clock | undefined;

  constructor(handlers: Handlers, clock: Clock | undefined) {
    this.#handlers = handlers;
    this.#clock = clock;
  }

  /**
   * Answers from the read model as it is where it is asked, or once it shows what `after` asks for, if it does so in time.
   *
   * @throws LevelError for a write in the query, whatever it was called through.
   * @throws AnnotationError for a time to wait that is no number from 0 up, or that no clock is there for.
   * @throws InvalidCommandError for a type of query that nobody answers.
   */
  async ask<Query extends QueryOf<Handlers>>(
    query: Query,
    { after = {}, withinMs = 0 }: QueryOptions = {},
  ): Promise<Answered<AnswerOf<Handlers, Query["type"]>>> {
    const { type, ...parameters } = query as { readonly type: Query["type"] };
    const { view, answer } = this.#handlerOf(type);
    refuseNoTime(type, withinMs);
    return answering(view.cell, type, async () => {
      const { state, versions } = await this.#showing(view, after, withinMs);
      const answered = (await answer(state as never, parameters as never)) as AnswerOf<Handlers, Query["type"]>;
      return { answer: answered, versions, isStale: !shows(versions, after) };
    });
  }

  async #showing(view: AnyView, after: WriteToken, withinMs: number): Promise<Checkpoint<unknown>> {
    const found = await view.checkpoint();
    if (withinMs === 0 || shows(found.versions, after)) return found;
    const clock = this.#clockOf(withinMs);
    const deadline = clock.now() + withinMs;
    for (let waitMs = 1; ; waitMs *= 2) {
      const leftMs = deadline - clock.now();
      if (leftMs > 0) await clock.sleep(Math.min(waitMs, longestWaitMs, leftMs));
      const newer = await view.checkpoint();
      if (leftMs <= 0 || shows(newer.versions, after)) return newer;
    }
  }

  #clockOf(withinMs: number): Clock {
    if (this.#clock !== undefined) return this.#clock;
    throw new AnnotationError(`A query is to wait for up to ${withinMs} ms, and its bus has no clock.`, {
      help: "Give queryBus() a `clock`, or ask without `withinMs` and look at `isStale`.",
    });
  }

  #handlerOf(type: string): AnyHandler {
    if (Object.hasOwn(this.#handlers, type)) return this.#handlers[type] as AnyHandler;
    const accepted = Object.keys(this.#handlers).join(", ");
    throw new InvalidCommandError(String(type), [{ path: "type", message: `is not known. Accepted: ${accepted}` }]);
  }
}

/** A time that is no number never runs out, and would be waited for without a pause. */
function refuseNoTime(type: string, withinMs: number): void {
  if (withinMs >= 0) return;
  throw new AnnotationError(`\`${type}\`: option \`withinMs\` of ask() is ${String(withinMs)}.`, {
    help: "Accepted: a number of milliseconds, 0 to answer at once.",
  });
}

/** Between two looks: short beside what a person notices, long beside what a look costs. */
const longestWaitMs = 20;

const shows = (versions: Readonly<Record<string, number>>, after: WriteToken): boolean =>
  Object.entries(after).every(([stream, version]) => versionIn(versions, stream) >= version);

function answering<R>(cell: Handle, query: string, work: () => Promise<R>): Promise<R> {
  const { session } = bindingOf(cell);
  const current = currentContext();
  const outer = current?.session.deployment === session.deployment ? current : undefined;
  const context = {
    session: outer?.session ?? session,
    call: outer?.call,
    readLevel: outer?.readLevel,
    transaction: outer?.transaction,
    saga: outer?.saga,
    refuseWrite: writeInQuery(query),
  };
  return runInContext(context, work);
}

const writeInQuery =
  (query: string): RefuseWrite =>
  (cell, session, operation) =>
    new LevelError(
      `\`${cell.label}\` cannot ${operation} in the query \`${query}\`: whoever asks again must not change anything.`,
      whereabouts(cell, session, "Do it in a command."),
    );
