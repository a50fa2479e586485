import type { Anomaly } from "../history/history.js";
import { isAtLeast, type LevelAssignment } from "../levels.js";
import type { MergedWrite, MergeEvent, OperationEvent, Site, Trace } from "../simulation/trace.js";
import { type Cause, decorator, editing, fieldOf, inOrder, seconds } from "./explanation/cause.js";
import { contradictingOrders, effectBeforeCause } from "./explanation/order.js";
import { endOf } from "./explanation/sight.js";
import { halfDone, nothingMissed, refusedAlone, unanswered } from "./explanation/unanswered.js";
import { decidedAtOnce, livesOnOneNode, readTooEarly, unseenByEachOther } from "./explanation/unseen.js";
import { Story } from "./story.js";
import type { Finding, Remedy } from "./violation.js";

/** Why a violation could happen, in the user's names, and which operations raced. */
export interface Explanation {
  readonly anomaly: Anomaly["name"] | undefined;
  readonly site: Site | undefined;
  readonly related: readonly { readonly site: Site; readonly message: string }[];
  readonly why: string | undefined;
  readonly remedies: readonly string[];
  /** By remedy, what a run can be given to try it; null where only a person can. */
  readonly changes: readonly (LevelAssignment | null)[];
  /** The domain that broke its level's promise, if one did. */
  readonly domain: string | undefined;
  /** Ids of trace operations, in the order in which they are marked ①, ②. */
  readonly racing: readonly number[];
}

/** The shapes of failure, the most telling first. Each looks at the trace of one failing schedule. */
const causes: readonly ((story: Story) => Cause | undefined)[] = [
  droppedByMerge,
  leftByAbort,
  torn,
  effectBeforeCause,
  decidedAtOnce,
  outdated,
  readWeakly,
  unanswered,
  halfDone,
  contradictingOrders,
  unseenByEachOther,
  readTooEarly,
  livesOnOneNode,
  refusedAlone,
  nothingMissed,
];

/** Reads a failing schedule's trace, and what else was found in it, for the operations that made it fail. */
export function explain(found: Finding, trace: Trace, findings: readonly Finding[] = []): Explanation {
  const story = new Story(found, trace);
  const cause =
    found.kind === "error" ? undefined : (evidence(story) ?? brokenPromise(story, findings) ?? firstCause(story));
  const [first, ...others] = cause?.racing ?? [];
  const related = others.flatMap((operation, index) =>
    sited(operation.site, `${circled(index + 2)} ${sentence(operation)}`),
  );
  if (found.site !== undefined && first !== undefined)
    related.push(...sited(found.site, `"${found.name}" is judged here`));
  const remedies = (found.advice?.remedies ?? cause?.remedies ?? []).map(remedyOf);
  return {
    anomaly: found.anomaly ?? cause?.anomaly,
    site: first?.site ?? found.site,
    related,
    why: found.advice?.why ?? cause?.why,
    remedies: remedies.map(({ text }) => text),
    changes: remedies.map(({ changes }) => changes ?? null),
    domain: found.domain ?? cause?.domain,
    racing: (cause?.racing ?? []).map((operation) => operation.id),
  };
}

const remedyOf = (remedy: string | Remedy): Remedy =>
  typeof remedy === "string" ? { text: remedy, changes: undefined } : remedy;

