import { foreignCopyHelp } from "../copies.js";
import type { CellOptions, DataType } from "../data/data-type.js";
import { mergePolicyOf } from "../decorators/merge-policy.js";
import { type ClassMetadata, type LevelMetadata, metadataOf } from "../decorators/metadata.js";
import { replicatedBrand } from "../decorators/replicated.js";
import { ambientSession } from "../deployment/ambient-session.js";
import type { Cell, SessionState } from "../deployment/deployment.js";
import { AnnotationError } from "../errors.js";
import type { Level } from "../levels.js";
import {
  causalBroadcast,
  gossip,
  isolated,
  type MechanismOptions,
  orderedLog,
  raft,
  traitsOf,
} from "../mechanisms/options.js";
import { clone } from "./clone.js";
import { currentContext } from "./context.js";
import { bind, type Definition, definitionOf, isForeignCell } from "./handle.js";
import { openedAs, rememberOpened, wrapMethods } from "./methods.js";

/** A class whose objects are opened by identity. */
export type ReplicatedClass<T extends object> = new (id: string) => T;

// biome-ignore lint/suspicious/noExplicitAny: the constructor type that every class is assignable to
type AnyClass<T extends object> = abstract new (...args: any) => T;

/** A class together with how its objects are made, where that takes more than an identity. */
export interface ReplicatedType<T extends object> {
  readonly type: AnyClass<T>;
  readonly create: (id: string) => T;
}

export type Openable<T extends object> = ReplicatedClass<T> | ReplicatedType<T>;

/** A level and its options; `annotated` is the annotation's where another is assigned, `type` stands in for the field's. */
export type GivenLevel = LevelMetadata & { readonly annotated?: Level; readonly type?: DataType | undefined };

/** What a field is given in place of its annotation. */
export type AssignLevel = (annotation: LevelMetadata, field: string, definition: Definition) => GivenLevel;

/** For classes that need more than an identity: `replicated(Account, { create: (id) => new Account(id, mailer) })`. */
export function replicated<T extends object>(
  type: AnyClass<T>,
  options: { readonly create: (id: string) => T },
): ReplicatedType<T> {
  if (typeof options?.create !== "function") {
    throw new AnnotationError(`\`${type.name}\`: option \`create\` of replicated() is not a function.`, {
      help: "Accepted: a function (id) => object.",
    });
  }
  return Object.freeze({ type, create: options.create });
}

/**
 * The object of this identity in the ambient session: the one of the method that runs, or of the ambient deployment.
 * Opening again, here or elsewhere, gives another handle to the same replicated state.
 */
export function open<T extends object>(type: Openable<T>, id: string): T {
  return openIn(currentContext()?.session ?? ambientSession(), type, id);
}

/** The object of this identity in a given session. */
export function openIn<T extends object>(session: SessionState, openable: Openable<T>, id: string): T {
  const { type, create } = typeOf(openable);
  const metadata = checkedMetadata(type);
  if (typeof id !== "string" || id === "") {
    throw new AnnotationError(
      `\`${type.name}\` is opened by an identity, and ${String(id) || "an empty text"} is none.`,
      {
        help: `Write open(${type.name}, "some-id").`,
      },
    );
  }
  wrapMethods(type);
  const object = create(id);
  if (openedAs(object) !== undefined) {
    throw new AnnotationError(`\`create\` of \`${type.name}\` returned an object that is open already.`, {
      help: "Make a new object each time: the deployment keeps the state, the object only leads to it.",
    });
  }
  rememberOpened(object, { type: type.name, id, session });
  const { deployment } = session;
  const known = deployment.cellsOf?.(openable, id);
  const cells = known === undefined ? new Map<PropertyKey, Cell>() : undefined;
  bindCells(object, cells, { type: type.name, id, metadata, session, known });
  if (cells !== undefined) deployment.opened?.(openable, id, cells);
  return object;
}

/** The name of the class that a cell key begins with. */
export const typeNameOf = (openable: Openable<object>): string => typeOf(openable).type.name;

function typeOf<T extends object>(openable: Openable<T>): ReplicatedType<T> {
  if (typeof openable === "function") return { type: openable, create: (id) => new openable(id) };
  if (typeof openable?.type === "function" && typeof openable.create === "function") return openable;
  throw new AnnotationError("open() was given something that is not a class.", {
    help: "Accepted: a class that is @Replicated(), or what replicated(Class, { create }) returns.",
  });
}

const checked = new WeakMap<object, ClassMetadata>();

function checkedMetadata(type: AnyClass<object>): ClassMetadata {
  const known = checked.get(type);
  if (known !== undefined) return known;
  const metadata = metadataOf(type);
  if (!metadata.replicated) {
    throw new AnnotationError(`\`${type.name}\` is not replicated.`, {
      help: replicatedBrand in type ? foreignCopyHelp() : "Put @Replicated() on the class.",
    });
  }
  for (const [name, { saga }] of metadata.methods) {
    const prototype = type.prototype as Readonly<Record<string, unknown>>;
    if (saga === undefined || typeof prototype[saga.compensate] === "function") continue;
    throw new AnnotationError(
      `\`${type.name}.${String(name)}\`: option \`compensate\` of @Saga() is ${JSON.stringify(saga.compensate)}. ` +
        "Accepted: the name of a method of the class.",
    );
  }
  checked.set(type, metadata);
  return metadata;
}

