import { endOf, type MessageEvent, type OperationEvent, type Picture, type Schedule, startOf } from "../input.js";

/**
 * The indices of the events that the violation needs. That is its cone of happens-before (Lamport 1978), backwards over
 * the order in each replica and over messages, without what every run has: of the operations in it, those that change
 * the cells it is about; of the messages, those that first brought the news of an operation in question to a replica,
 * those that would have but were lost, and those for which its answer waited.
 */
export function causeOf(schedule: Schedule, picture: Picture): ReadonlySet<number> {
  const { events } = schedule;
  const cause = new Set(picture.story.flatMap(({ events: told }) => told));
  const racing = new Set(picture.racing);
  for (const [index, event] of events.entries()) {
    if (event.kind === "operation" && racing.has(event.id)) cause.add(index);
    if (event.kind === "verdict" && !event.ok && event.name === picture.title) cause.add(index);
    if (event.kind === "fault") cause.add(index);
  }
  // Every replica merges the same writes: the first that does tells it.
  const merge = events.findIndex((event) => event.kind === "merge" && racing.has(event.dropped.operation));
  if (merge !== -1) cause.add(merge);
  const untilUs = violatedUs(schedule, picture, cause);
  const cone = new Set(coneOf(schedule, untilUs));
  const told = new Set(picture.cells);
  for (const [index, event] of events.entries()) {
    const isAbout = event.kind === "operation" && event.mutates && (told.size === 0 || told.has(event.cell));
    if (isAbout && !event.judging && !event.setup && cone.has(index)) cause.add(index);
  }
  const calls = callsOf(schedule);
  for (const index of [...cause]) for (const call of callsAround(schedule, index, calls)) cause.add(call);
  const inQuestion = events.filter((event) => event.kind === "operation" && racing.has(event.id));
  const changes = [...cause].flatMap((index) => events[index] ?? []).filter(({ kind }) => kind === "operation");
  const followed = (inQuestion.length > 0 ? inQuestion : changes) as readonly OperationEvent[];
  for (const index of messagesOf(schedule, followed, untilUs)) cause.add(index);
  const held = new Set(followed.map(({ cell }) => cell));
  for (const [index, event] of events.entries()) {
    // What replicas hold of the cells in question, where that changed.
    if (event.kind === "state" && held.has(event.cell) && event.atUs >= 0 && event.atUs <= untilUs) cause.add(index);
    // What faults did after all was decided has no part in it.
    if (event.kind === "fault" && event.atUs > untilUs) cause.delete(index);
  }
  return cause;
}

/** When it was there to see: the failing verdict, or else the end of its story or of what races. */
export function violatedUs({ events }: Schedule, picture: Picture, told: Iterable<number>): number {
  const verdict = events.find((event) => event.kind === "verdict" && !event.ok && event.name === picture.title);
  if (verdict !== undefined) return startOf(verdict);
  const ends = [...told].flatMap((index) => {
    const event = events[index];
    return event === undefined || event.kind === "fault" ? [] : [endOf(event)];
  });
  return Math.max(0, ...ends);
}

/** Everything that could have had an influence on any replica's answer at that time. */
function coneOf({ events, regions }: Schedule, untilUs: number): readonly number[] {
  const horizons = new Map(regions.map((region) => [region, untilUs]));
  const order = events.map((_, index) => index).sort((a, b) => endAt(b) - endAt(a));
  return order.filter((index) => {
    const event = events[index];
    if (event === undefined || event.kind === "fault") return false;
    if (event.kind !== "message") return startOf(event) <= (horizons.get(event.region ?? "") ?? untilUs);
    if (event.deliveredUs === undefined || event.deliveredUs > (horizons.get(event.to) ?? untilUs)) return false;
    horizons.set(event.from, Math.max(horizons.get(event.from) ?? Number.NEGATIVE_INFINITY, event.sentUs));
    return true;
  });

  function endAt(index: number): number {
    const event = events[index];
    return event === undefined ? 0 : endOf(event);
  }
}

/** Where each call stands, by its id. */
function callsOf({ events }: Schedule): ReadonlyMap<number, number> {
  return new Map(events.flatMap((event, index) => (event.kind === "call" ? [[event.id, index]] : [])));
}

function callsAround({ events }: Schedule, index: number, calls: ReadonlyMap<number, number>): readonly number[] {
  const event = events[index];
  const found: number[] = [];
  let id = event?.kind === "operation" ? event.call : event?.kind === "call" ? event.parent : undefined;
  while (id !== undefined) {
    const at = calls.get(id);
    const call = at === undefined ? undefined : events[at];
    if (at === undefined || call?.kind !== "call") break;
    found.push(at);
    id = call.parent;
  }
  return found;
}

type Indexed = { readonly event: MessageEvent; readonly index: number };

/** How the news of each change spread, and the messages for which an answer waited. */
function messagesOf({ events }: Schedule, operations: readonly OperationEvent[], untilUs: number): readonly number[] {
  const messages = events.flatMap((event, index): Indexed[] => (event.kind === "message" ? [{ event, index }] : []));
  const byId = new Map(messages.map((each) => [each.event.id, each]));
  // Who records what a message serves knows better than who guesses from its kind.
  const isKnown = messages.some(({ event }) => event.operations !== undefined);
  return operations.flatMap((operation) => {
    const serving = messages.filter(({ event }) =>
      isKnown ? event.operations?.includes(operation.id) : event.domain.startsWith(`${operation.level} `),
    );
    return [...(operation.mutates ? spread(operation, serving, untilUs) : []), ...answered(operation, byId)];
  });
}

/** To each replica the message that brought the news first, or one that would have but was lost. */
function spread(origin: OperationEvent, messages: readonly Indexed[], untilUs: number): readonly number[] {
  const knownUs = new Map([[origin.region, origin.atUs]]);
  const brought = new Map<string, number>();
  const lost = new Map<string, number>();
  for (const { event, index } of messages) {
    const { from, to, sentUs, deliveredUs } = event;
    if (sentUs > untilUs || sentUs < (knownUs.get(from) ?? Number.POSITIVE_INFINITY)) continue;
    if (deliveredUs === undefined) {
      if (!knownUs.has(to) && !lost.has(to)) lost.set(to, index);
    } else if (deliveredUs <= untilUs && deliveredUs < (knownUs.get(to) ?? Number.POSITIVE_INFINITY)) {
      knownUs.set(to, deliveredUs);
      brought.set(to, index);
    }
  }
  return [...brought.values(), ...lost.values()];
}

/** The chain of messages that ended with the one for which the answer waited. */
function answered(
  { requests = [] }: OperationEvent,
  byId: ReadonlyMap<number | undefined, Indexed>,
): readonly number[] {
  return requests.flatMap(({ answeredAfter }) => {
    const chain: number[] = [];
    let message = answeredAfter === undefined ? undefined : byId.get(answeredAfter);
    while (message !== undefined && !chain.includes(message.index)) {
      chain.push(message.index);
      const { after } = message.event;
      message = after === undefined ? undefined : byId.get(after);
    }
    return chain;
  });
}
