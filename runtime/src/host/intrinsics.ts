import { EventEmitter } from "node:events";
import process from "node:process";

// Held, because user code may put others in their place; and no loop here asks an iterator for the same reason.
const { ownKeys, getOwnPropertyDescriptor, getPrototypeOf, defineProperty, deleteProperty } = Reflect;

/** Every so many schedules all is compared, which takes as long as a tenth of a schedule. */
const interval = 25;

interface Snapshot {
  readonly target: object;
  readonly keys: readonly PropertyKey[];
  readonly descriptors: readonly PropertyDescriptor[];
  /** What others added is not taken away: on `globalThis`, where it is state of theirs. */
  readonly mayGrow: boolean;
}

/**
 * The language and Node's globals as they were before any user code ran. Modules are evaluated afresh for every schedule:
 * a patch of `Array.prototype` would be patched again each time, and the simulator would have to live with all of them.
 */
export class Intrinsics {
  private readonly snapshots: readonly Snapshot[] = takeSnapshots();
  private calls = 0;
  private wasPatched = false;

  /** Puts right what was changed; mostly it only looks now and then, unless it has seen changes before, or `isSure`. */
  restore(isSure = false): void {
    const isDue = isSure || this.wasPatched || this.calls < 2 || this.calls % interval === 0;
    this.calls++;
    if (!isDue) return;
    const { snapshots } = this;
    for (let i = 0; i < snapshots.length; i++) if (restoreOne(snapshots[i] as Snapshot)) this.wasPatched = true;
  }
}

/** True if anything had been changed. */
function restoreOne({ target, keys, descriptors, mayGrow }: Snapshot): boolean {
  let isChanged = false;
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as PropertyKey;
    const before = descriptors[i] as PropertyDescriptor;
    const now = getOwnPropertyDescriptor(target, key);
    if (now !== undefined && now.value === before.value && now.get === before.get && now.set === before.set) continue;
    if (now !== undefined && Number.isNaN(now.value) && Number.isNaN(before.value)) continue;
    isChanged = defineProperty(target, key, before) || isChanged;
  }
  if (mayGrow) return isChanged;
  const present = ownKeys(target);
  for (let i = 0; present.length > keys.length && i < present.length; i++) {
    const key = present[i] as PropertyKey;
    if (!isOneOf(keys, key)) isChanged = deleteProperty(target, key) || isChanged;
  }
  return isChanged;
}

function isOneOf(keys: readonly PropertyKey[], key: PropertyKey): boolean {
  for (let i = 0; i < keys.length; i++) if (keys[i] === key) return true;
  return false;
}

function takeSnapshots(): readonly Snapshot[] {
  const targets = new Set<object>([EventEmitter, EventEmitter.prototype, ...hiddenIntrinsics()]);
  for (const key of ownKeys(globalThis)) {
    // What is behind a getter is made when it is asked for, and most programs never ask.
    const value: unknown = getOwnPropertyDescriptor(globalThis, key)?.value;
    if (!isObject(value) || value === globalThis) continue;
    targets.add(value);
    const prototype: unknown = getOwnPropertyDescriptor(value, "prototype")?.value;
    if (isObject(prototype)) targets.add(prototype);
  }
  targets.add(console);
  targets.add(process);
  return [snapshotOf(globalThis, true), ...[...targets].map((target) => snapshotOf(target, target === process))];
}

function snapshotOf(target: object, mayGrow: boolean): Snapshot {
  const keys = ownKeys(target).filter((key) => !isOnTheMove(target, key));
  const descriptors = keys.map((key) => getOwnPropertyDescriptor(target, key) as PropertyDescriptor);
  return { target, keys, descriptors, mayGrow: mayGrow || keys.length < ownKeys(target).length };
}

/** What Node, or exploring itself, changes as it runs. */
function isOnTheMove(target: object, key: PropertyKey): boolean {
  // To what is given on the command line, as the host is, Node offers its modules as globals: made when first asked for.
  if (target === globalThis) return key === "module";
  if (target === Error) return key === "stackTraceLimit";
  return target === process && String(key).startsWith("_");
}

/** Objects of the language that no global names. */
function hiddenIntrinsics(): readonly object[] {
  const iterators = [[][Symbol.iterator](), new Map().entries(), new Set().values(), ""[Symbol.iterator]()];
  const functions = [function* () {}, async () => {}, async function* () {}];
  const prototypes = [...iterators, ...functions, Int8Array].map((each) => getPrototypeOf(each) as object);
  const parents = prototypes.map(getPrototypeOf).filter(isObject);
  const instances = [...functions, Int8Array].map(
    (each) => (getPrototypeOf(each) as { prototype?: unknown }).prototype,
  );
  return [...prototypes, ...parents, ...instances.filter(isObject)];
}

const isObject = (value: unknown): value is object =>
  (typeof value === "object" && value !== null) || typeof value === "function";
