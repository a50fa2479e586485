import { $ZodCustom } from "zod/v4/core";

/**
 * All that is used of zod, in one place: the build bundles this module with what it needs of zod, so that the
 * published package has no dependencies. Every application that annotates a class carries it, and has 40 KB for all of
 * the runtime: so schemas are of the one kind that makes the least of zod come along, and they are run without
 * `safeParse`, whose error objects nobody reads here. That is 5.5 KB, where `zod/mini` is 10.
 */
export interface Schema {
  accepts(value: unknown): boolean;
}

export function schemaOf(holds: (value: unknown) => boolean): Schema {
  const { _zod } = new $ZodCustom({ type: "custom", check: "custom", fn: holds, abort: true });
  return {
    accepts(value) {
      const parsed = _zod.run({ value, issues: [] }, { async: false });
      // Only an asynchronous predicate would give a promise, and those are none of ours.
      return "issues" in parsed && parsed.issues.length === 0;
    },
  };
}
