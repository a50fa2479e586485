import type {
  CallEvent,
  FaultEvent,
  MergeEvent,
  MessageEvent,
  NoteEvent,
  OperationEvent,
  Trace,
  VerdictEvent,
} from "../../../runtime/src/simulation/trace.js";
import type { Plot } from "./story.js";
import { isDisturbed } from "./story-faults.js";
import { messagesTo, unseenBy } from "./story-knowledge.js";

export interface Chosen {
  readonly calls: readonly CallEvent[];
  readonly operations: readonly OperationEvent[];
  readonly faults: readonly FaultEvent[];
  readonly merges: readonly MergeEvent[];
  readonly notes: readonly NoteEvent[];
  readonly verdicts: readonly VerdictEvent[];
  readonly losses: readonly Loss[];
  readonly arrivals: readonly Arrival[];
  /** When the violation is there. What began before and ended after it was under way. */
  readonly untilUs: number;
  /** Where operations were left out, and how many. */
  readonly gaps: readonly { readonly atUs: number; readonly count: number }[];
}

/** A replica hears of a write that one of its reads was too early for. */
export interface Arrival {
  readonly atUs: number;
  readonly region: string;
  /** The id of the write. */
  readonly operation: number;
}

/** The message that would have told a replica of a write did not come. */
export interface Loss extends Arrival {
  /** Where it was sent. */
  readonly from: string;
  readonly sentUs: number;
}

const notesBefore = 8;
const notesAfter = 3;

/** The events that tell how the violation came about, at most `limit` operations and the calls they are in. */
export function selectEvents(trace: Trace, plot: Plot, limit: number): Chosen {
  const calls = new Map(ofKind(trace, "call").map((call) => [call.id, call]));
  const verdict = ofKind(trace, "verdict").find(({ ok, name }) => !ok && name === plot.name);
  const performed = ofKind(trace, "operation").filter((operation) => !operation.setup);
  const untilUs = verdict?.atUs ?? lastRaceUs(performed, plot);
  const toldNotes = notesOf(trace, plot);
  const outcomeUs = verdict === undefined ? outcomeOf(toldNotes, performed, plot) : Number.POSITIVE_INFINITY;
  const all = performed.filter(({ atUs }) => atUs <= Math.min(untilUs, outcomeUs));
  const operations = selectOperations(all, calls, plot, limit);
  const lastUs = Math.max(0, ...operations.map((operation) => operation.endUs ?? operation.atUs));
  const merges = selectMerges(ofKind(trace, "merge"), plot).filter(({ atUs }) => atUs <= untilUs);
  const toldUs = Math.max(lastUs, ...merges.map(({ atUs }) => atUs));
  const notes = selectNotes(toldNotes, toldUs, verdict === undefined);
  const shownCalls = new Set(operations.flatMap((operation) => ancestors(operation.call, calls)));
  // A transaction commits after its last operation: what then failed it belongs to the story.
  const failedUs = [...shownCalls].flatMap((id) => {
    const { outcome, endUs = 0 } = calls.get(id) as CallEvent;
    return outcome === "info" || outcome === "fail" ? [Math.min(endUs, untilUs)] : [];
  });
  const endUs = Math.max(toldUs, ...notes.map(({ atUs }) => atUs), ...failedUs);
  // Reads made only to judge are left out, unless they race: the verdict says what they saw.
  const told = all.filter((operation) => !operation.judging && isAbout(operation, plot));
  const faults = selectFaults(ofKind(trace, "fault"), endUs, limit);
  return {
    calls: [...calls.values()].filter(({ id }) => shownCalls.has(id)),
    operations,
    faults,
    merges,
    notes,
    losses: selectLosses(trace, operations, plot).filter(({ sentUs }) => !isDisturbed(faults, sentUs)),
    arrivals: faults.length + merges.length + notes.length > 0 ? [] : selectArrivals(trace, operations, plot),
    untilUs,
    verdicts: merges.length > 0 || verdict === undefined ? [] : [verdict],
    gaps: gapsBetween(operations, told),
  };
}

