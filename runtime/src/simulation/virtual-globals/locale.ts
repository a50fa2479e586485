import { activeHost } from "./host.js";
import { type Patch, replaceFunction } from "./patch.js";

const locale = "en-US";
const timeZone = "UTC";

type Formatter = (this: unknown, ...args: unknown[]) => unknown;

/** Where code names no locale or zone, it gets these and not the machine's. */
export function localePatches(): readonly Patch[] {
  return [
    ...Object.getOwnPropertyNames(Intl).flatMap(constructorPatch),
    ...["toLocaleString", "toLocaleDateString", "toLocaleTimeString"].flatMap((key) =>
      withDefaults(Date.prototype, key, (args) => [args[0] ?? locale, zoned(args[1])]),
    ),
    ...[Number.prototype, BigInt.prototype, Array.prototype].flatMap((prototype) =>
      withDefaults(prototype, "toLocaleString", ([locales, ...rest]) => [locales ?? locale, ...rest]),
    ),
    ...["toLocaleLowerCase", "toLocaleUpperCase"].flatMap((key) =>
      withDefaults(String.prototype, key, ([locales]) => [locales ?? locale]),
    ),
    ...withDefaults(String.prototype, "localeCompare", ([that, locales, ...rest]) => [
      that,
      locales ?? locale,
      ...rest,
    ]),
  ];
}

const zoned = (options: unknown): object => ({ timeZone, ...withoutUndefinedZone(options) });

function withoutUndefinedZone(options: unknown): object {
  const { timeZone: zone, ...rest } = (options ?? {}) as { timeZone?: unknown };
  return zone === undefined ? rest : { ...rest, timeZone: zone };
}

function withDefaults(prototype: object, key: string, complete: (args: unknown[]) => unknown[]): readonly Patch[] {
  return replaceFunction(prototype, key, (real: Formatter) => {
    return function (this: unknown, ...args: unknown[]) {
      return real.apply(this, activeHost() === undefined ? args : complete(args));
    };
  });
}

function constructorPatch(name: string): readonly Patch[] {
  if (!/^[A-Z]/.test(name) || name === "Locale") return [];
  return replaceFunction(Intl, name, (real: new (...args: unknown[]) => object) => {
    function Virtual(this: unknown, ...args: unknown[]): unknown {
      const given =
        activeHost() === undefined ? args : [args[0] ?? locale, name === "DateTimeFormat" ? zoned(args[1]) : args[1]];
      // Some may be called without `new`, the others throw, as the real ones do.
      if (new.target === undefined) return (real as unknown as Formatter).apply(this, given);
      return Reflect.construct(real, given, new.target);
    }
    Object.defineProperties(Virtual, Object.getOwnPropertyDescriptors(real));
    return Virtual;
  });
}
