import * as z from "zod";
import { categories } from "../../../runtime/src/advice/classification/index.js";
import { levels } from "../../../runtime/src/levels.js";
import type { AuditDocument } from "../audit/audit.js";

const level = z.enum(levels);
const location = z.strictObject({ file: z.string(), line: z.int() });

const dataset = z.strictObject({
  name: z.string().nullable().describe("The field, table, key, topic; null where the code does not say it here."),
  kind: z.string(),
  location: location.describe("Where it is declared, or first used."),
  uses: z.strictObject({ reads: z.int(), writes: z.int() }).nullable().describe("Places in the code; null for fields."),
  level: level.nullable().describe("Null: nothing in the code says it."),
  levelBasis: z.enum(["declared", "default", "asked for", "unknown"]),
  classification: z.strictObject({
    category: z.enum([...categories.map(({ id }) => id), "NEEDS_ANALYSIS" as const]),
    name: z.string().nullable(),
    weakest: level.nullable(),
    usual: level.nullable(),
    strongest: level.nullable(),
    loss: z.string().nullable().describe("What goes wrong below the weakest."),
    reason: z.string(),
    source: z.string().nullable(),
  }),
  verdict: z.strictObject({
    kind: z.enum(["could be weaker", "must be stronger", "fits", "level unknown", "no level", "NEEDS_ANALYSIS"]),
    level: level.nullable().describe("The level to try."),
    because: z.string(),
    saves: z
      .strictObject({ usdPerMillionOperations: z.number(), writeMs: z.number(), readMs: z.number() })
      .nullable()
      .describe("Beside the present level, from the region from which it takes longest."),
  }),
});

const candidate = z.strictObject({
  store: z.string(),
  dataset: z.string(),
  location,
  text: z.string(),
  command: z.string().nullable().describe("What tries it; null where only a person can."),
});

/** What `faultline audit --format json` prints. */
export const auditDocumentSchema: z.ZodType<AuditDocument> = z.strictObject({
  schema: z.literal(1),
  files: z.int().describe("How many were looked at."),
  unseenFiles: z.int().describe("How many were left, where it was interrupted."),
  regions: z.strictObject({ names: z.array(z.string()).readonly(), areDefault: z.boolean() }),
  stores: z
    .array(
      z.strictObject({
        name: z.string(),
        kind: z.enum(["class", "store"]),
        gives: z.strictObject({ level: level.nullable(), reason: z.string() }).nullable(),
        datasets: z.array(dataset).readonly(),
      }),
    )
    .readonly(),
  risks: z
    .array(z.strictObject({ kind: z.enum(["lost update", "dual write"]), message: z.string(), location }))
    .readonly(),
  summary: z.strictObject({
    weaker: candidate.nullable(),
    stronger: candidate.nullable(),
    needsAnalysis: z.int().describe("How many nobody can judge by their names."),
  }),
});
