import { describeValue } from "../data/values.js";
import type { Anomaly } from "../history/history.js";
import type { LevelAssignment } from "../levels.js";
import type { Site } from "../simulation/trace.js";
import type { explain } from "./explanation.js";
import type { Violation, ViolationKind } from "./report.js";
import { type IsUserFile, siteOf } from "./site.js";
import { readable } from "./thrown.js";

/** What one schedule violated, as it was noticed; the report adds how often, why, and what to do. */
export interface Finding {
  readonly kind: ViolationKind;
  readonly name: string;
  readonly anomaly: Anomaly["name"] | undefined;
  /** One sentence. */
  readonly message: string;
  readonly expected: string | undefined;
  readonly observed: string | undefined;
  /** The region whose replica showed it. */
  readonly region: string | undefined;
  /** Judged after all that anybody did, when all replicas had come to rest. */
  readonly settled: boolean;
  /** What the judgement had read. */
  readonly reads: readonly { readonly label: string; readonly value: string }[];
  /** Labels of the cells it is about. */
  readonly cells: readonly string[];
  /** History events that show it. */
  readonly events: readonly number[];
  /** Where the check, or the error, stands. */
  readonly site: Site | undefined;
  /** The domain that broke its level's promise. */
  readonly domain: string | undefined;
  /** Why it can happen and what to do, where the judge knows that without the trace. */
  readonly advice: { readonly why: string; readonly remedies: readonly (string | Remedy)[] } | undefined;
}

/** What to do, and what that changes. */
export interface Remedy {
  readonly text: string;
  /** Undefined where only a person can do it, or where it is not known which field it is. */
  readonly changes: LevelAssignment | undefined;
}

export function finding(kind: ViolationKind, name: string, message: string, rest: Partial<Finding> = {}): Finding {
  return {
    kind,
    name,
    message,
    anomaly: undefined,
    expected: undefined,
    observed: undefined,
    region: undefined,
    settled: false,
    reads: [],
    cells: [],
    events: [],
    site: undefined,
    domain: undefined,
    advice: undefined,
    ...rest,
  };
}

/** As the report has it. */
export function violationOf(
  found: Finding,
  where: { readonly seed: number; readonly count: number },
  explanation?: ReturnType<typeof explain>,
): Violation {
  return {
    kind: found.kind,
    name: found.name,
    anomaly: found.anomaly ?? explanation?.anomaly ?? null,
    seed: where.seed,
    count: where.count,
    message: found.message,
    expected: found.expected ?? null,
    observed: found.observed ?? null,
    reads: found.reads,
    cells: found.cells,
    site: explanation?.site ?? found.site ?? null,
    related: explanation?.related ?? [],
    why: explanation?.why ?? null,
    remedies: explanation?.remedies ?? [],
    changes: explanation?.changes ?? [],
    domain: explanation?.domain ?? null,
    racing: explanation?.racing ?? [],
  };
}

/** An error of the program, or a value that it threw instead of one. */
export function errorFinding(thrown: unknown, what: string, isUserFile: IsUserFile): Finding {
  const error = readable(thrown);
  const site = siteOf(error instanceof Error ? error.stack : undefined, isUserFile);
  const name = error instanceof Error ? error.name : "thrown value";
  const message = error instanceof Error ? error.message : `${describeValue(error)} was thrown, which is not an Error`;
  const end = /[.!?]$/.test(message) ? "" : ".";
  return finding("error", name, `${capitalised(what)}: ${message}${end}`, { site });
}

export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
