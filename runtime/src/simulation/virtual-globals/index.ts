import { syncBuiltinESMExports } from "node:module";
import process from "node:process";
import { clockPatches, forgetPerformanceEntries } from "./clock.js";
import { forbiddenPatches } from "./forbidden.js";
import { activate, type VirtualHost } from "./host.js";
import { localePatches } from "./locale.js";
import type { Patch } from "./patch.js";
import { randomnessPatches } from "./randomness.js";
import { timerPatches } from "./timers.js";

export { type Carrier, carrier, holdCarriers } from "./carried.js";
export { OutsideSimulationError } from "./forbidden.js";
export { epochMs, type VirtualHost } from "./host.js";
export { onUnhandledRejection } from "./unhandled-rejections.js";

/**
 * Makes `host` the ambient world until the function it answers with is called. Between `holdVirtualGlobals` and its
 * release that costs next to nothing; without, everything is patched and restored each time.
 */
export function installVirtualGlobals(host: VirtualHost): () => void {
  const release = holdVirtualGlobals();
  const previous = activate(host);
  forgetPerformanceEntries();
  return once(() => {
    activate(previous);
    release();
  });
}

/**
 * Keeps the patches in place between schedules, where they act as the functions they replace. Holds are counted;
 * the last release restores every property as it was.
 */
export function holdVirtualGlobals(): () => void {
  if (holders++ === 0) apply();
  return once(() => {
    if (--holders === 0) restore();
  });
}

/** The name of a test runner's fake timers if they are active: time would stand still under them. */
export function activeFakeTimers(): string | undefined {
  if (Reflect.get(setTimeout, "clock") !== undefined || Reflect.get(Date, "isFake") === true)
    return "@sinonjs/fake-timers";
  if (Reflect.get(setTimeout, "_isMockFunction") === true) return "jest";
  return undefined;
}

let holders = 0;
let patches: readonly Patch[] | undefined;
let zoneBefore: string | undefined;

function apply(): void {
  patches ??= [...clockPatches(), ...randomnessPatches(), ...timerPatches(), ...localePatches(), ...forbiddenPatches()];
  for (const patch of patches) patch.apply();
  // Local times (`getHours`, `toString`) follow the process's zone, which no patch of `Date` reaches.
  zoneBefore = process.env["TZ"];
  if (zoneBefore !== "UTC") process.env["TZ"] = "UTC";
  syncBuiltinESMExports();
}

function restore(): void {
  // Backwards, so that two patches of one property undo each other in turn.
  for (const patch of (patches ?? []).toReversed()) patch.restore();
  if (zoneBefore === undefined) delete process.env["TZ"];
  else if (zoneBefore !== "UTC") process.env["TZ"] = zoneBefore;
  syncBuiltinESMExports();
}

function once(action: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    action();
  };
}
