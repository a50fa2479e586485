import type { OptionProblem } from "./options.js";
import { type MethodMetadata, noteMethod } from "./record.js";
import { annotation, type MethodAnnotation, type Place } from "./target.js";

/** The one implementation of the decorators that stand on methods only. */
export function methodAnnotation(
  decorator: string,
  places: readonly Place[],
  given: unknown,
  read: () => { readonly problem: OptionProblem | undefined; readonly metadata: MethodMetadata },
): MethodAnnotation {
  return annotation<MethodAnnotation>({
    decorator,
    places,
    given,
    note(record, target) {
      if (target.place !== "method" && target.place !== "static method") return undefined;
      const { problem, metadata } = read();
      if (problem === undefined) noteMethod(record, target.place, target.name, metadata);
      return problem;
    },
  });
}