interface Opening {
  readonly type: string;
  readonly id: string;
  readonly metadata: ClassMetadata;
  readonly session: SessionState;
  /** By field, if an object of this identity was opened before. */
  readonly known: ReadonlyMap<PropertyKey, Cell> | undefined;
}

/** Binds what the object's fields hold, and tells `cells` which cells that are. */
function bindCells(object: object, cells: Map<PropertyKey, Cell> | undefined, opening: Opening): void {
  const { session, known } = opening;
  for (const name of Reflect.ownKeys(object)) {
    const value: unknown = Reflect.get(object, name);
    const definition = definitionOf(value);
    if (definition !== undefined) {
      const cell = known?.get(name) ?? declareCell(object, name, definition, opening);
      cells?.set(name, cell);
      bind(value as object, { cell, session });
    } else if (isForeignCell(value)) {
      throw new AnnotationError(`\`${opening.type}.${String(name)}\` is a cell of another copy of this package.`, {
        help: foreignCopyHelp(),
      });
    }
  }
}

function declareCell(object: object, name: string | symbol, definition: Definition, opening: Opening): Cell {
  const { type, id, metadata, session } = opening;
  const field = `${type}.${String(name)}`;
  const own = metadata.fields.get(name);
  const level = own ?? metadata.level;
  if (level === undefined) {
    throw new AnnotationError(`\`${field}\` has no level.`, {
      help: "Put one on the field or on the class: @Eventual(), @Causal(), @Sequential(), @Linearizable() …",
    });
  }
  if (own !== undefined) refuseIdleOptions(field, definition.type.name, own);
  const key = `${type}:${id}.${String(name)}`;
  return session.deployment.declare(key, (assign) => {
    const given: GivenLevel = assign?.(level, field, definition) ?? level;
    const made = cellOf({ key, label: `${id}.${String(name)}`, field }, definition, given);
    const origin = originOf(field, String(name), made, object, metadata);
    return origin === undefined ? made : { ...made, origin: `${type}:${id}.${origin}` };
  });
}

/** The name of the cell that this one is a copy of, if it is one. */
function originOf(field: string, name: string, { mechanism }: Cell, object: object, metadata: ClassMetadata) {
  return traitsOf(mechanism).findOrigin?.({
    ...{ field, name, mechanism, names: Object.keys(object) },
    cellAt(other) {
      const definition = definitionOf(Reflect.get(object, other));
      const level = metadata.fields.get(other) ?? metadata.level;
      return definition && { type: definition.type.name, mechanism: level?.mechanism };
    },
  });
}

const defaultMechanisms: Readonly<Record<Level, MechanismOptions>> = {
  none: isolated(),
  eventual: gossip(),
  causal: causalBroadcast(),
  sequential: orderedLog(),
  linearizable: raft(),
};

const defaultTimeoutMs = 2000;

function cellOf(
  { key, label, field }: Pick<Cell, "key" | "label" | "field">,
  { type: own, initial }: Definition,
  {
    level,
    annotated,
    type = own,
    mechanism = defaultMechanisms[level],
    merge,
    conflict,
    timeoutMs = defaultTimeoutMs,
  }: GivenLevel,
): Cell {
  const options: CellOptions = {
    ...(initial === undefined ? {} : { initial: clone(initial, label) }),
    ...(merge === undefined ? {} : { merge: mergePolicyOf(merge) }),
    ...(conflict === undefined ? {} : { conflict }),
  };
  const domain = domainOf(level, mechanism);
  // Field by field: V8 takes microseconds for each property that follows a spread.
  return { key, label, field, type, options, level, annotated, mechanism, timeoutMs, domain };
}

/** Equal for equal configurations, in whatever order the options were written. */
function domainOf(level: Level, { mechanism, options }: MechanismOptions): string {
  const entries = Object.entries(options).filter(([, value]) => value !== undefined);
  if (entries.length === 0) return `${level} ${mechanism}`;
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return `${level} ${mechanism}${JSON.stringify(Object.fromEntries(entries))}`;
}

/** An option that has no meaning for the type of its cell is a mistake on a field; on a class it is for other cells. */
function refuseIdleOptions(field: string, type: string, { merge, conflict }: LevelMetadata): void {
  const idle =
    merge !== undefined && type !== "register" && type !== "map"
      ? "merge"
      : conflict !== undefined && type !== "set" && type !== "map"
        ? "conflict"
        : undefined;
  if (idle === undefined) return;
  const accepted = idle === "merge" ? "a register or a map" : "a set or a map";
  throw new AnnotationError(`\`${field}\`: option \`${idle}\` has no meaning for a ${type}. Accepted: on ${accepted}.`);
}