/**
 * Operations that contradict each other, so that a level's promise is broken, need nothing that came later. Of one alone,
 * such as a write that was lost, the story goes on.
 */
function lastRaceUs(operations: readonly OperationEvent[], { racing, domain }: Plot): number {
  if (domain === null || racing.length < 2) return Number.POSITIVE_INFINITY;
  const named = operations.filter(({ id }) => racing.includes(id));
  return Math.max(...named.map(({ atUs, endUs }) => endUs ?? atUs));
}

function ofKind<K extends Trace["events"][number]["kind"]>({ events }: Trace, kind: K) {
  return events.filter((event): event is Extract<Trace["events"][number], { kind: K }> => event.kind === kind);
}

function selectOperations(
  all: readonly OperationEvent[],
  calls: ReadonlyMap<number, CallEvent>,
  plot: Plot,
  limit: number,
): readonly OperationEvent[] {
  const racing = new Set(plot.racing);
  const racingCalls = new Set(all.filter(({ id }) => racing.has(id)).flatMap(({ call }) => ancestors(call, calls)));
  const inRacingCall = ({ call }: OperationEvent): boolean => call !== undefined && racingCalls.has(call);
  const callsAbout = new Set(
    all.filter((operation) => !operation.judging && isAbout(operation, plot)).map(({ call }) => call),
  );
  const rank = (operation: OperationEvent): number => {
    if (racing.has(operation.id)) return 0;
    // Of what is read only to judge, that which goes with what races.
    if (operation.judging) return inRacingCall(operation) ? 3 : Number.POSITIVE_INFINITY;
    if (operation.mutates && inRacingCall(operation)) return 1;
    if (operation.mutates && isAbout(operation, plot)) return 2;
    if (inRacingCall(operation)) return 3;
    if (isAbout(operation, plot)) return 4;
    // The rest of a call that does something about it.
    return operation.call !== undefined && callsAbout.has(operation.call) ? 5 : Number.POSITIVE_INFINITY;
  };
  const moments = all.filter(({ id }) => racing.has(id)).map(({ atUs }) => atUs);
  // Of equal rank, what happened next to a racing operation tells more; without one, what happened last.
  const distance = ({ atUs }: OperationEvent): number =>
    moments.length === 0 ? -atUs : Math.min(...moments.map((moment) => Math.abs(moment - atUs)));
  const ranked = all
    .map((operation) => ({ operation, rank: rank(operation), distance: distance(operation) }))
    .filter((each) => each.rank < Number.POSITIVE_INFINITY)
    .sort((a, b) => a.rank - b.rank || a.distance - b.distance);
  return ranked
    .slice(0, limit)
    .map(({ operation }) => operation)
    .sort((a, b) => a.atUs - b.atUs || a.id - b.id);
}

function isAbout(operation: OperationEvent, { cells }: Plot): boolean {
  return cells.length === 0 || cells.includes(operation.cell);
}

function ancestors(call: number | undefined, calls: ReadonlyMap<number, CallEvent>): readonly number[] {
  return call === undefined ? [] : [call, ...ancestors(calls.get(call)?.parent, calls)];
}

/** Every region merges the same two writes: the first that does tells it. */
function selectMerges(merges: readonly MergeEvent[], { racing, cells }: Plot): readonly MergeEvent[] {
  const told = new Set<number>();
  return merges.filter(({ dropped, cell }) => {
    const matters = racing.length > 0 ? racing.includes(dropped.operation) : cells.includes(cell);
    if (!matters || told.has(dropped.operation)) return false;
    told.add(dropped.operation);
    return true;
  });
}

/** What the mechanism that is to blame says of itself. */
function notesOf(trace: Trace, { domain }: Plot): readonly NoteEvent[] {
  const told = ofKind(trace, "note").filter(
    ({ atUs, ...note }) => atUs >= 0 && domain !== null && note.domain === domain,
  );
  // Who led from the beginning matters only where that changed.
  return told.every(({ atUs }) => atUs === told[0]?.atUs) ? [] : told;
}

