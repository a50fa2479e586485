import { Console } from "node:console";
import process from "node:process";
import { Readable } from "node:stream";
import type { SizeSoFar } from "../explore/decisions.js";
import { realNowMs, realWriteSync } from "../simulation/virtual-globals/real.js";
import type { HostMessage } from "./protocol.js";

const standardOutput = 1;
const pause = new Int32Array(new SharedArrayBuffer(4));
// Held, because user code may put others in their place.
const { stringify } = JSON;
const { from } = Buffer;
const { wait } = Atomics;

/** A line costs the parent more than it costs here; more often than this nobody needs to know. */
const announcementIntervalMs = 50;
/** So much of what a schedule prints is passed on. */
const printedLimit = 262_144;

/** The child's end of the protocol. Synchronous, because the process may be killed or end at any time after. */
export class Output {
  private announcedAtMs = Number.NEGATIVE_INFINITY;
  private announcedViolated = 0;

  constructor(private readonly token: string) {}

  /** One line on standard output. */
  send(message: HostMessage): void {
    writeWholly(`${this.token}${stringify(message)}\n`);
  }

  /** Says before a schedule which one it is: if `isCareful`, at the first violation, and if the last line is some time ago. */
  announce(seed: number, done: number, violated: number, isCareful: boolean, size?: SizeSoFar): void {
    const nowMs = realNowMs();
    const isNews = isCareful || (violated > 0 && this.announcedViolated === 0);
    if (!isNews && nowMs - this.announcedAtMs < announcementIntervalMs) return;
    this.announcedAtMs = nowMs;
    this.announcedViolated = violated;
    const about = size === undefined ? "" : `,"size":${stringify(size)}`;
    writeWholly(`${this.token}{"kind":"schedule","seed":${seed},"done":${done},"violated":${violated}${about}}\n`);
  }
}

/**
 * Standard output belongs to the protocol, and so does standard input: what user code prints goes to standard error, and
 * only while `isAudible()`, or a scenario that prints would print a thousand times; what it reads is empty.
 */
export function redirectUserOutput(isAudible: () => boolean): void {
  const target = process.stderr;
  const write = target.write.bind(target) as (...args: unknown[]) => boolean;
  let printed = 0;
  const gated = (...args: unknown[]): boolean => {
    const callback = args.at(-1);
    const [text] = args;
    if (isAudible() && printed < printedLimit) {
      printed += typeof text === "string" || text instanceof Uint8Array ? text.length : 0;
      if (printed < printedLimit) return write(...args);
      write("\n… what is printed after this is left out.\n");
    }
    if (typeof callback === "function") callback();
    return true;
  };
  target.write = gated as typeof target.write;
  const property = (value: unknown) => ({ value, configurable: true, enumerable: true });
  Object.defineProperty(process, "stdout", property(target));
  Object.defineProperty(process, "stdin", property(Readable.from([])));
  globalThis.console = new Console(target, target);
}

function writeWholly(text: string): void {
  let rest = from(text);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(realWriteSync(standardOutput, rest));
    } catch (error) {
      // The reader is behind and the pipe does not block: wait for it.
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
      wait(pause, 0, 0, 1);
    }
  }
}
