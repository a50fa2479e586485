import { AnnotationError } from "../errors.js";
import type { OptionProblem } from "../validation/options.js";
import type { AnyClass, Place, Target } from "./place.js";
import { problemOf } from "./problem.js";
import { type AnnotationRecord, recordOf } from "./record.js";

// biome-ignore lint/suspicious/noExplicitAny: the method type that every asynchronous method is assignable to
type AsyncMethod<This> = (this: This, ...args: any) => Promise<unknown>;

/** Stands on a class, as a standard decorator and under `experimentalDecorators`. */
export interface ClassAnnotation {
  <C extends AnyClass>(target: C, context: ClassDecoratorContext<C>): void;
  <C extends AnyClass>(target: C): void;
}

/** Stands on an asynchronous method. */
export interface MethodAnnotation {
  <This, M extends AsyncMethod<This>>(method: M, context: ClassMethodDecoratorContext<This, M>): void;
  // biome-ignore lint/suspicious/noExplicitAny: in this dialect nothing says what `this` is
  <M extends AsyncMethod<any>>(target: object, name: string | symbol, descriptor: TypedPropertyDescriptor<M>): void;
}

/** Stands on a field. `descriptor?: undefined` keeps getters and synchronous methods out. */
export interface FieldAnnotation {
  <This, V>(value: undefined, context: ClassFieldDecoratorContext<This, V>): void;
  (target: object, name: string | symbol, descriptor?: undefined): void;
}

/** Stands on a parameter property of a constructor; the standard has no parameter decorators. */
export type ParameterAnnotation = (target: object, name: undefined, parameterIndex: number) => void;

interface AnnotationSetup {
  /** `Eventual` */
  readonly decorator: string;
  readonly places: readonly Place[];
  /** What was given to the decorator, to catch `@Eventual` without parentheses. */
  readonly given: unknown;
  /** Writes into the record what the annotation says; returns what is wrong with it. */
  note(record: AnnotationRecord, target: Target): OptionProblem | string | undefined;
}

/** Makes the decorator that both dialects call. It only takes notes: nothing about the class changes. */
export function annotation<A>({ decorator, places, given, note }: AnnotationSetup): A {
  if (isDecorated(given)) throw withoutParentheses(decorator);
  return ((...args: readonly unknown[]): void => {
    const target = targetOf(decorator, args);
    if (typeof target === "string") {
      const accepted = places.map((place) => `a ${place}`).join(", ");
      report(decorator, args, `@${decorator}() stands on ${target}. Accepted: ${accepted}.`);
      return;
    }
    const problem = places.includes(target.place)
      ? note(recordOf(target.owner), target)
      : `@${decorator}() stands on a ${target.place}. Accepted: ${places.map((place) => `a ${place}`).join(", ")}.`;
    if (problem !== undefined) report(decorator, args, typeof problem === "string" ? problem : say(decorator, problem));
  }) as A;
}

const say = (decorator: string, { option, given, accepted }: OptionProblem): string =>
  `${option === "" ? "the argument" : `option \`${option}\``} of @${decorator}() is ${render(given)}. Accepted: ${accepted}.`;

/**
 * An error names the class and the member. A standard decorator of a member runs before its class exists, so the
 * problem waits in the record: the class's own decorator throws it, or `open`, or the first construction.
 */
function report(decorator: string, args: readonly unknown[], message: string): void {
  const [first, second] = args;
  if (isContext(second)) {
    const member = second.kind === "class" ? undefined : String(second.name);
    if (member === undefined) throw problemOf((first as AnyClass).name, { member, message });
    const problem = { member, message };
    if (second.metadata !== undefined) recordOf(second.metadata).problems.push(problem);
    second.addInitializer(function (this: unknown) {
      const type = typeof this === "function" ? this : (this as object).constructor;
      throw problemOf(type.name, problem);
    });
    return;
  }
  const type = typeof first === "function" ? first : (first as object | undefined)?.constructor;
  const member = typeof second === "string" || typeof second === "symbol" ? String(second) : undefined;
  throw type === undefined ? withoutParentheses(decorator) : problemOf(type.name, { member, message });
}

// Node 20 to 26 have no Symbol.metadata. Compiled decorators fall back to this registered symbol, or to no metadata at
// all, unless it is there before the first decorated class is.
(Symbol as { metadata?: symbol }).metadata ??
  Object.defineProperty(Symbol, "metadata", { value: Symbol.for("Symbol.metadata") });

const isContext = (value: unknown): value is DecoratorContext =>
  typeof value === "object" && value !== null && "kind" in value && "addInitializer" in value;

/** What a decorator is called with when its parentheses were forgotten: a class, a method, or a prototype. */
const isDecorated = (given: unknown): boolean =>
  typeof given === "function" || (typeof given === "object" && given !== null && Object.hasOwn(given, "constructor"));

const withoutParentheses = (decorator: string): AnnotationError =>
  new AnnotationError(`@${decorator} is missing its parentheses.`, { help: `Write @${decorator}(…).` });

function targetOf(decorator: string, [first, second, third]: readonly unknown[]): Target | string {
  if (isContext(second)) return standardTarget(first, second);
  if (typeof third === "number") return { place: "parameter", owner: first as object };
  if (second === undefined) {
    if (typeof first !== "function") throw withoutParentheses(decorator);
    return { place: "class", owner: first, type: first as unknown as AnyClass };
  }
  const name = second as string | symbol;
  const isStatic = typeof first === "function";
  const owner = isStatic ? first : (first as object).constructor;
  // Undefined for fields in TypeScript, esbuild and swc; Babel's legacy form has `{ initializer }`.
  const descriptor = third as PropertyDescriptor | undefined;
  if (descriptor?.get !== undefined || descriptor?.set !== undefined) return "an accessor";
  if (typeof descriptor?.value === "function") return { place: isStatic ? "static method" : "method", owner, name };
  return isStatic ? "a static field" : { place: "field", owner, name };
}

function standardTarget(value: unknown, context: DecoratorContext): Target | string {
  const owner = context.metadata ?? {};
  if (context.kind === "class") return { place: "class", owner, type: value as AnyClass };
  if (context.kind !== "field" && context.kind !== "method") return "an accessor";
  // A #private member cannot be reached from outside the class, so `open` could neither bind nor wrap it.
  if (context.private) return "a #private member";
  if (context.kind === "method") {
    return { place: context.static ? "static method" : "method", owner, name: context.name };
  }
  return context.static ? "a static field" : { place: "field", owner, name: context.name };
}

function render(value: unknown): string {
  if (typeof value === "function") return "a function";
  if (typeof value === "bigint" || typeof value === "symbol") return String(value);
  if (typeof value === "number") return String(value);
  return JSON.stringify(value) ?? "undefined";
}
