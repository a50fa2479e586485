import * as z from "zod";
import { type Region, regions } from "../../../runtime/src/simulation/network/regions.js";
import type { Severity } from "../documents/finding.js";

/** What `faultline.config.json` says, in its own words. A key that nothing reads yet is refused, and never ignored. */
export interface Configuration {
  readonly $schema?: string | undefined;
  readonly severities?: Severities | undefined;
  readonly overrides?: readonly Override[] | undefined;
  readonly include?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
  readonly regions?: readonly (string | Region)[] | undefined;
  readonly schedules?: number | undefined;
}

/** By rule id. */
export type Severities = Readonly<Record<string, Severity | "off">>;

export interface Override {
  readonly files: readonly string[];
  readonly severities: Severities;
}

/** What the schema says of a rule. */
export interface ConfigurableRule {
  readonly id: string;
  readonly severity: Severity;
  readonly summary: string;
}

export const severityNames = ["off", "information", "warning", "error"] as const;

/** The rules are given, because they are judged by those who are configured here. */
export function configurationSchema(rules: readonly ConfigurableRule[]): z.ZodType<Configuration> {
  const severities = severitiesSchema(rules);
  return z.strictObject({
    $schema: z.string().optional().describe("Where this schema lies, for completion in editors."),
    severities: severities.optional().describe("How much each rule weighs; off silences it."),
    overrides: z
      .array(
        z.strictObject({
          files: patterns.min(1).describe("Which files: patterns, relative to this file's folder."),
          severities: severities.describe("How much each rule weighs there."),
        }),
      )
      .optional()
      .describe("Other severities for some files. Where several match, the last one wins."),
    include: patterns.optional().describe("Findings are reported in these files only. Every file unless given."),
    exclude: patterns
      .optional()
      .describe("No findings are reported in these files; a pattern that begins with ! brings back."),
    regions: regionsSchema.optional().describe("Where the replicas are. nyc, london and tokyo unless given."),
    schedules: z
      .int()
      .min(1)
      .max(1_000_000)
      .optional()
      .describe("How many schedules a simulation runs. 1,000 unless given."),
  });
}

const patterns = z.array(z.string().min(1)).describe("Relative to the folder of this file.");

function severitiesSchema(rules: readonly ConfigurableRule[]): z.ZodType<Severities> {
  const severity = z.enum(severityNames);
  const byRule = rules.map(({ id, severity: usual, summary }) => [
    id,
    severity.optional().describe(`${summary} Unless given: ${usual}.`),
  ]);
  return z.strictObject(Object.fromEntries(byRule) as Record<string, z.ZodOptional<typeof severity>>) as never;
}

const placeSchema = z.strictObject({
  name: z.string().min(1).describe("What messages call it."),
  latitude: z.number().min(-90).max(90).describe("Degrees, north positive."),
  longitude: z.number().min(-180).max(180).describe("Degrees, east positive."),
});

const regionsSchema = z
  .array(z.union([z.enum(regions.map(({ name }) => name)), placeSchema]))
  .min(1)
  .superRefine((places, context) => {
    const names = places.map((place) => (typeof place === "string" ? place : place.name));
    for (const [index, name] of names.entries()) {
      if (names.indexOf(name) === index) continue;
      context.addIssue({
        code: "custom",
        path: [index],
        message: `The region "${name}" is named twice. Name each once.`,
      });
    }
  });
