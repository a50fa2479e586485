import { type AnnotationRecord, recordsOf } from "../decorators/record.js";
import {
  annotation,
  type ClassAnnotation,
  type FieldAnnotation,
  type ParameterAnnotation,
} from "../decorators/target.js";
import { checkOptions } from "../validation/options.js";

/** On a cell, on a store (a field, or a parameter property), or on a class all of whose state is a read model. */
export interface ReadModelAnnotation extends ClassAnnotation, FieldAnnotation, ParameterAnnotation {}

/** What the annotations say of one class; `undefined` stands for the class as a whole. */
const annotated = new WeakMap<AnnotationRecord, Set<string | symbol | undefined>>();

/**
 * Marks state that projections derive from events, for queries to answer from. It follows the write model some time
 * later, so a command that decides on it decides on the past. (Young, "CQRS Documents", 2010.)
 */
export const ReadModel = (options: Readonly<Record<string, never>> = {}): ReadModelAnnotation =>
  annotation<ReadModelAnnotation>({
    decorator: "ReadModel",
    places: ["class", "field", "parameter"],
    given: options,
    note(record, target) {
      const problem = checkOptions({}, options);
      if (problem !== undefined || target.place === "parameter") return problem;
      const members = annotated.get(record) ?? new Set();
      annotated.set(record, members.add(target.place === "class" ? undefined : target.name));
      return undefined;
    },
  });

/** Whether this field of the class, or of a base of it, holds a read model. */
export function isReadModel(type: object, field: string | symbol): boolean {
  return recordsOf(type).some(({ record }) => {
    const members = annotated.get(record);
    return members !== undefined && (members.has(undefined) || members.has(field));
  });
}
