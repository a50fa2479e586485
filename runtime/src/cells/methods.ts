import { type MethodMetadata, metadataOf } from "../decorators/metadata.js";
import type { SessionState } from "../deployment/deployment.js";
import { type Context, currentContext, runInContext } from "./context.js";

/** An object as `open` made it. */
export interface Opened {
  readonly type: string;
  readonly id: string;
  readonly session: SessionState;
}

let openedIn: (object: object) => Opened | undefined;

/** Gives back the object that it is given, so that what extends it adds its private fields to that object. */
class Given {
  constructor(object: object) {
    // biome-ignore lint/correctness/noConstructorReturn: what it is for.
    return object;
  }
}

// A private field of an object of the user's class: nobody sees it. A `WeakMap` would do that too, at several times the
// cost for objects that live as short as those of a simulation; it is left for objects that were made not extensible.
class Marked extends Given {
  readonly #opened: Opened;

  constructor(object: object, opened: Opened) {
    super(object);
    this.#opened = opened;
  }

  static {
    openedIn = (object) => (#opened in object ? object.#opened : openedAndFrozen.get(object));
  }
}

const openedAndFrozen = new WeakMap<object, Opened>();
const wrapped = new WeakSet<object>();

/** The identity of an opened object; undefined for anything else. */
export const openedAs = (value: unknown): Opened | undefined =>
  typeof value === "object" && value !== null ? openedIn(value) : undefined;

export function rememberOpened(object: object, opened: Opened): void {
  if (Object.isExtensible(object)) new Marked(object, opened);
  else openedAndFrozen.set(object, opened);
}

type AnyClass = abstract new (...args: never) => unknown;

/**
 * Makes every method of a class and its bases run in the session of its object. Once a class, and before the first
 * construction, as constructors may bind methods. A plain object of the class is not affected.
 */
export function wrapMethods(type: AnyClass): void {
  for (let prototype: object = type.prototype; prototype !== Object.prototype && prototype !== null; ) {
    if (!wrapped.has(prototype)) {
      wrapped.add(prototype);
      wrapOwnMethods(prototype);
    }
    prototype = Object.getPrototypeOf(prototype) as object;
  }
}

function wrapOwnMethods(prototype: object): void {
  const { methods } = metadataOf(prototype.constructor as unknown as AnyClass);
  for (const name of Reflect.ownKeys(prototype)) {
    const descriptor = Object.getOwnPropertyDescriptor(prototype, name) as PropertyDescriptor;
    const method: unknown = descriptor.value;
    if (name === "constructor" || typeof method !== "function" || descriptor.configurable !== true) continue;
    const wrapper = inSession(name, method as Method, methods.get(name) ?? {});
    for (const property of ["name", "length"] as const) {
      Object.defineProperty(wrapper, property, { value: method[property], configurable: true });
    }
    Object.defineProperty(prototype, name, { ...descriptor, value: wrapper });
  }
}

type Method = (this: object, ...args: readonly unknown[]) => unknown;

function inSession(key: string | symbol, method: Method, metadata: MethodMetadata): Method {
  const name = String(key);
  return function (this: object, ...args: readonly unknown[]): unknown {
    const opened = openedAs(this);
    if (opened === undefined) return Reflect.apply(method, this, args);
    const outer = outerContext(opened);
    const session = outer?.session ?? opened.session;
    const { observer } = session.deployment;
    const parent = outer?.call;
    const call = observer.callStarted({ session, parent, type: opened.type, object: opened.id, method: name, args });
    const context: Context = {
      session,
      call,
      readLevel: metadata.level ?? outer?.readLevel,
      transaction: outer?.transaction,
      saga: outer?.saga,
      refuseWrite: outer?.refuseWrite,
    };
    const ended = () => observer.callEnded(call, { ok: true });
    const failed = (error: unknown) => observer.callEnded(call, { ok: false, error });
    try {
      const result = carryOut(context, this, name, metadata, () => Reflect.apply(method, this, args));
      if (!isPromise(result)) {
        ended();
        return result;
      }
      result.then(ended, failed);
      return result;
    } catch (error) {
      failed(error);
      throw error;
    }
  };
}

/** The context of the calling method: the outermost one decides the session. Another deployment's does not count. */
function outerContext({ session }: Opened): Context | undefined {
  const context = currentContext();
  return context?.session.deployment === session.deployment ? context : undefined;
}

function carryOut(
  context: Context,
  self: object,
  name: string,
  metadata: MethodMetadata,
  body: () => unknown,
): unknown {
  const { saga, transaction } = metadata;
  // A transaction inside a transaction joins it.
  const unit = (inner: Context): unknown =>
    transaction && inner.transaction === undefined
      ? transaction(inner, name, body as () => Promise<unknown>)
      : runInContext(inner, body);
  if (saga === undefined) return unit(context);
  return saga.run(context, self, { method: name, compensate: saga.compensate }, async () =>
    unit(currentContext() ?? context),
  );
}

const isPromise = (value: unknown): value is Promise<unknown> =>
  typeof value === "object" && value !== null && typeof (value as { readonly then?: unknown }).then === "function";
