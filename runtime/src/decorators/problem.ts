import { AnnotationError } from "../errors.js";

/** What is wrong with an annotation, once it is known on which member it stands; undefined for the class itself. */
export interface AnnotationProblem {
  readonly member: string | undefined;
  readonly message: string;
}

export function problemOf(type: string, { member, message }: AnnotationProblem): AnnotationError {
  return new AnnotationError(`\`${member === undefined ? type : `${type}.${member}`}\`: ${message}`);
}
