import { type Schema, schemaOf } from "./zod.js";

/** An option that is not what it has to be, before it is known which class and field it stands on. */
export interface OptionProblem {
  /** `mechanism.reads`; empty when the options as a whole are wrong. */
  readonly option: string;
  readonly given: unknown;
  readonly accepted: string;
}

/** What one option may be, for the check and in words. */
export interface Option {
  readonly schema: Schema;
  readonly accepted: string;
  readonly required?: true;
}

/** The options of one decorator or mechanism. */
export type OptionTable = Readonly<Record<string, Option>>;

export const required = (option: Option): Option => ({ ...option, required: true });

export const choice = (...values: readonly string[]): Option =>
  suchThat(values.map((value) => JSON.stringify(value)).join(", "), (value) => values.includes(value as string));

export const suchThat = (accepted: string, holds: (value: unknown) => boolean): Option => ({
  schema: schemaOf(holds),
  accepted,
});

export const text = (accepted: string): Option =>
  suchThat(accepted, (value) => typeof value === "string" && value !== "");

export const flag = (): Option => suchThat("true, false", (value) => typeof value === "boolean");

export const count = (): Option => countUpTo(undefined);

/** The bound is an option itself, and may be anything. */
export const countUpTo = (limit: unknown): Option => {
  const bound = typeof limit === "number" ? limit : Number.MAX_SAFE_INTEGER;
  return suchThat(
    limit === undefined ? "a whole number from 1" : `a whole number from 1 to ${String(limit)}`,
    (value) => Number.isInteger(value) && (value as number) >= 1 && (value as number) <= bound,
  );
};

// A finite number: NaN and Infinity are of the type, and mean neither a ratio nor a time.
export const ratio = (): Option =>
  suchThat("a number from 0", (value) => Number.isFinite(value) && (value as number) >= 0);

export const milliseconds = (): Option =>
  suchThat("a number of milliseconds above 0", (value) => Number.isFinite(value) && (value as number) > 0);

/** The first option that is wrong, or undefined. */
export function checkOptions(table: OptionTable, given: unknown): OptionProblem | undefined {
  const names = Object.keys(table).join(", ");
  if (typeof given !== "object" || given === null) {
    return { option: "", given, accepted: names === "" ? "no options" : `an object with ${names}` };
  }
  const options = given as Readonly<Record<string, unknown>>;
  for (const option of Object.keys(options)) {
    if (Object.hasOwn(table, option)) continue;
    return { option, given: options[option], accepted: names === "" ? "no options" : `the options ${names}` };
  }
  for (const [option, { schema, accepted, required }] of Object.entries(table)) {
    const value = options[option];
    if (value === undefined ? required : !schema.accepts(value)) return { option, given: value, accepted };
  }
  return undefined;
}
