import { activeHost, type VirtualHost } from "./host.js";
import { Immediate, Timeout } from "./timer-handles.js";

interface WaitOptions {
  readonly signal?: AbortSignal | undefined;
}

/** `setTimeout` of `node:timers/promises`. */
export function timeoutPromise<T>(delayMs?: number, value?: T, options?: WaitOptions): Promise<T | undefined> {
  return waiting(value, options, (host, done) => new Timeout(host, done, delayMs, false, []));
}

/** `setImmediate` of `node:timers/promises`. */
export function immediatePromise<T>(value?: T, options?: WaitOptions): Promise<T | undefined> {
  return waiting(value, options, (host, done) => new Immediate(host, done, []));
}

export async function wait(delayMs?: number, options?: WaitOptions): Promise<void> {
  await timeoutPromise(delayMs, undefined, options);
}

export async function yieldNow(): Promise<void> {
  await immediatePromise();
}

/** `setInterval` of `node:timers/promises`: ticks that come while the consumer is busy are kept for it. */
export async function* intervalIterator<T>(
  delayMs?: number,
  value?: T,
  options?: WaitOptions,
): AsyncGenerator<T | undefined> {
  const host = requiredHost();
  throwIfAborted(options?.signal);
  let ticks = 0;
  let wake: (() => void) | undefined;
  const notify = () => wake?.();
  const interval = new Timeout(
    host,
    () => {
      ticks++;
      notify();
    },
    delayMs,
    true,
    [],
  );
  options?.signal?.addEventListener("abort", notify, { once: true });
  try {
    for (;;) {
      while (ticks === 0) {
        throwIfAborted(options?.signal);
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      for (; ticks > 0; ticks--) yield value;
    }
  } finally {
    interval.close();
    options?.signal?.removeEventListener("abort", notify);
  }
}

/** `AbortSignal.timeout`. */
export function abortSignalTimeout(delayMs: number): AbortSignal {
  const host = requiredHost();
  const controller = new AbortController();
  const abort = () => controller.abort(new DOMException("The operation was aborted due to timeout", "TimeoutError"));
  host.setTimer(abort, Math.max(0, Math.trunc(delayMs)) * 1000);
  return controller.signal;
}

function waiting<T>(
  value: T | undefined,
  options: WaitOptions | undefined,
  start: (host: VirtualHost, done: () => void) => Timeout | Immediate,
): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const signal = options?.signal;
    throwIfAborted(signal);
    const abort = () => {
      handle.close();
      reject(new AbortError(signal?.reason));
    };
    const handle = start(requiredHost(), () => {
      signal?.removeEventListener("abort", abort);
      resolve(value);
    });
    signal?.addEventListener("abort", abort, { once: true });
  });
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new AbortError(signal.reason);
}

function requiredHost(): VirtualHost {
  const host = activeHost();
  if (host === undefined) throw new Error("a virtual timer was started outside a schedule");
  return host;
}

/** As Node's own, which it does not export. */
class AbortError extends Error {
  override readonly name = "AbortError";
  readonly code = "ABORT_ERR";

  constructor(reason: unknown) {
    super("The operation was aborted", { cause: reason });
  }
}
