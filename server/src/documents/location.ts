import * as z from "zod";
import type { Position, Range, RelatedLocation } from "./finding.js";

const positionSchema: z.ZodType<Position> = z.strictObject({
  line: z.int().min(1).describe("From 1."),
  column: z.int().min(1).describe("From 1."),
});

export const rangeSchema: z.ZodType<Range> = z.strictObject({
  start: positionSchema,
  end: positionSchema.describe("Exclusive."),
});

const file = z.string().describe("Relative to the working directory.");

export const locationSchema = z.strictObject({ file, range: rangeSchema });

export const relatedLocationSchema: z.ZodType<RelatedLocation> = z.strictObject({
  file,
  range: rangeSchema,
  message: z.string(),
});
