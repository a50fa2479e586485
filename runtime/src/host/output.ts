import { Console } from "node:console";
import process from "node:process";
import { realWriteSync } from "../simulation/virtual-globals/real.js";
import type { HostMessage } from "./protocol.js";

const standardOutput = 1;
const pause = new Int32Array(new SharedArrayBuffer(4));

/** One line on standard output. Synchronous, because the process may be killed or end at any time after. */
export function send(message: HostMessage): void {
  writeWholly(`${JSON.stringify(message)}\n`);
}

/** Sent before every schedule, so it is written by hand: a microsecond matters. */
export function sendSchedule(seed: number, done: number, violated: number): void {
  writeWholly(`{"kind":"schedule","seed":${seed},"done":${done},"violated":${violated}}\n`);
}

/**
 * Standard output belongs to the protocol: what user code prints goes to standard error, and only while
 * `isAudible()`, or a scenario that prints would print a thousand times.
 */
export function redirectUserOutput(isAudible: () => boolean): void {
  const target = process.stderr;
  const write = target.write.bind(target) as (...args: unknown[]) => boolean;
  const gated = (...args: unknown[]): boolean => {
    if (isAudible()) return write(...args);
    const callback = args.at(-1);
    if (typeof callback === "function") callback();
    return true;
  };
  target.write = gated as typeof target.write;
  Object.defineProperty(process, "stdout", { value: target, configurable: true, enumerable: true });
  globalThis.console = new Console(target, target);
}

function writeWholly(text: string): void {
  let rest = Buffer.from(text);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(realWriteSync(standardOutput, rest));
    } catch (error) {
      // The reader is behind and the pipe does not block: wait for it.
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
      Atomics.wait(pause, 0, 0, 1);
    }
  }
}
