import process from "node:process";
import timers from "node:timers";
import timersPromises from "node:timers/promises";
import { promisify } from "node:util";
import { bound } from "./carried.js";
import { activeHost } from "./host.js";
import { type Patch, replaceFunction } from "./patch.js";
import { type Callback, Immediate, Timeout, timeoutOf } from "./timer-handles.js";
import {
  abortSignalTimeout,
  immediatePromise,
  intervalIterator,
  timeoutPromise,
  wait,
  yieldNow,
} from "./timer-promises.js";

type RealTimer = (callback: Callback, ...rest: unknown[]) => unknown;

/** Timers wait in virtual time. Handles of an earlier world can still be cleared. */
export function timerPatches(): readonly Patch[] {
  const replacements: Readonly<
    Record<string, (real: (...args: unknown[]) => unknown) => (...args: never[]) => unknown>
  > = {
    setTimeout: (real: RealTimer) => promisable(timerFunction(real, false), timeoutPromise),
    setInterval: (real: RealTimer) => timerFunction(real, true),
    setImmediate: (real: RealTimer) => promisable(immediateFunction(real), immediatePromise),
    clearTimeout: clearFunction,
    clearInterval: clearFunction,
    clearImmediate: clearFunction,
  };
  return [
    ...[globalThis, timers].flatMap((target) =>
      Object.entries(replacements).flatMap(([key, make]) => replaceFunction(target, key, make)),
    ),
    ...replaceFunction(globalThis, "queueMicrotask", boundFunction),
    ...replaceFunction(process, "nextTick", boundFunction),
    ...whenActive(timersPromises, "setTimeout", timeoutPromise),
    ...whenActive(timersPromises, "setImmediate", immediatePromise),
    ...whenActive(timersPromises, "setInterval", intervalIterator),
    ...whenActive(timersPromises.scheduler, "wait", wait),
    ...whenActive(timersPromises.scheduler, "yield", yieldNow),
    ...whenActive(AbortSignal, "timeout", abortSignalTimeout),
  ];
}

/** It runs when it always would, and carries along what the code that asked for it carries. */
function boundFunction(real: (callback: Callback, ...args: unknown[]) => void) {
  return (callback: Callback, ...args: unknown[]): void => real(bound(callback), ...args);
}

function whenActive(target: object, key: string, replacement: (...args: never[]) => unknown): readonly Patch[] {
  return replaceFunction(target, key, (real: (...args: never[]) => unknown) => {
    return function (this: unknown, ...args: never[]) {
      return Reflect.apply(activeHost() === undefined ? real : replacement, this, args);
    };
  });
}

function timerFunction(real: RealTimer, repeats: boolean) {
  return (callback: Callback, delayMs?: unknown, ...args: unknown[]): unknown => {
    const host = activeHost();
    // The real one says best what is wrong with a callback that is no function.
    if (host === undefined || typeof callback !== "function") return real(callback, delayMs, ...args);
    return new Timeout(host, callback, delayMs, repeats, args);
  };
}

function immediateFunction(real: RealTimer) {
  return (callback: Callback, ...args: unknown[]): unknown => {
    const host = activeHost();
    if (host === undefined || typeof callback !== "function") return real(callback, ...args);
    return new Immediate(host, callback, args);
  };
}

function clearFunction(real: (handle: unknown) => void) {
  return (handle: unknown): void => {
    if (handle instanceof Timeout || handle instanceof Immediate) {
      handle.close();
      return;
    }
    const host = activeHost();
    const isIdentity = typeof handle === "number" || typeof handle === "string";
    if (host !== undefined && isIdentity) timeoutOf(host, handle)?.close();
    else real(handle);
  };
}

function promisable<F extends (...args: never[]) => unknown>(
  replacement: F,
  promised: (...args: never[]) => unknown,
): F {
  return Object.defineProperty(replacement, promisify.custom, { value: promised, configurable: true });
}
