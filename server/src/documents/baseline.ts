import * as z from "zod";

/** What `faultline check --baseline` keeps: findings that are known and not reported. */
export interface BaselineDocument {
  readonly schema: 1;
  readonly findings: readonly {
    readonly rule: string;
    /** Relative to the folder of the baseline, which is the same from whatever folder it is used. */
    readonly file: string;
    /** The code that the finding is about: with rule and file what it is known again by, wherever its lines move. */
    readonly code: string;
    readonly count: number;
  }[];
}

export const baselineDocumentSchema: z.ZodType<BaselineDocument> = z.strictObject({
  schema: z.literal(1),
  findings: z
    .array(z.strictObject({ rule: z.string(), file: z.string(), code: z.string(), count: z.int().min(1) }))
    .readonly(),
});
