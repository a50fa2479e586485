import { AsyncResource } from "node:async_hooks";
import { bound } from "./carried.js";
import type { VirtualHost } from "./host.js";

export type Callback = (...args: unknown[]) => void;

const longestDelayMs = 2 ** 31 - 1;

/** What `setTimeout` and `setInterval` answer with; behaves as Node's `Timeout`. */
export class Timeout {
  private timer: number | undefined;
  private isReferenced = true;
  private readonly resource = new AsyncResource("Timeout");
  private readonly delayUs: number;
  private readonly callback: Callback;
  private identity: number | undefined;

  constructor(
    private readonly host: VirtualHost,
    callback: Callback,
    delayMs: unknown,
    private readonly repeats: boolean,
    private readonly args: readonly unknown[],
  ) {
    this.callback = bound(callback);
    this.delayUs = microseconds(delayMs);
    this.refresh();
  }

  /** Starts over, also when it has fired. */
  refresh(): this {
    if (this.timer !== undefined) this.host.clearTimer(this.timer);
    this.timer = this.host.setTimer(() => this.fire(), this.delayUs);
    return this;
  }

  close(): this {
    if (this.timer !== undefined) this.host.clearTimer(this.timer);
    this.timer = undefined;
    if (this.identity !== undefined) identitiesOf(this.host).timeouts.delete(this.identity);
    return this;
  }

  /** A schedule ends with its body and not with its timers, so that references change nothing but what `hasRef` says. */
  ref(): this {
    this.isReferenced = true;
    return this;
  }

  unref(): this {
    this.isReferenced = false;
    return this;
  }

  hasRef(): boolean {
    return this.isReferenced;
  }

  [Symbol.toPrimitive](): number {
    if (this.identity === undefined) {
      const identities = identitiesOf(this.host);
      this.identity = identities.next++;
      identities.timeouts.set(this.identity, this);
    }
    return this.identity;
  }

  private fire(): void {
    this.timer = undefined;
    if (this.repeats) this.refresh();
    else if (this.identity !== undefined) identitiesOf(this.host).timeouts.delete(this.identity);
    call(this.host, this.resource, this, this.callback, this.args);
  }
}

/** What `setImmediate` answers with; behaves as Node's `Immediate`. */
export class Immediate {
  private timer: number | undefined;
  private isReferenced = true;

  constructor(
    private readonly host: VirtualHost,
    callback: Callback,
    args: readonly unknown[],
  ) {
    const resource = new AsyncResource("Immediate");
    const run = bound(callback);
    this.timer = host.setTimer(() => {
      this.timer = undefined;
      call(host, resource, this, run, args);
    }, 0);
  }

  close(): void {
    if (this.timer !== undefined) this.host.clearTimer(this.timer);
    this.timer = undefined;
  }

  ref(): this {
    this.isReferenced = true;
    return this;
  }

  unref(): this {
    this.isReferenced = false;
    return this;
  }

  hasRef(): boolean {
    return this.isReferenced;
  }
}

// Node ≥ 20 knows `using`; TypeScript's `es2023` library does not name the symbol.
const dispose = (Symbol as unknown as { readonly dispose?: symbol }).dispose;
if (dispose !== undefined) {
  for (const { prototype } of [Timeout, Immediate])
    Object.defineProperty(prototype, dispose, {
      value(this: Timeout | Immediate): void {
        this.close();
      },
      configurable: true,
      writable: true,
    });
}

/** `clearTimeout(id)`: only timers that were made a number have one. */
export function timeoutOf(host: VirtualHost, identity: unknown): Timeout | undefined {
  return identitiesOf(host).timeouts.get(Number(identity));
}

/** As Node has it: whole milliseconds, at least one; what is too long or no number becomes one. */
export function microseconds(delayMs: unknown): number {
  const delay = Number(delayMs);
  return (delay >= 1 && delay <= longestDelayMs ? Math.trunc(delay) : 1) * 1000;
}

interface Identities {
  next: number;
  readonly timeouts: Map<number, Timeout>;
}

// Per host, so that ids start over with each schedule.
const identities = new WeakMap<VirtualHost, Identities>();

function identitiesOf(host: VirtualHost): Identities {
  let known = identities.get(host);
  if (known === undefined) {
    known = { next: 1, timeouts: new Map() };
    identities.set(host, known);
  }
  return known;
}

function call(
  host: VirtualHost,
  resource: AsyncResource,
  handle: object,
  callback: Callback,
  args: readonly unknown[],
): void {
  try {
    resource.runInAsyncScope(callback, handle, ...args);
  } catch (error) {
    if (host.uncaught === undefined) throw error;
    host.uncaught(error);
  }
}
