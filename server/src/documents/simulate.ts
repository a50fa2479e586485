import * as z from "zod";
import type { SimulateDocument } from "../simulate/simulate.js";
import { locationSchema, relatedLocationSchema } from "./location.js";

const count = z.int().min(0);

const remedySchema = z.strictObject({
  text: z.string(),
  tried: z
    .strictObject({
      schedules: count.describe("Run with the same seeds as the run, once as the code is and once with the remedy."),
      before: count.describe("Schedules that show the violation as the code is."),
      violated: count.describe("Those that still show it with the remedy."),
      others: z.array(z.string()).readonly().describe("What else is violated with it, and is not without."),
      addedP50Ms: z
        .number()
        .nullable()
        .describe("How much longer the median operation takes; null: none was answered."),
      refused: count.describe("So many more operations are refused, or left open, while their region is cut off."),
    })
    .nullable()
    .describe("Null for what only a person can do, and where it is not known what became of it."),
});

const violationSchema = z.strictObject({
  kind: z.enum(["invariant", "divergence", "guarantee", "error", "liveness"]),
  name: z.string(),
  anomaly: z.string().nullable(),
  seed: z.int().describe("The first schedule that shows it: replay <target> --seed <seed>."),
  count: count.describe("How many schedules show it."),
  message: z.string(),
  expected: z.string().nullable(),
  observed: z.string().nullable(),
  location: locationSchema.nullable().describe("Where to look first: an operation that races, else the check."),
  related: z.array(relatedLocationSchema).readonly(),
  shrunk: z.strictObject({ operations: count, faults: count, sessions: count }).nullable(),
  remedies: z.array(remedySchema).readonly().describe("What to do about it, in order of preference."),
});

const operationSchema = z.strictObject({
  name: z.string(),
  region: z.string(),
  ok: count,
  fail: count.describe("Did not happen."),
  info: count.describe("May or may not have happened."),
  p50Ms: z.number().nullable(),
  p99Ms: z.number().nullable(),
});

const exhaustiveSchema = z.strictObject({
  sessions: count.nullable().describe("Of a generated workload; null for a scenario, whose body decides."),
  operations: count.nullable().describe("Calls of each session."),
  timers: count.describe("How many timers could go off."),
  states: count.describe("Different states in which there was something to choose."),
  statesPerSecond: count,
  violated: count.describe("Schedules in which something is violated."),
  complete: z.boolean().describe("False: a limit was reached first."),
  noticed: z
    .array(z.strictObject({ what: z.enum(["clock", "faults", "memory"]), states: count }))
    .readonly()
    .describe(
      "What user code does that makes more orders count: it looks at a clock, asks for faults, or its sessions know " +
        "of one another by more than the store; and after how many states that was noticed. The search began again then.",
    ),
});

const figureSchema = z.strictObject({
  name: z.string(),
  unit: z.string(),
  claim: z.string().nullable().describe("What somebody says that it is: compared with nothing."),
  count: count.describe("How many values there are, over all schedules. The others are values, to three digits."),
  least: z.number(),
  median: z.number(),
  p99: z.number(),
  most: z.number(),
});

const runSchema = z.strictObject({
  target: z.string(),
  seed: z.int(),
  schedules: count.describe("Schedules run."),
  vacuous: count.describe("Schedules that judged nothing."),
  outcome: z.enum(["violated", "holds", "unknown"]),
  reason: z.string().nullable().describe("Why the outcome is unknown; null otherwise."),
  violations: z.array(violationSchema).readonly(),
  operations: z.array(operationSchema).readonly(),
  figures: z.array(figureSchema).readonly().optional().describe("What the scenario measured, if anything."),
  faultsFired: z.record(z.string(), count),
  simulatedMs: z.number(),
  wallMs: z.number(),
  exhaustive: exhaustiveSchema.optional().describe("Where every order of events within bounds was asked for."),
});

/** What `faultline simulate --format json` prints. */
export const simulateDocumentSchema: z.ZodType<SimulateDocument> = z.strictObject({
  schema: z.literal(1),
  runs: z.array(runSchema).readonly(),
});
