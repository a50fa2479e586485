import { isAtLeast } from "../../levels.js";
import type { CallEvent, OperationEvent } from "../../simulation/trace.js";
import type { Story } from "../story.js";
import { type Cause, editing, fieldOf } from "./cause.js";
import { endOf } from "./sight.js";

/** Nobody heard that a change had been made: it was asked for again, or what should have followed it was not done. */
export function unanswered(story: Story): Cause | undefined {
  for (const done of story.operations) {
    const call = story.call(done);
    if (done.tookEffect !== true || call === undefined) continue;
    if (!story.concerns(done.cell) && !story.concernsCallOf(done)) continue;
    const again = repeated(story, done, call);
    if (again !== undefined) return again;
    const isLast = story.operations.every((o) => o.call !== call.id || o.atUs <= done.atUs);
    if (!isLast || call.outcome === "ok" || done.transaction !== undefined) continue;
    return {
      anomaly: undefined,
      racing: [done],
      why: `① was carried out, but no answer came: \`${call.method}\` ended there, and what should have followed was not done.`,
      remedies: together(call),
    };
  }
  return undefined;
}

function repeated(story: Story, done: OperationEvent, call: CallEvent): Cause | undefined {
  const second = story.operations.find((o) => {
    const other = story.call(o);
    if (other === undefined || o.cell !== done.cell || !o.mutates || o.outcome !== "ok") return false;
    const isSame = other.object === call.object && other.method === call.method;
    return isSame && other.args.join() === call.args.join() && other.atUs >= endOf(done);
  });
  if (second === undefined) return undefined;
  return {
    anomaly: undefined,
    racing: [done, second],
    why: `\`${call.method}\` was carried out ①, but no answer came: who called it could not know, and called it again ②.`,
    remedies: [
      "let the caller give each request a number (an idempotency key), and answer a known one without doing it again",
    ],
  };
}

/** A method was cut off between two changes that belong together. */
export function halfDone(story: Story): Cause | undefined {
  for (const failed of story.operations) {
    const call = story.call(failed);
    if (!failed.mutates || failed.outcome === "ok" || call === undefined || failed.transaction !== undefined) continue;
    const done = story.operations.findLast((o) => o.call === call.id && o.mutates && o.outcome === "ok");
    if (done === undefined || !(story.concerns(done.cell) || story.concerns(failed.cell))) continue;
    const fate = failed.outcome === "fail" ? "was refused" : "did not happen";
    if (failed.tookEffect === true) continue;
    return {
      anomaly: undefined,
      racing: [done, failed],
      why: `\`${call.method}\` did ①; then ② ${fate}, and ① stayed.`,
      remedies: together(call),
    };
  }
  return undefined;
}

const together = ({ method }: CallEvent): readonly string[] => [
  `make \`${method}\` one \`@Transaction()\`, at one level and mechanism: all of it happens, or nothing`,
  "make it a `@Saga()` that goes on later, or takes back what it has done",
];

/** What cannot be promised without the others is refused while they cannot be reached. */
export function refusedAlone(story: Story): Cause | undefined {
  const refused = story.operations.find(
    (o) =>
      o.outcome === "fail" && o.transaction === undefined && isAtLeast(o.level, "sequential") && story.concerns(o.cell),
  );
  if (refused === undefined || !story.isCutOff(refused)) return undefined;
  const { cell, region, level } = refused;
  return {
    anomaly: undefined,
    racing: [refused],
    why: `\`${fieldOf(cell)}\` is ${level}: ${region} was cut off from the majority that has to agree, and refused ① rather than promise what the others may not know.`,
    remedies: [
      "place replicas so that each side that has to answer is left with a majority",
      editing(story, cell, "`@Eventual()`, which answers alone and tells the others later", "eventual"),
    ],
  };
}

/** The program itself does it: no replica was behind, and no message was missed. */
export function nothingMissed({ found, operations, judgedReads, merges }: Story): Cause | undefined {
  if (found.kind !== "invariant" || operations.length === 0 || merges.length > 0) return undefined;
  const isSound = ({ outcome, unseen }: OperationEvent) => outcome === "ok" && unseen.length === 0;
  if (![...operations, ...judgedReads].every(isSound)) return undefined;
  return {
    anomaly: undefined,
    racing: [],
    why: "Nothing was missed, lost, refused or left open here: each read was shown all that had been done. It is what the calls do, or what is checked: no level and no mechanism helps.",
    remedies: ["change what the calls do, or what is checked"],
  };
}
