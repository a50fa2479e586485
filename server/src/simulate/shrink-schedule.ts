import type { ScheduleSize, SizeSoFar } from "../../../runtime/src/explore/decisions.js";
import type { Violation } from "../../../runtime/src/explore/report.js";
import { sizeChange } from "../../../runtime/src/explore/schedule-size.js";
import type { Command, ScheduleChoice, ViolationIdentity } from "../../../runtime/src/host/protocol.js";
import type { ChildEnd } from "./child.js";
import type { EvaluatedFile } from "./list-scenarios.js";
import { schedules } from "./reasons.js";
import { evidenceFor, type TracedSchedule } from "./trace-schedule.js";

/** How much smaller a schedule has become. */
export interface Shrinking {
  /** The violation for which nothing in it can be spared. */
  readonly violation: ViolationIdentity;
  readonly before: ScheduleSize;
  readonly after: ScheduleSize;
  /** Why it may not be the smallest; absent: nothing more can be left out. */
  readonly cut?: string;
}

/** A schedule while more is left out of it. */
export interface ShrinkProgress extends SizeSoFar {
  readonly seed: number;
  /** Schedules that were run for it so far. */
  readonly tried: number;
}

/** Schedules that are run at most to make one smaller: seconds at worst, and no more than an exploration takes. */
const attempts = 2_000;

/** More violations than these are shown in the schedule that was found. */
const shrunkViolations = 3;

/** The schedules of a run, made smaller: each once, whoever asks for it first. */
export class Shrinks {
  private readonly known = new Map<string, Promise<TracedSchedule>>();
  /** Those that are being made smaller, in the order in which that began. */
  private readonly underWay = new Map<string, ShrinkProgress>();

  constructor(
    private readonly evaluated: EvaluatedFile,
    private readonly choice: Omit<ScheduleChoice, "seed">,
    private readonly onProgress: (progress: ShrinkProgress) => void,
  ) {}

  /** The first is worth a process of its own while the others still run. */
  begin(violation: Told, found: TracedSchedule): void {
    void this.of(violation, [found], true);
  }

  /** What shows these violations: the smallest schedules, and those that were found where there is no smaller one. */
  async all(violations: readonly Told[], found: readonly TracedSchedule[]): Promise<readonly TracedSchedule[]> {
    const shrunk = await Promise.all(violations.slice(0, shrunkViolations).map((each) => this.of(each, found)));
    const seeds = violations.slice(shrunkViolations).map(({ seed }) => seed);
    return [...shrunk.filter((each) => each !== undefined), ...found.filter(({ seed }) => seeds.includes(seed))];
  }

  private of(violation: Told, found: readonly TracedSchedule[], isUrgent = false): Promise<TracedSchedule | undefined> {
    const key = `${violation.kind} ${violation.name}`;
    const evidence = evidenceFor(violation, found);
    if (evidence === undefined) return Promise.resolve(undefined);
    const shrunk = this.known.get(key) ?? this.shrink(key, evidence, isUrgent);
    this.known.set(key, shrunk);
    return shrunk;
  }

  private async shrink(key: string, { result, violation }: Evidence, isUrgent: boolean): Promise<TracedSchedule> {
    const onProgress = (progress: ShrinkProgress) => {
      this.underWay.set(key, progress);
      for (const first of this.underWay.values()) return this.onProgress(first);
    };
    const shrunk = await shrinkSchedule(this.evaluated, this.choice, result, violation, { isUrgent, onProgress });
    this.underWay.delete(key);
    return shrunk;
  }
}

type Told = Pick<Violation, "kind" | "name" | "seed">;
type Evidence = NonNullable<ReturnType<typeof evidenceFor<TracedSchedule>>>;

/**
 * The smallest schedule that shows what this one shows, traced, from a process of its own; or this one, and why there is
 * no smaller one: it was stopped before anything was known, say.
 */
async function shrinkSchedule(
  { bundle: { positions }, children, options: { signal } }: EvaluatedFile,
  choice: Omit<ScheduleChoice, "seed">,
  found: TracedSchedule,
  { kind, name, anomaly }: Violation,
  { isUrgent, onProgress }: { readonly isUrgent: boolean; readonly onProgress: (progress: ShrinkProgress) => void },
): Promise<TracedSchedule> {
  const { seed, decisions } = found;
  if (decisions === undefined) return found;
  const violation = { kind, name, anomaly };
  const command: Command = { kind: "shrink", ...choice, seed, decisions, violation, attempts };
  let end = await children.performAfresh(command, {
    isUrgent,
    onSchedule: ({ done, size }) => size && onProgress({ ...size, seed, tried: done }),
  });
  // With some candidate the program does not come to an end: what was known before it is enough.
  const trouble = whyNoEnd(end);
  const before = end.last?.done ?? 0;
  if (trouble !== undefined && before > 0)
    end = await children.performAfresh({ ...command, attempts: before }, { isUrgent });
  if (end.kind !== "answered" || end.answer.kind !== "shrunk")
    return { ...found, notShrunk: trouble ?? positions.inText(whyNot(end, signal)) };
  const { answer } = end;
  const cut = answer.isMinimal ? undefined : (trouble ?? whyUnfinished(answer.attempts, signal));
  return {
    ...answer.result,
    decisions: answer.decisions,
    shrinking: { violation, before: answer.before, after: answer.after, ...(cut === undefined ? {} : { cut }) },
    sourceOf: (site) => positions.sourceOf(site),
  };
}

/** Of one of the schedules that were tried. */
function whyNoEnd({ kind }: ChildEnd): string | undefined {
  if (kind === "deadline") return "a smaller one did not come to an end";
  if (kind === "memory") return "a smaller one needed more memory than there is for it";
  return kind === "died" ? "a smaller one ended its process" : undefined;
}

function whyNot(end: ChildEnd, signal: AbortSignal | undefined): string {
  if (end.kind !== "answered") return stoppedBy(signal);
  const { answer } = end;
  return answer.kind === "refused"
    ? answer.message.replace(/^RangeError: /, "")
    : `the runtime answered ${answer.kind}`;
}

const whyUnfinished = (tried: number, signal: AbortSignal | undefined): string =>
  signal?.aborted === true ? stoppedBy(signal) : `${schedules(tried)} were not enough`;

const stoppedBy = (signal: AbortSignal | undefined): string =>
  `stopped ${typeof signal?.reason === "string" ? signal.reason : "on request"}`;

/**
 * ` · shrunk 38 → 2 operations, 4 → 1 fault`; empty where nothing could be spared. Says so where it is not known to be
 * the smallest, and why.
 */
export function shrinkingText(schedule: Pick<TracedSchedule, "shrinking" | "notShrunk"> | undefined): string {
  const { shrinking, notShrunk } = schedule ?? {};
  if (notShrunk !== undefined) return ` · not made smaller: ${notShrunk}`;
  if (shrinking === undefined) return "";
  const { before, after, cut } = shrinking;
  const change = sizeChange(before, after);
  if (cut !== undefined)
    return change === "" ? ` · not made smaller: ${cut}` : ` · shrunk ${change}, not to the end: ${cut}`;
  return change === "" ? "" : ` · shrunk ${change}`;
}

/** `making seed 412 smaller: 38 → 6 operations, 74 tried`. */
export function shrinkProgressText({ seed, before, now, tried }: ShrinkProgress): string {
  const change = sizeChange(before, now);
  return `making seed ${seed} smaller: ${change === "" ? "" : `${change}, `}${tried.toLocaleString("en-US")} tried`;
}
