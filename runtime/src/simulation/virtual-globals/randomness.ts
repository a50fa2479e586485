import { Buffer } from "node:buffer";
import crypto from "node:crypto";
import { activeHost, type VirtualHost } from "./host.js";
import { type Patch, replaceFunction } from "./patch.js";

/** `Math.random` and `crypto` draw from the schedule's seed: repeatable, and of no use for secrets. */
export function randomnessPatches(): readonly Patch[] {
  const webCrypto = Object.getPrototypeOf(crypto.webcrypto) as object;
  return [
    ...replaceFunction(Math, "random", (real: () => number) => () => {
      const host = activeHost();
      return host === undefined ? real() : host.random();
    }),
    ...[webCrypto, crypto].flatMap((target) => [
      ...virtual(target, "randomUUID", (host) => uuid(host)),
      ...virtual(target, "getRandomValues", (host, array: ArrayBufferView) => fill(host, array)),
    ]),
    ...virtual(crypto, "randomBytes", (host, size: number, callback?: Callback<Buffer>) =>
      answer(fill(host, Buffer.alloc(size)), callback),
    ),
    ...virtual(crypto, "randomInt", randomInt),
    ...virtual(crypto, "randomFillSync", (host, array: ArrayBufferView, offset?: number, size?: number) =>
      fillPart(host, array, offset, size),
    ),
    ...virtual(crypto, "randomFill", (host, array: ArrayBufferView, ...rest: unknown[]) => {
      const callback = rest.pop() as Callback<ArrayBufferView>;
      const [offset, size] = rest as (number | undefined)[];
      answer(fillPart(host, array, offset, size), callback);
    }),
  ];
}

type Callback<T> = (error: null, value: T) => void;

function virtual<Args extends unknown[]>(
  target: object,
  key: string,
  replacement: (host: VirtualHost, ...args: Args) => unknown,
): readonly Patch[] {
  return replaceFunction(target, key, (real: (...args: Args) => unknown) => {
    return function (this: unknown, ...args: Args) {
      const host = activeHost();
      return host === undefined ? real.apply(this, args) : replacement(host, ...args);
    };
  });
}

/** Node's functions with a callback answer later, never before they return. */
function answer<T>(value: T, callback: Callback<T> | undefined): T | undefined {
  if (callback === undefined) return value;
  globalThis.setImmediate(() => callback(null, value));
  return undefined;
}

function randomInt(host: VirtualHost, ...args: unknown[]): number | undefined {
  const callback = typeof args.at(-1) === "function" ? (args.pop() as Callback<number>) : undefined;
  const [minimum, maximum] = (args.length > 1 ? args : [0, args[0]]) as [number, number];
  if (!Number.isSafeInteger(minimum) || !Number.isSafeInteger(maximum) || maximum <= minimum)
    throw new RangeError(
      `The value of "max" is out of range. It must be greater than the value of "min" (${minimum}). Received ${maximum}`,
    );
  return answer(minimum + Math.floor(host.random() * (maximum - minimum)), callback);
}

function fillPart<A extends ArrayBufferView>(host: VirtualHost, array: A, offset = 0, size?: number): A {
  const scale = "BYTES_PER_ELEMENT" in array ? (array.BYTES_PER_ELEMENT as number) : 1;
  const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  fill(host, bytes.subarray(offset * scale, size === undefined ? undefined : (offset + size) * scale));
  return array;
}

function fill<A extends ArrayBufferView>(host: VirtualHost, array: A): A {
  const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Math.floor(host.random() * 256);
  return array;
}

/** Version 4, variant 1 (RFC 9562, section 5.4). */
function uuid(host: VirtualHost): string {
  const bytes = fill(host, Buffer.alloc(16));
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  const digits = bytes.toString("hex");
  return [digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16), digits.slice(16, 20), digits.slice(20)].join(
    "-",
  );
}
