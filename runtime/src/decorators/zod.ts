/**
 * All that is used of zod, in one place: the build bundles this module with what it needs of `zod/mini`, so that the
 * published package has no dependencies and an application's bundle stays small.
 */
export {
  array,
  boolean,
  type core,
  custom,
  enum as oneOf,
  function as callable,
  gt,
  gte,
  int,
  lte,
  minLength,
  number,
  object,
  optional,
  record,
  refine,
  strictObject,
  string,
  union,
  unknown,
  type ZodMiniType,
} from "zod/mini";
