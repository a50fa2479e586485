import * as z from "zod";
import { levels } from "../../../runtime/src/levels.js";
import type { VerifyDocument } from "../verify/verify.js";

const verdict = z.enum(["valid", "invalid", "unknown"]);

const anomaly = z.strictObject({
  name: z.string(),
  message: z.string().describe("One sentence with times, regions and values."),
  operations: z.array(z.int()).readonly().describe("Ids of the events that show it, as the history has them."),
});

const domain = z.strictObject({
  level: z.enum(levels),
  cells: z.array(z.string()).readonly(),
  operations: z.int(),
  verdict,
  reason: z.string().nullable().describe("Why nothing can be said of it."),
});

const recording = z.strictObject({
  startedAt: z.string(),
  sampleRatio: z.number().describe("The share of sessions that were recorded."),
  redacted: z.boolean(),
  maxClockSkewMs: z.number().describe("By how much the clocks may differ that gave the times."),
  isCutOff: z.boolean().describe("It ends in the midst, as when a process is killed."),
});

/** What `faultline verify --format json` prints. */
export const verifyDocumentSchema: z.ZodType<VerifyDocument> = z.strictObject({
  schema: z.literal(1),
  verdict,
  level: z.enum(levels).describe("Of what is broken or unknown; else the weakest that was judged."),
  operations: z.int(),
  anomalies: z.array(anomaly).readonly(),
  reason: z.string().nullable().describe("Why the verdict is unknown."),
  domains: z.array(domain).readonly().describe("Cells of one level and mechanism, which are judged together."),
  recording: recording.nullable().describe("Null for a history that says nothing of how it was recorded."),
  wallMs: z.number(),
});