function firstCause(story: Story): Cause | undefined {
  for (const cause of causes) {
    const found = cause(story);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A checker has named the events: those are what to look at. */
function evidence(story: Story): Cause | undefined {
  const { found } = story;
  if (found.events.length === 0) return undefined;
  const racing = inOrder(story.operationsOf(found.events));
  return { anomaly: found.anomaly, racing, why: undefined, remedies: [] };
}

/** The level did not keep its own promise, and it is known why: then what the program built on it had to fail. */
function brokenPromise(story: Story, findings: readonly Finding[]): Cause | undefined {
  const promise = findings.find(
    ({ advice, cells }) => advice !== undefined && cells.some((cell) => story.concerns(cell)),
  );
  if (promise?.advice === undefined) return undefined;
  const { anomaly, domain, events, message, advice } = promise;
  const racing = inOrder(story.operationsOf(events));
  return { anomaly, domain, racing, why: `${message} ${advice.why}`, remedies: advice.remedies };
}

/** Two writes that had not seen each other met, and the merge kept one. */
function droppedByMerge(story: Story): Cause | undefined {
  const merge =
    story.merges.find((candidate) => story.concerns(candidate.cell)) ??
    (story.found.cells.length === 0 ? story.merges[0] : undefined);
  if (merge === undefined) return undefined;
  const [dropped, kept] = [story.operation(merge.dropped.operation), story.operation(merge.kept.operation)];
  if (dropped === undefined || kept === undefined) return undefined;
  const field = fieldOf(merge.cell);
  const misjudged = keptByWrongClock(merge, kept, dropped, story);
  if (misjudged !== undefined) return misjudged;
  const replacement = /^-?[\d.]+$/.test(merge.kept.value)
    ? "counter()"
    : /^\[/.test(merge.kept.value)
      ? "set()"
      : undefined;
  // Who looked before writing needs the decision to be one, and no merge can make it so.
  const decided = replacement === undefined && story.hasLooked(dropped) && story.hasLooked(kept);
  const cause = decided ? unseenByEachOther(story) : undefined;
  if (cause !== undefined) return cause;
  return {
    anomaly: "lost-update",
    racing: inOrder([dropped, kept]),
    why: `\`${field}\` is ${article(dropped.level)} ${dropped.level} register; two updates that have not seen each other cannot both survive.`,
    remedies: [
      ...(replacement === undefined
        ? [`give \`${field}\` a \`merge\` that keeps both`]
        : replacement === "counter()"
          ? [editing(story, merge.cell, "make it `counter()`", { kind: "counter" })]
          : [`make it \`${replacement}\``]),
      editing(story, merge.cell, "`@Linearizable()`", "linearizable"),
    ],
  };
}

/** The write that a merge dropped began after the kept one had ended: only a wrong clock can make it look older. */
function keptByWrongClock(
  merge: MergeEvent,
  kept: OperationEvent,
  dropped: OperationEvent,
  story: Story,
): Cause | undefined {
  if (dropped.atUs < endOf(kept)) return undefined;
  const [keptErrorUs, droppedErrorUs] = [errorOf(merge.kept, kept), errorOf(merge.dropped, dropped)];
  const isAhead = Math.abs(keptErrorUs) >= Math.abs(droppedErrorUs);
  const [region, errorUs] = isAhead ? [kept.region, keptErrorUs] : [dropped.region, droppedErrorUs];
  const clock = `the clock of ${region} was ${seconds(Math.abs(errorUs), 1)} ${errorUs < 0 ? "behind" : "ahead"}`;
  const later = seconds(dropped.atUs - endOf(kept), 1);
  const stamps = `① carries the time ${seconds(merge.kept.stampUs)} and ② ${seconds(merge.dropped.stampUs)}`;
  const policy = merge.policy.endsWith("wall clock") ? "`lastWriterWins.wallClock`" : "`lastWriterWins`";
  const isOneSession = kept.session === dropped.session;
  return {
    anomaly: "lost-update",
    racing: [kept, dropped],
    why: `② was written ${later} after ①, but ${clock}: ${stamps}. ${policy} keeps the later time, so the later write is thrown away.`,
    remedies: [
      ...(isOneSession
        ? [
            editing(
              story,
              merge.cell,
              "`@Causal()`: what a session writes replaces what it has written before, whatever clocks say",
              "causal",
            ),
          ]
        : []),
      editing(story, merge.cell, "`@Linearizable()`: no clock decides", "linearizable"),
    ],
  };
}

/** How far the clock that stamped a write was off. */
function errorOf({ stampUs }: MergedWrite, operation: OperationEvent): number {
  return stampUs - endOf(operation);
}

/** A transaction rolled back what it could, and left behind what it could not. */
function leftByAbort(story: Story): Cause | undefined {
  for (const left of story.operations) {
    if (!left.mutates || left.outcome !== "ok" || left.transaction !== undefined || left.call === undefined) continue;
    const undone = story.operations.find(
      (other) => other.call === left.call && other.transaction !== undefined && other.mutates && other.outcome !== "ok",
    );
    if (undone === undefined || !(story.concerns(left.cell) || story.concerns(undone.cell))) continue;
    const fate = undone.outcome === "fail" ? "was rolled back" : "may not have happened";
    return {
      anomaly: undefined,
      racing: inOrder([undone, left]),
      why: `${story.actor(left)} changes \`${fieldOf(undone.cell)}\` (${undone.level}) and \`${fieldOf(left.cell)}\` (${left.level}) in one transaction; the first ${fate}, the second had already left.`,
      remedies: [
        editing(story, left.cell, `raise \`${fieldOf(left.cell)}\` to \`@${decorator(undone.level)}()\``, undone.level),
        `change \`${fieldOf(left.cell)}\` after the commit`,
      ],
    };
  }
  return undefined;
}

/** A transaction over two domains: each has a commit of its own, and one of them did not happen. */
function torn(story: Story): Cause | undefined {
  for (const done of story.operations) {
    const { transaction, outcome } = done;
    if (!done.mutates || transaction === undefined || (outcome !== "ok" && outcome !== "info")) continue;
    const missing = story.operations.find(
      (other) =>
        other.transaction === transaction && other.mutates && other.outcome !== outcome && other.outcome !== "ok",
    );
    if (missing === undefined || !(story.concerns(done.cell) || story.concerns(missing.cell))) continue;
    const happened = outcome === "ok" ? "was" : "may have been";
    const fate = missing.outcome === "fail" ? "was not" : "may not have been";
    const [first, second] = [fieldOf(done.cell), fieldOf(missing.cell)];
    return {
      anomaly: undefined,
      racing: inOrder([done, missing]),
      why: `${story.actor(done)} changes \`${first}\` and \`${second}\` in one transaction, but they differ in level or mechanism, so that each is committed by itself: \`${first}\` ${happened}, \`${second}\` ${fate}.`,
      remedies: [
        `give \`${first}\` and \`${second}\` the same level and mechanism`,
        "make the method a `@Saga()` that compensates",
      ],
    };
  }
  return undefined;
}

/** Read, then changed by what was read, while somebody else changed what it went by. */
function outdated(story: Story): Cause | undefined {
  const changes = story.operations.filter(
    (o) => o.mutates && o.outcome === "ok" && o.call !== undefined && o.transaction === undefined,
  );
  for (const change of changes) {
    if (!story.concernsCallOf(change)) continue;
    for (const read of story.operations) {
      if (read.mutates || read.call !== change.call || endOf(read) > change.atUs) continue;
      const other = story.operations.find(
        (o) =>
          o.cell === read.cell &&
          o.mutates &&
          o.outcome === "ok" &&
          o.call !== change.call &&
          endOf(o) > read.atUs &&
          endOf(o) < endOf(change),
      );
      if (other === undefined) continue;
      if (read.cell !== change.cell) return { ...decidedBy(read, change, story), racing: [other, change] };
      if (change.operation === "update") return { ...checkedBefore(change, story), racing: [other, change] };
      if (change.operation === "write") return { ...overwritten(change, story), racing: [other, change] };
    }
  }
  return undefined;
}

/** The check and the change are each right by themselves; between them somebody else passed the same check. */
function checkedBefore(update: OperationEvent, story: Story): Omit<Cause, "racing"> {
  return {
    anomaly: "write-skew",
    why: `${story.actor(update)} checked \`${update.cell}\` before ① changed it, and then updated it ② without checking again.`,
    remedies: [
      "check inside the function that `update` is given, where it sees what it changes",
      "make the method a `@Transaction()`",
    ],
  };
}

function overwritten(write: OperationEvent, story: Story): Omit<Cause, "racing"> {
  return {
    anomaly: "lost-update",
    why: `${story.actor(write)} read \`${write.cell}\` before ① changed it, and then wrote ② as if nothing had happened.`,
    remedies: [
      "make the method a `@Transaction()`",
      "use `update(fn)` or `compareAndSet`, which read and write as one",
    ],
  };
}

function decidedBy(read: OperationEvent, change: OperationEvent, story: Story): Omit<Cause, "racing"> {
  return {
    anomaly: "write-skew",
    why: `${story.actor(change)} went by \`${read.cell}\`, which ① changed before ② happened.`,
    remedies: ["make the method a `@Transaction()`, which validates what it has read"],
  };
}

/** A read that was weakened by `.at(…)`, or by a method's level, of a cell that others write at its full level. */
function readWeakly(story: Story): Cause | undefined {
  for (const read of story.judgedReads) {
    if (!story.concerns(read.cell)) continue;
    const write = story.operations.findLast(
      (other) => other.mutates && other.outcome === "ok" && other.cell === read.cell && endOf(other) <= endOf(read),
    );
    if (write === undefined || isAtLeast(read.level, write.level)) continue;
    return {
      anomaly: "stale-read",
      racing: [write, read],
      why: `\`${read.cell}\` is ${write.level}, but it was read at ${read.level} here: from what had reached ${read.region} by then.`,
      remedies: ["read it without `.at(…)`", "let the check accept what is a little old"],
    };
  }
  return undefined;
}

function sentence(operation: OperationEvent): string {
  return `${operation.region}, ${seconds(endOf(operation))}: \`${operation.cell}\` ${operation.detail}`;
}

function sited(site: Site | undefined, message: string): { readonly site: Site; readonly message: string }[] {
  return site === undefined ? [] : [{ site, message }];
}

function article(level: string): string {
  return level === "eventual" ? "an" : "a";
}

function circled(mark: number): string {
  return String.fromCodePoint(0x2460 + mark - 1);
}
