import type { OperationEvent } from "../../simulation/trace.js";
import type { Story } from "../story.js";
import { type Cause, editing, fieldOf, inOrder } from "./cause.js";
import { endOf, misses } from "./sight.js";

/** Two looked at one cell and changed it by what they found, and neither had heard of the other. */
export function decidedAtOnce(story: Story): Cause | undefined {
  const pair = unseenPair(story, ({ cell }) => story.concerns(cell));
  if (pair === undefined || !hasDecided(story, pair.earlier) || !hasDecided(story, pair.later)) return undefined;
  return causeOf(story, pair);
}

/** Two changes of one cell that had not seen each other: each acted on what its own replica showed. */
export function unseenByEachOther(story: Story): Cause | undefined {
  const pair = unseenPair(story, ({ cell }) => story.concerns(cell)) ?? unseenPair(story, () => true);
  return pair === undefined ? undefined : causeOf(story, pair);
}

interface Pair {
  readonly earlier: OperationEvent;
  readonly later: OperationEvent;
}

function unseenPair(story: Story, isAsked: (later: OperationEvent) => boolean): Pair | undefined {
  const mutations = story.operations.filter(({ mutates, outcome }) => mutates && outcome !== "fail");
  const byId = new Map(mutations.map((mutation) => [mutation.id, mutation]));
  for (const later of mutations.filter(isAsked)) {
    const earlier = later.unseen
      .map((id) => byId.get(id))
      .find((each) => each !== undefined && each.session !== later.session);
    if (earlier !== undefined) return later.level === "none" ? undefined : { earlier, later };
  }
  return undefined;
}

/** Whether the method that made a change had looked at what it changes. */
function hasDecided(story: Story, { call, cell, atUs }: OperationEvent): boolean {
  if (call === undefined) return false;
  return story.operations.some((o) => o.call === call && o.cell === cell && !o.mutates && endOf(o) <= atUs);
}

function causeOf(story: Story, { earlier, later }: Pair): Cause {
  const isDecided = hasDecided(story, later);
  const { level, cell } = later;
  return {
    anomaly: isDecided ? "write-skew" : undefined,
    racing: inOrder([earlier, later]),
    why: isDecided
      ? `${story.actor(later)} decides by what its own replica shows of \`${cell}\`; at level ${level} two regions may both decide before they hear of each other.`
      : `At level ${level} \`${cell}\` is changed in two regions that have not heard of each other; nothing makes one wait for the other.`,
    remedies: isDecided
      ? [`\`@Linearizable()\` for \`${fieldOf(cell)}\`, with the decision and the change in one \`@Transaction()\``]
      : [editing(story, cell, "`@Linearizable()`", "linearizable"), "let the check accept both"],
  };
}

/** Of a long schedule what happened last. */
const recent = 100;

/** A read that came before the news of what had been acknowledged elsewhere. */
export function readTooEarly(story: Story): Cause | undefined {
  const reads = [
    ...story.judgedReads.filter(({ cell }) => story.concerns(cell)),
    ...story.operations
      .filter(({ mutates }) => !mutates)
      .slice(-recent)
      .filter((o) => story.concerns(o.cell) || story.concernsCallOf(o)),
  ].filter((read) => !story.found.settled || hasLedTo(story, read));
  const writes = story.operations.filter(({ mutates }) => mutates).slice(-10 * recent);
  for (const read of reads) {
    const write = writes.findLast((o) => endOf(o) <= read.atUs && o.outcome === "ok" && misses(read, o));
    if (write === undefined) continue;
    const isCopy = story.mechanismOf(read.cell) === "cache";
    if (read.level === "none" && !isCopy) continue;
    return {
      anomaly: "stale-read",
      racing: [write, read],
      why: isCopy ? outOfCache(read) : tooEarly(read),
      remedies: isCopy
        ? [
            `where something is decided by \`${fieldOf(read.cell)}\`, read what it is a copy of`,
            "let it be shown for a shorter time: `ttlMs`",
          ]
        : [editing(story, read.cell, "`@Linearizable()`", "linearizable"), "let the check accept what is a little old"],
    };
  }
  return undefined;
}

/** In the end all is known everywhere: what was read before can only have done harm by what was done about it. */
function hasLedTo({ operations }: Story, { call, atUs }: OperationEvent): boolean {
  return call !== undefined && operations.some((o) => o.call === call && o.mutates && o.atUs > atUs);
}

const outOfCache = ({ region, cell }: OperationEvent): string =>
  `\`${fieldOf(cell)}\` is a cache: ${region} goes on showing what it took before ① until its time to live is over, and is not told of anything.`;

function tooEarly({ region, cell, level }: OperationEvent): string {
  const read = `${region} read \`${cell}\` ② before it had heard of ①`;
  return level === "sequential"
    ? `${read}: at level sequential all see the same order of changes, but not at the same time.`
    : `${read}: at level ${level} a change counts as done where it is made, and who reads elsewhere does not wait for it.`;
}

/** Level none replicates nothing. */
export function livesOnOneNode(story: Story): Cause | undefined {
  const write = story.operations.find(
    (o) => o.level === "none" && o.mutates && o.outcome === "ok" && story.concerns(o.cell),
  );
  if (write === undefined || story.mechanismOf(write.cell) === "cache") return undefined;
  return {
    anomaly: undefined,
    racing: [write],
    why: `\`${fieldOf(write.cell)}\` has level none: what ${write.region} took lives on that node alone.`,
    remedies: [editing(story, write.cell, "`@Eventual()`, which reaches every replica in the end", "eventual")],
  };
}