/** When that had come of the one operation that a promise was broken to: what others did later has no part in it. */
function outcomeOf(notes: readonly NoteEvent[], operations: readonly OperationEvent[], { racing }: Plot): number {
  if (racing.length !== 1) return Number.POSITIVE_INFINITY;
  const race = operations.find(({ id }) => racing.includes(id));
  if (race === undefined) return Number.POSITIVE_INFINITY;
  const after = notes.filter(({ atUs }) => atUs > (race.endUs ?? race.atUs)).slice(0, notesAfter);
  return after.at(-1)?.atUs ?? Number.POSITIVE_INFINITY;
}

/** The last ones; where no verdict ends the story, also what came of it at once. */
function selectNotes(told: readonly NoteEvent[], toldUs: number, isOpen: boolean): readonly NoteEvent[] {
  const before = told.filter(({ atUs }) => atUs <= toldUs);
  const after = isOpen ? told.slice(before.length, before.length + notesAfter) : [];
  return [...before.slice(-notesBefore), ...after];
}

/** Where no fault kept a write from a replica that did not show it, the network was just not there yet: it is told when it was. */
function selectArrivals(trace: Trace, operations: readonly OperationEvent[], plot: Plot): readonly Arrival[] {
  return missedBy(operations, plot).flatMap(({ write, region, atUs }) => {
    const heardUs = messagesWith(trace, write, region).flatMap(({ deliveredUs }) => deliveredUs ?? []);
    const firstUs = Math.min(...heardUs);
    return firstUs > atUs && firstUs < Number.POSITIVE_INFINITY ? [{ atUs: firstUs, region, operation: write.id }] : [];
  });
}

/** Messages are lost without any fault, too. */
function selectLosses(trace: Trace, operations: readonly OperationEvent[], plot: Plot): readonly Loss[] {
  return missedBy(operations, plot).flatMap(({ write, region, atUs }) => {
    const sent = messagesWith(trace, write, region).filter(({ sentUs }) => sentUs <= atUs);
    const lost = sent.find(({ deliveredUs }) => deliveredUs === undefined);
    // A session hears of its write a little after the replica has sent it on.
    const toldUs = Math.max(lost?.sentUs ?? 0, write.endUs ?? write.atUs);
    return lost === undefined
      ? []
      : [{ atUs: toldUs, from: lost.from, sentUs: lost.sentUs, region, operation: write.id }];
  });
}

/** Of the operations that race, writes and the regions of others that had not seen them, until when. */
function missedBy(operations: readonly OperationEvent[], { racing }: Plot) {
  const raced = operations.filter(({ id }) => racing.includes(id));
  return raced.flatMap((write) =>
    raced.flatMap((operation) => {
      const { region, atUs, endUs } = operation;
      if (!write.mutates || write.region === region) return [];
      return unseenBy(operation, raced).includes(write.id) ? [{ write, region, atUs: endUs ?? atUs }] : [];
    }),
  );
}

function messagesWith(trace: Trace, { id, region }: OperationEvent, to: string): readonly MessageEvent[] {
  return messagesTo(trace, to, [id]).filter(({ from }) => from === region);
}

/** Faults after the last thing that is told change nothing about it, but for the heal that lets replicas meet. */
function selectFaults(faults: readonly FaultEvent[], endUs: number, limit: number): readonly FaultEvent[] {
  const until = faults.filter(({ atUs, phase }) => (phase === "start" ? atUs <= endUs : atUs < endUs));
  return until.length <= limit ? until : until.slice(-limit);
}

function gapsBetween(shown: readonly OperationEvent[], told: readonly OperationEvent[]) {
  const ids = new Set(shown.map(({ id }) => id));
  const gaps: { atUs: number; count: number }[] = [];
  let previous: OperationEvent | undefined;
  for (const operation of told) {
    if (!ids.has(operation.id)) {
      const last = gaps.at(-1);
      const continues = last !== undefined && previous !== undefined && !ids.has(previous.id);
      if (continues) last.count++;
      else gaps.push({ atUs: operation.atUs, count: 1 });
    }
    previous = operation;
  }
  return gaps;
}
