import type { Openable } from "../../cells/open.js";
import { GeneratedWorkload, type Resolve, type WorkloadOptions } from "./generated.js";
import type { MethodShape, ParameterShape, ValueShape, WorkloadShape } from "./shape.js";
import { classNameOf, isReplicated } from "./targets.js";
import { WorkloadError } from "./workload-error.js";

/**
 * Where a build step leaves what it read from the types, which are gone at run time: a static property of the class,
 * `static [Symbol.for("faultline.workload")] = { shape, classes: () => ({ Account, Ledger }) }`.
 */
export const typedWorkload: unique symbol = Symbol.for("faultline.workload") as never;

export interface TypedWorkload {
  readonly shape: WorkloadShape;
  /** By the names that the shape uses: those classes whose objects methods take. Asked late, as classes may refer to one another. */
  readonly classes?: () => Readonly<Record<string, Openable<object>>>;
}

/**
 * The workload of a class at hand: from what a build step left, or else from what is known at run time, which is enough
 * for methods without parameters, with `@Workload({ args })`, or with types that `emitDecoratorMetadata` has kept.
 */
export function workloadOf(
  target: Openable<object>,
  options: WorkloadOptions = {},
): {
  readonly workload: GeneratedWorkload;
  readonly resolve: Resolve;
} {
  const type = constructorOf(target);
  const typed = Object.hasOwn(type, typedWorkload)
    ? (type as unknown as { readonly [typedWorkload]: TypedWorkload })[typedWorkload]
    : untyped(target);
  const { shape, classes } = typed;
  const resolve: Resolve = (name) => {
    const found = name === shape.target ? target : classes?.()[name];
    if (found !== undefined) return found;
    throw new WorkloadError(`The workload of \`${shape.target}\` needs \`${name}\`, which is not among its classes.`);
  };
  return { workload: new GeneratedWorkload(shape, options), resolve };
}

function untyped(target: Openable<object>): TypedWorkload {
  const type = constructorOf(target);
  const name = classNameOf(target);
  const others = new Map<string, Openable<object>>();
  const methods = methodNames(type).map((method): MethodShape => {
    return { name: method, parameters: parametersOf(type, method, { target, name, others }) };
  });
  return { shape: { target: name, methods }, classes: () => Object.fromEntries(others) };
}

/** Inherited ones first, as a type checker lists them; what begins with `_` is nobody else's business. */
function methodNames(type: AnyClass): readonly string[] {
  const names = new Set<string>();
  const prototypes: object[] = [];
  for (let at: object = type.prototype; at !== Object.prototype && at !== null; at = Object.getPrototypeOf(at))
    prototypes.unshift(at);
  for (const prototype of prototypes)
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(prototype)))
      if (typeof value === "function" && name !== "constructor" && !name.startsWith("_")) names.add(name);
  return [...names];
}

interface Surroundings {
  readonly target: Openable<object>;
  readonly name: string;
  readonly others: Map<string, Openable<object>>;
}

function parametersOf(type: AnyClass, method: string, around: Surroundings): readonly ParameterShape[] {
  const function_ = (type.prototype as Readonly<Record<string, { readonly length: number }>>)[method];
  const kept = keptTypes(type.prototype, method);
  // `length` counts those before the first that may be left out.
  return Array.from({ length: function_?.length ?? 0 }, (_, index) => {
    const name = `argument ${index + 1} of ${method}`;
    return {
      name: `argument${index + 1}`,
      values: valuesOf(kept?.[index], name, around),
      isOptional: false,
      isRest: false,
    };
  });
}

/** What TypeScript writes beside a decorated method with `emitDecoratorMetadata`, if `reflect-metadata` is there. */
function keptTypes(prototype: object, method: string): readonly unknown[] | undefined {
  const { getMetadata } = Reflect as { getMetadata?: (key: string, target: object, name: string) => unknown };
  const types = getMetadata?.("design:paramtypes", prototype, method);
  return Array.isArray(types) ? types : undefined;
}

function valuesOf(kept: unknown, path: string, { target, name, others }: Surroundings): ValueShape {
  if (kept === Number) return { kind: "number", near: [] };
  if (kept === String) return { kind: "string", near: [] };
  if (kept === Boolean) return { kind: "boolean" };
  if (kept === BigInt) return { kind: "bigint", near: [] };
  if (typeof kept === "function" && kept.name === "Date") return { kind: "date" };
  if (kept === constructorOf(target)) return { kind: "handle", target: name };
  if (isReplicated(kept)) {
    others.set(classNameOf(kept), kept);
    return { kind: "handle", target: classNameOf(kept) };
  }
  const type = typeof kept === "function" && kept !== Object ? kept.name : "of an unknown type";
  const why =
    `types are not there at run time; \`npx faultline simulate <file>#${name}\` reads them from the source, and so does ` +
    "@faultline/runtime/vite in Vitest where the package faultline is installed";
  return { kind: "impossible", type, path, why };
}

type AnyClass = abstract new (...args: never) => unknown;

const constructorOf = (target: Openable<object>): AnyClass => (typeof target === "function" ? target : target.type);
