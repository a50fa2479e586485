import * as core from "zod/v4/core";

/**
 * All that is used of zod, in one place: the build bundles this module with what it needs of zod, so that the
 * published package has no dependencies. Every application that annotates a class carries it, so the schemas are made of
 * the core that zod/mini wraps: 8 KB instead of 10.
 */
export interface Schema {
  accepts(value: unknown): boolean;
}

const accepting = (schema: core.$ZodType): Schema => ({
  accepts: (value) => core.safeParse(schema, value).success,
});

export const numberAbove = (bound: number): Schema =>
  accepting(core._number(core.$ZodNumber, { checks: [core._gt(bound)] }));

export const numberFrom = (bound: number): Schema =>
  accepting(core._number(core.$ZodNumber, { checks: [core._gte(bound)] }));

export const custom = (holds: (value: unknown) => boolean): Schema =>
  accepting(core._custom(core.$ZodCustom, holds, {}));
