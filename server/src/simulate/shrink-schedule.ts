import type { ScheduleSize } from "../../../runtime/src/explore/decisions.js";
import type { Violation } from "../../../runtime/src/explore/report.js";
import { sizeChange } from "../../../runtime/src/explore/schedule-size.js";
import type { Command, ScheduleChoice, ViolationIdentity } from "../../../runtime/src/host/protocol.js";
import type { EvaluatedFile } from "./list-scenarios.js";
import { evidenceFor, type TracedSchedule } from "./trace-schedule.js";

/** How much smaller a schedule has become. */
export interface Shrinking {
  /** The violation for which nothing in it can be spared. */
  readonly violation: ViolationIdentity;
  readonly before: ScheduleSize;
  readonly after: ScheduleSize;
}

/** Schedules that are run at most to make one smaller: seconds at worst, and no more than an exploration takes. */
const attempts = 1_500;

/** More violations than these are shown in the schedule that was found. */
const shrunkViolations = 3;

/** The schedules of a run, made smaller: each once, whoever asks for it first. */
export class Shrinks {
  private readonly known = new Map<string, Promise<TracedSchedule | undefined>>();

  constructor(
    private readonly evaluated: EvaluatedFile,
    private readonly choice: Omit<ScheduleChoice, "seed">,
  ) {}

  /** The first is worth a process of its own while the others still run. */
  begin(violation: Told, found: TracedSchedule): void {
    void this.of(violation, [found], true);
  }

  /** What shows these violations: the smallest schedules, and those that were found where there is no smaller one. */
  async all(violations: readonly Told[], found: readonly TracedSchedule[]): Promise<readonly TracedSchedule[]> {
    const shrunk = await Promise.all(violations.slice(0, shrunkViolations).map((each) => this.of(each, found)));
    const seeds = violations.flatMap(({ seed }, index) => (shrunk[index] === undefined ? [seed] : []));
    return [...shrunk.filter((each) => each !== undefined), ...found.filter(({ seed }) => seeds.includes(seed))];
  }

  private of(violation: Told, found: readonly TracedSchedule[], isUrgent = false): Promise<TracedSchedule | undefined> {
    const key = `${violation.kind} ${violation.name}`;
    const evidence = evidenceFor(violation, found);
    if (evidence === undefined) return Promise.resolve(undefined);
    const shrunk =
      this.known.get(key) ?? shrinkSchedule(this.evaluated, this.choice, evidence.result, evidence.violation, isUrgent);
    this.known.set(key, shrunk);
    return shrunk;
  }
}

type Told = Pick<Violation, "kind" | "name" | "seed">;

/**
 * The smallest schedule that shows what this one shows, traced, from a process of its own. Undefined when that was
 * stopped before anything was known, or when it cannot be had: then the schedule as it was found has to do.
 */
async function shrinkSchedule(
  { bundle: { positions }, children }: EvaluatedFile,
  choice: Omit<ScheduleChoice, "seed">,
  { seed, decisions }: TracedSchedule,
  { kind, name, anomaly }: Violation,
  isUrgent = false,
): Promise<TracedSchedule | undefined> {
  if (decisions === undefined) return undefined;
  const violation = { kind, name, anomaly };
  const command: Command = { kind: "shrink", ...choice, seed, decisions, violation, attempts };
  let end = await children.performAfresh(command, { isUrgent });
  // With some candidate the program does not come to an end: what was known before it is enough.
  const before = end.last?.done ?? 0;
  if ((end.kind === "deadline" || end.kind === "memory") && before > 0)
    end = await children.performAfresh({ ...command, attempts: before }, { isUrgent });
  if (end.kind !== "answered" || end.answer.kind !== "shrunk") return undefined;
  const { answer } = end;
  const shrinking: Shrinking = { violation, before: answer.before, after: answer.after };
  return {
    ...answer.result,
    decisions: answer.decisions,
    shrinking,
    sourceOf: (site) => positions.sourceOf(site),
  };
}

/** ` · shrunk 38 → 2 operations, 4 → 1 fault`; empty where nothing could be spared. */
export function shrinkingText(schedule: Pick<TracedSchedule, "shrinking"> | undefined): string {
  const { before, after } = schedule?.shrinking ?? {};
  const change = before === undefined || after === undefined ? "" : sizeChange(before, after);
  return change === "" ? "" : ` · shrunk ${change}`;
}
