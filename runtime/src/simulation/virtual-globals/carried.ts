import { AsyncLocalStorage } from "node:async_hooks";
import process from "node:process";
import { promiseHooks } from "node:v8";

/** What an `AsyncLocalStorage` does: a value that code carries along through its asynchronous calls. */
export interface Carrier<T> {
  getStore(): T | undefined;
  run<R>(value: T, body: () => R): R;
}

/**
 * Carries a value through schedules, from `holdCarriers` to its release. Up to Node 23 an `AsyncLocalStorage` costs at
 * each promise of the process about as much as the promise itself: a fifth of a schedule. There is nothing in a schedule
 * to carry through but promises, virtual timers, ticks and microtasks: for promises three hooks do, the others are
 * `bound`. From Node 24 on the engine's own storage is as cheap.
 */
export function carrier<T>(): Carrier<T> {
  return isStorageCheap ? new AsyncLocalStorage<T>() : new PromiseCarrier<T>();
}

/** Carriers work until the returned function is called. Holds are counted. */
export function holdCarriers(): () => void {
  if (isStorageCheap) return () => {};
  if (holders++ === 0) stop = promiseHooks.createHook({ init, before, after }) as () => void;
  return () => {
    if (--holders === 0) stop?.();
  };
}

/** The callback as it would be called here and now: with all that is carried. */
export function bound<F extends (this: never, ...args: never[]) => unknown>(callback: F): F {
  const frame = current;
  if (frame === undefined || typeof callback !== "function") return callback;
  return function (this: unknown, ...args: unknown[]) {
    return runIn(frame, () => Reflect.apply(callback, this, args));
  } as unknown as F;
}

const isStorageCheap = Number.parseInt(process.versions.node, 10) >= 24;

/** A value that is carried, and those of other carriers. */
interface Frame {
  readonly carrier: object;
  readonly value: unknown;
  readonly outer: Frame | undefined;
}

let current: Frame | undefined;
let holders = 0;
let stop: (() => void) | undefined;

class PromiseCarrier<T> implements Carrier<T> {
  getStore(): T | undefined {
    let frame = current;
    while (frame !== undefined && frame.carrier !== this) frame = frame.outer;
    return frame?.value as T | undefined;
  }

  run<R>(value: T, body: () => R): R {
    const outer = current?.carrier === this ? current.outer : current;
    return runIn({ carrier: this, value, outer }, body);
  }
}

function runIn<R>(frame: Frame, body: () => R): R {
  const before = current;
  current = frame;
  try {
    return body();
  } finally {
    current = before;
  }
}

const slot = Symbol("carried");

interface Carrying extends Promise<unknown> {
  [slot]?: Frame;
}

function init(promise: Carrying): void {
  if (current !== undefined) promise[slot] = current;
}

function before(promise: Carrying): void {
  current = promise[slot];
}

function after(): void {
  current = undefined;
}
