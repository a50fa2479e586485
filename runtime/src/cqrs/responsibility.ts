import { type MethodMetadata, noteMethod } from "../decorators/record.js";
import { annotation, type MethodAnnotation } from "../decorators/target.js";
import { checkOptions } from "../validation/options.js";

/** The one implementation of `Command` and `Query`: no method is both. */
export const responsibilityAnnotation = (
  decorator: string,
  responsibility: NonNullable<MethodMetadata["responsibility"]>,
  given: unknown,
): MethodAnnotation =>
  annotation<MethodAnnotation>({
    decorator,
    places: ["method"],
    given,
    note(record, target) {
      const problem = checkOptions({}, given);
      if (problem !== undefined || target.place !== "method") return problem;
      const other = record.methods.get(target.name)?.responsibility;
      if (other !== undefined)
        return `@${decorator}() is a second responsibility, it already is a ${other}. Accepted: one.`;
      noteMethod(record, target, { responsibility });
      return undefined;
    },
  });
