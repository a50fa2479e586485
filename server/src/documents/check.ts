import * as z from "zod";
import type { Finding, Fix, TextEdit } from "./finding.js";
import { rangeSchema, relatedLocationSchema } from "./location.js";

/** `faultline check --format json` */
export interface CheckDocument {
  readonly schema: 1;
  /** How many files were looked at. */
  readonly files: number;
  readonly findings: readonly Finding[];
}

const editSchema: z.ZodType<TextEdit> = z.strictObject({
  file: z.string().describe("Relative to the working directory."),
  range: rangeSchema,
  text: z.string().describe("Replaces the range."),
});

const fixSchema: z.ZodType<Fix> = z.strictObject({
  title: z.string(),
  kind: z.enum(["safe", "suggested"]).describe("safe: keeps the meaning of correct programs."),
  edits: z.array(editSchema).readonly(),
});

export const findingSchema: z.ZodType<Finding> = z.strictObject({
  rule: z.string(),
  severity: z.enum(["error", "warning", "information"]),
  file: z.string().describe("Relative to the working directory."),
  range: rangeSchema,
  message: z.string().describe("What is wrong."),
  why: z.string().describe("Why it matters."),
  help: z.string().describe("What to do about it."),
  related: z.array(relatedLocationSchema).readonly(),
  fixes: z.array(fixSchema).readonly(),
});

/** What `faultline check --format json` prints. */
export const checkDocumentSchema: z.ZodType<CheckDocument> = z.strictObject({
  schema: z.literal(1),
  files: z.int().min(0).describe("How many files were looked at."),
  findings: z.array(findingSchema).readonly(),
});
