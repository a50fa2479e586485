import { performance as realPerformance } from "node:perf_hooks";
import process from "node:process";
import { activeHost, epochMs, type VirtualHost, wallClockMs } from "./host.js";
import { type Patch, Patch as PropertyPatch, replaceFunction, replaceGetter } from "./patch.js";

/** `Date`, `performance`, `process.hrtime` and `process.uptime` tell the time of the simulation. */
export function clockPatches(): readonly Patch[] {
  return [...datePatches(), ...performancePatches(), ...processPatches()];
}

function datePatches(): readonly Patch[] {
  const RealDate = Date;
  function VirtualDate(this: unknown, ...args: unknown[]): unknown {
    const host = activeHost();
    const given = host === undefined || args.length > 0 ? args : [wallClockMs(host)];
    if (new.target !== undefined) return Reflect.construct(RealDate, given, new.target);
    return host === undefined ? RealDate() : new RealDate(wallClockMs(host)).toString();
  }
  Object.defineProperties(VirtualDate, {
    ...Object.getOwnPropertyDescriptors(RealDate),
    now: {
      value: function now(): number {
        const host = activeHost();
        return host === undefined ? RealDate.now() : wallClockMs(host);
      },
      writable: true,
      configurable: true,
    },
    // The same prototype, so that dates made before and after are `instanceof Date` alike.
    prototype: { value: RealDate.prototype, writable: false },
  });
  const replacement = { value: VirtualDate, writable: true, configurable: true, enumerable: false };
  return [
    new PropertyPatch(globalThis, "Date", replacement),
    new PropertyPatch(RealDate.prototype, "constructor", replacement),
  ];
}

let hasEntries = false;

/** Marks of one schedule are not seen by the next. */
export function forgetPerformanceEntries(): void {
  if (!hasEntries) return;
  hasEntries = false;
  realPerformance.clearMarks();
  realPerformance.clearMeasures();
}

const elapsedMs = (host: VirtualHost): number => host.nowUs() / 1000;

function performancePatches(): readonly Patch[] {
  const prototype = Object.getPrototypeOf(realPerformance) as object;
  const timeOrigin = realPerformance.timeOrigin;
  return [
    ...replaceFunction(
      prototype,
      "now",
      (real: () => number) =>
        function (this: unknown) {
          const host = activeHost();
          return host === undefined ? real.call(this) : elapsedMs(host);
        },
    ),
    ...replaceGetter(prototype, "timeOrigin", () => (activeHost() === undefined ? timeOrigin : epochMs)),
    ...replaceFunction(prototype, "mark", (real: (...args: unknown[]) => unknown) => {
      return function (this: unknown, name: string, options?: object) {
        const host = activeHost();
        if (host === undefined) return real.call(this, name, options);
        hasEntries = true;
        return real.call(this, name, { startTime: Math.max(0, elapsedMs(host)), ...options });
      };
    }),
    ...replaceFunction(prototype, "measure", (real: (...args: unknown[]) => unknown) => {
      return function (this: unknown, name: string, start?: string | object, end?: string) {
        const host = activeHost();
        if (host === undefined) return real.call(this, name, start, end);
        hasEntries = true;
        return real.call(this, name, measured(elapsedMs(host), start, end));
      };
    }),
  ];
}

/** The options of `performance.measure` with the end filled in where the real one would ask the clock. */
function measured(nowMs: number, start: string | object = {}, end?: string): object {
  const options = typeof start === "object" ? start : { start };
  if (end !== undefined) return { ...options, end };
  const isClosed = "end" in options || ("start" in options && "duration" in options);
  return isClosed ? options : { start: 0, ...options, end: Math.max(0, nowMs) };
}

function processPatches(): readonly Patch[] {
  const nanoseconds = (host: VirtualHost): bigint => BigInt(Math.round(host.nowUs() * 1000));
  const realHrtime = process.hrtime;
  function hrtime(previous?: [number, number]): [number, number] {
    const host = activeHost();
    if (host === undefined) return realHrtime(previous);
    const now = nanoseconds(host);
    const since = previous === undefined ? 0n : BigInt(previous[0]) * 1_000_000_000n + BigInt(previous[1]);
    const elapsed = now - since;
    return [Number(elapsed / 1_000_000_000n), Number(elapsed % 1_000_000_000n)];
  }
  hrtime.bigint = (): bigint => {
    const host = activeHost();
    return host === undefined ? realHrtime.bigint() : nanoseconds(host);
  };
  return [
    ...replaceFunction(process, "hrtime", () => hrtime),
    ...replaceFunction(process, "uptime", (real: () => number) => () => {
      const host = activeHost();
      return host === undefined ? real() : host.nowUs() / 1_000_000;
    }),
  ];
}
