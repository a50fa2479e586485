import * as z from "zod";
import type { Decisions } from "../../../runtime/src/explore/decisions.js";
import { levels } from "../../../runtime/src/levels.js";
import type { Choice } from "../simulate/run-scenario.js";
import type { TracedSchedule } from "../simulate/trace-schedule.js";
import { UnusableInputError } from "../simulate/unusable-input.js";
import { type CourseOptions, courseOf, type Step } from "./course.js";
import { shownViolation } from "./shown-violation.js";

/** One schedule as a file: what was decided in it, what it violated, and how it went. */
export interface SavedTrace {
  readonly schema: 1;
  /** Relative to the folder that it was saved from: `src/bank.ts#Account`. */
  readonly target: string;
  /** What was asked for besides. What a class's methods take is read from the class again: calls are by name. */
  readonly choice: Pick<Choice, "regions" | "strategy" | "levels" | "faults">;
  readonly decisions: Decisions;
  /** Null: it violated nothing. */
  readonly violation: SavedViolation | null;
  readonly course: readonly Step[];
}

export interface SavedViolation {
  readonly kind: "invariant" | "divergence" | "guarantee" | "error" | "liveness";
  readonly name: string;
  readonly anomaly: string | null;
}

const microseconds = z.int().describe("Virtual microseconds since the run was ready; setup lies before 0.");

const stepSchema = z.strictObject({
  kind: z.enum(["call", "operation"]),
  atUs: microseconds,
  endUs: microseconds.optional(),
  session: z.int(),
  region: z.string(),
  does: z.string().describe("alice.transfer(carol, 30), or alice.balance 100 → 70."),
  within: z.string().optional().describe("The call that it is a part of."),
  operation: z.string().optional(),
  level: z.string().optional(),
  outcome: z.enum(["ok", "fail", "info", "error", "pending"]),
  error: z.string().optional(),
  place: z.strictObject({ file: z.string(), line: z.int(), text: z.string() }).optional(),
});

const identitySchema = z.strictObject({ target: z.string(), id: z.string() });

const callSchema = z.strictObject({
  thinkMs: z.number().min(0),
  on: identitySchema,
  method: z.string(),
  args: z.unknown().describe("Drawn values, or which of those that @Workload gives."),
});

const faultSchema = z.looseObject({ fault: z.string(), fromMs: z.number(), untilMs: z.number().optional() });

const decisionsSchema = z.strictObject({
  seed: z.int().min(0).describe("Decides what the rest leaves open."),
  regions: z.array(z.string()).optional(),
  plan: z
    .strictObject({
      identities: z.array(identitySchema),
      sessions: z.array(z.strictObject({ region: z.string(), calls: z.array(callSchema) })),
    })
    .optional()
    .describe("What a generated workload calls."),
  faults: z.array(faultSchema),
  delays: z
    .array(z.strictObject({ from: z.string(), to: z.string(), index: z.int().min(0), extraUs: z.number().min(0) }))
    .optional()
    .describe("Messages that took longer than the distance."),
  order: z
    .strictObject({ timers: z.int().min(0), events: z.array(z.string()) })
    .optional()
    .describe("Where every order was tried: which event came after which."),
});

/** What `replay --save` and `simulate --save-traces` write, and `replay` reads. */
export const savedTraceSchema = z.strictObject({
  schema: z.literal(1),
  target: z.string().regex(/.#./).describe("src/bank.ts#Account, relative to the folder that it was saved from."),
  choice: z.strictObject({
    regions: z.array(z.union([z.string(), z.looseObject({ name: z.string() })])).optional(),
    strategy: z.string().optional(),
    levels: z.record(z.string(), z.enum(levels)).optional(),
    faults: z.union([z.enum(["random", "none"]), z.array(faultSchema)]).optional(),
  }),
  decisions: decisionsSchema,
  violation: z
    .strictObject({
      kind: z.enum(["invariant", "divergence", "guarantee", "error", "liveness"]),
      name: z.string(),
      anomaly: z.string().nullable(),
    })
    .nullable(),
  course: z.array(stepSchema).describe("What each session called and what each operation did."),
});

/** Undefined for a schedule of a runtime that does not say what it decided. */
export function savedTraceOf(
  { target, choice }: { readonly target: string; readonly choice: Choice },
  traced: TracedSchedule,
  options: Omit<CourseOptions, "sourceOf">,
): SavedTrace | undefined {
  const { decisions, trace, sourceOf } = traced;
  if (decisions === undefined) return undefined;
  const { regions, strategy, levels, faults } = choice;
  const violation = shownViolation(traced);
  return {
    schema: 1,
    target,
    choice: {
      ...(regions === undefined ? {} : { regions }),
      ...(strategy === undefined ? {} : { strategy }),
      ...(levels === undefined ? {} : { levels }),
      ...(faults === undefined ? {} : { faults }),
    },
    decisions,
    violation:
      violation === undefined ? null : { kind: violation.kind, name: violation.name, anomaly: violation.anomaly },
    course: courseOf(trace, { ...options, sourceOf }),
  };
}

export const renderSavedTrace = (saved: SavedTrace): string => `${JSON.stringify(saved, null, 2)}\n`;

/** Throws `UnusableInputError` for what is no saved trace. `shown`: the file as people wrote it. */
export function parseSavedTrace(text: string, shown: string): SavedTrace {
  const value = documentIn(text);
  if (value === undefined)
    throw new UnusableInputError(`${shown} is not JSON.`, `Give a trace that was saved: ${howToSave}`);
  const schema = (value as { readonly schema?: unknown } | null)?.schema;
  if (typeof schema === "number" && schema > 1)
    throw new UnusableInputError(
      `${shown} was saved by a later release: it has format ${schema}, and this one reads format 1.`,
      "Update faultline, or save the trace again with this release.",
    );
  const parsed = savedTraceSchema.safeParse(value);
  if (!parsed.success)
    throw new UnusableInputError(
      `${shown} is not a trace that faultline has saved.`,
      `Save it again: ${howToSave}`,
      z.prettifyError(parsed.error),
    );
  // What the schema leaves open, such as the parameters of a fault, the run itself looks at.
  return parsed.data as SavedTrace;
}

const howToSave = "faultline replay <file#name> --seed <n> --save trace.json";

function documentIn(json: string): unknown {
  try {
    // Some editors and shells begin a file with a byte order mark.
    return JSON.parse(json.replace(/^\ufeff/, ""));
  } catch {
    return undefined;
  }
}
