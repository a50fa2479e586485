import * as z from "zod";
import { categories } from "../../../runtime/src/advice/classification/index.js";
import { levels } from "../../../runtime/src/levels.js";
import type { AdviseDocument } from "../advise/advise.js";
import { levelComparisonSchema } from "./compare.js";

const level = z.enum(levels);
const category = z.enum([...categories.map(({ id }) => id), "NEEDS_ANALYSIS" as const]);
const texts = z.array(z.string()).readonly();

const latency = z.strictObject({
  floorMs: z
    .number()
    .describe("Light in fibre to the nearest that have to answer; 0: the region's own replica answers."),
  expectedMs: z
    .tuple([z.number(), z.number()])
    .readonly()
    .describe("Least and most, with the document's routing, switching and processing."),
  arithmetic: z.string(),
});

const levelAdvice = z.strictObject({
  level,
  usdPerMonth: z.number(),
  usdPerMillionOperations: z.number(),
  arithmetic: z.string().describe("How the cost was reckoned."),
  availability: z
    .strictObject({ reads: z.number(), writes: z.number() })
    .describe("Share of the operations of clients in their region that is answered."),
  isAvailableEnough: z.boolean().nullable().describe("Null where nobody said how much is enough."),
  pacelc: z.string().describe("PC/EC, PC/EL, PA/EL"),
  latencies: z.array(z.strictObject({ region: z.string(), read: latency, write: latency })).readonly(),
});

const simulated = z.discriminatedUnion("outcome", [
  z.strictObject({ outcome: z.literal("sufficient"), level }),
  z.strictObject({ outcome: z.enum(["untested", "none", "unknown"]), level: z.null() }),
]);

const field = z.strictObject({
  field: z.string(),
  dataType: z.string(),
  location: z.strictObject({ file: z.string(), line: z.int() }),
  annotated: level.nullable().describe("The level that it has now; null if nobody says."),
  classification: z.strictObject({
    category,
    name: z.string().nullable(),
    weakest: level.nullable(),
    usual: level.nullable(),
    strongest: level.nullable(),
    loss: z.string().nullable().describe("What goes wrong below the weakest."),
    reason: z.string(),
    source: z.string().nullable(),
  }),
  simulated: simulated.describe("The weakest level that was found sufficient, or why nothing is known."),
  candidates: z
    .array(
      z.strictObject({
        level,
        verdict: z.enum(["chosen", "too weak", "sufficient", "stronger than needed", "open"]),
        because: z.string(),
        pros: texts,
        cons: texts,
      }),
    )
    .readonly(),
  decision: z.strictObject({
    level: level.nullable().describe("Null: a person has to decide."),
    basis: z.enum(["classification and simulation", "classification", "simulation", "none"]),
    reasoning: texts,
    disagreements: texts.describe("Where what was found contradicts itself, or what the code says."),
    mitigation: texts.describe("What the application and its pages have to do at that level."),
  }),
});

/** What `faultline advise --format json` prints. */
export const adviseDocumentSchema: z.ZodType<AdviseDocument> = z.strictObject({
  schema: z.literal(1),
  target: z.string(),
  regions: z.strictObject({ names: texts, areDefault: z.boolean() }),
  operationsPerSecond: z.number().describe("On each field."),
  availability: z.number().nullable().describe("The share of operations that has to be answered."),
  levels: z.array(levelAdvice).readonly(),
  simulation: z.strictObject({
    outcome: z.enum(["found", "none", "unknown"]),
    schedules: z.int().describe("For each assignment of levels."),
    seed: z.int(),
    assignments: z.int(),
    levels: z.array(levelComparisonSchema).readonly().describe("Every field at one level at a time."),
    judgesInvariants: z.boolean().describe("Not only what levels promise by themselves was judged."),
  }),
  fields: z.array(field).readonly(),
});
