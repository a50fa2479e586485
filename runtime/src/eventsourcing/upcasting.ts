import { AnnotationError } from "../errors.js";

/**
 * Brings a stored event from one schema into the next. What it is given is whatever was written then, so it says the type
 * of its parameter itself.
 */
export type Upcaster = (stored: never) => { readonly type: string };

/**
 * By type of event, the steps from its first schema to its present one: `{ sold: [toSecond, toThird] }`. Stored events
 * are never rewritten; they are brought up to date whenever they are read. (Young, Versioning in an Event Sourced System.)
 */
export type Upcasters = Readonly<Record<string, readonly Upcaster[]>>;

/** The schema that events of this type are written in now: 1, and one more for each step. */
export function schemaVersionOf(upcasters: Upcasters, type: string): number {
  return 1 + stepsOf(upcasters, type).length;
}

/**
 * A stored event in the present schema. A step that returns another type ends the chain: it has renamed the event, and
 * what it returns is in the present schema of the new type.
 *
 * @throws AnnotationError for an event in a schema that this code does not know, as newer code has written it.
 */
export function upcast<E extends { readonly type: string }>(upcasters: Upcasters, event: E, schemaVersion: number): E {
  const { type } = event;
  const steps = stepsOf(upcasters, type);
  if (schemaVersion > steps.length + 1 || !Number.isInteger(schemaVersion) || schemaVersion < 1) {
    throw new AnnotationError(
      `An event "${type}" was written in schema ${schemaVersion}, and this code knows it up to ${steps.length + 1}.`,
      { help: "Deploy the code that reads the new schema before the code that writes it, or add the upcaster." },
    );
  }
  let present: { readonly type: string } = event;
  for (const step of steps.slice(schemaVersion - 1)) {
    present = (step as (stored: object) => { readonly type: string })(present);
    if (present.type !== type) break;
  }
  return present as E;
}

const stepsOf = (upcasters: Upcasters, type: string): readonly Upcaster[] =>
  Object.hasOwn(upcasters, type) ? (upcasters[type] as readonly Upcaster[]) : [];
