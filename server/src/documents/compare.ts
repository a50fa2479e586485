import * as z from "zod";
import { levels } from "../../../runtime/src/levels.js";
import type { CompareDocument } from "../compare/compare.js";

const levelSchema = z.enum(levels);

const invariantSchema = z.strictObject({
  name: z.string().describe("A check, a `converged` predicate, an @Invariant; or what the level itself promises."),
  outcome: z.enum(["holds", "violated", "unknown"]),
  seed: z.int().nullable().describe("The first schedule that violates it."),
});

const regionSchema = z.strictObject({
  region: z.string(),
  unavailable: z
    .number()
    .nullable()
    .describe("Share of the operations asked while the region was cut off from some other that was refused."),
  p50Ms: z.number().nullable(),
  p99Ms: z.number().nullable(),
});

/** One column of the comparison: every field at one level. */
export const levelComparisonSchema = z.strictObject({
  level: levelSchema,
  invariants: z.array(invariantSchema).readonly(),
  regions: z.array(regionSchema).readonly(),
  messagesPerOperation: z.number().nullable(),
  usdPerMillionOperations: z.number(),
});

/** What `faultline compare --format json` prints. */
export const compareDocumentSchema: z.ZodType<CompareDocument> = z.strictObject({
  schema: z.literal(1),
  target: z.string(),
  levels: z.array(levelComparisonSchema).readonly(),
  weakestSufficient: z
    .record(z.string(), levelSchema)
    .nullable()
    .describe("By field; null where no assignment of levels was found to keep everything."),
});
