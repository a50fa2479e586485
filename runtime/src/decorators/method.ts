import { checkOptions, type OptionTable } from "../validation/options.js";
import type { Place } from "./place.js";
import { type MethodMetadata, noteMethod } from "./record.js";
import { annotation, type MethodAnnotation } from "./target.js";

interface MethodAnnotationSetup {
  readonly decorator: string;
  readonly places?: readonly Place[];
  /** The first argument as it was given. */
  readonly given: unknown;
  /** What the arguments have to be; no options unless told. */
  readonly table?: OptionTable;
  /** The arguments by name, where they are not one object of options. */
  readonly options?: unknown;
  readonly metadata: MethodMetadata;
}

/** The one implementation of the decorators that stand on methods only. */
export const methodAnnotation = (setup: MethodAnnotationSetup): MethodAnnotation => {
  const { decorator, given, table = {}, options = given, metadata, places = ["method"] } = setup;
  return annotation<MethodAnnotation>({
    decorator,
    places,
    given,
    note(record, target) {
      const problem = checkOptions(table, options);
      if (problem === undefined) noteMethod(record, target, metadata);
      return problem;
    },
  });
};
