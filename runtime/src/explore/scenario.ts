import type { Openable } from "../cells/open.js";
import type { Domain } from "../deployment/simulated/domain.js";
import type { DelayWindow, Fault, FaultWindow, RandomFaults } from "../faults/index.js";
import type { LinkFault } from "../simulation/network/network.js";
import { defaultRegions, findRegion, regions as knownRegions, type Region } from "../simulation/network/regions.js";
import type { Capacity } from "../simulation/node.js";
import { type CapacityOptions, capacitiesOf } from "./capacity.js";
import type { MeasureOptions } from "./figures.js";
import type { Plan } from "./workload/plan.js";

/** A sequential client at a region's replica. */
export interface Session {
  readonly region: string;
  open<T extends object>(type: Openable<T>, id: string): T;
  /** Goes on at another region's replica, with everything this session has seen as its dependencies. */
  moveTo(region: string): void;
  /** What this session has seen, for one elsewhere that is to see no less: a cookie, a field of a message. */
  token(): string;
}

export interface ScenarioOptions<R extends string> {
  /** Names from the library's list, or places of your own. Default: nyc, london, tokyo. */
  readonly regions?: readonly (R | (Region & { readonly name: R }))[];
  /** Default: none. */
  readonly faults?: readonly Fault[] | RandomFaults;
  /** How much the nodes carry, so that a leader can be a bottleneck. Default: 50,000 messages a second, 4,096 waiting. */
  readonly capacity?: CapacityOptions<R>;
  /** Runs before time 0, without faults, in a session of the first region. */
  readonly setup?: (context: SetupContext<R>) => Promise<void> | void;
}

export interface SetupContext<R extends string> {
  open<T extends object>(type: Openable<T>, id: string): T;
  session(region: R): Session;
}

/** What a scenario's body is given. All of it is virtual and a function of the seed. */
export interface ScenarioContext<R extends string> {
  /** A new sequential client in that region. Several run concurrently with plain `Promise.all`. */
  session(region: R, options?: { readonly token?: string }): Session;
  sleep(ms: number): Promise<void>;
  /** Virtual milliseconds since the run was ready. */
  now(): number;
  /** Uniform in [0, 1). */
  random(): number;
  /** Judges the state now. Records a failure and goes on; has to be awaited. */
  check(name: string, predicate: () => boolean | void | Promise<boolean | void>): Promise<void>;
  /** Judged after all faults are healed and the replicas are quiescent, once a region, in a fresh session. */
  converged(name: string, predicate: (session: Session) => boolean | void | Promise<boolean | void>): void;
  /**
   * Notes a value, such as how long something took. Over all schedules the report shows its median and its spread, beside
   * what somebody claims that it is. Judges nothing.
   *
   * @throws RangeError for what is no finite number.
   */
  measure(name: string, value: number, options?: MeasureOptions): void;
  readonly faults: FaultControl;
}

/** The faults of a scenario's options, when the moment is decided by its body. */
export interface FaultControl {
  partition(groups: readonly (readonly string[])[], window?: FaultWindow): ActiveFault;
  isolate(region: string, window?: FaultWindow): ActiveFault;
  cut(from: string, to: string, window?: FaultWindow): ActiveFault;
  bridge(region: string, window?: FaultWindow): ActiveFault;
  isolateLeader(window?: FaultWindow): ActiveFault;
  crash(region: string, window?: FaultWindow): ActiveFault;
  pause(region: string, window?: FaultWindow): ActiveFault;
  clockSkew(region: string, offsetMs: number, window?: FaultWindow): ActiveFault;
  clockDrift(region: string, driftRatio: number, window?: FaultWindow): ActiveFault;
  loss(lossRatio: number, window?: FaultWindow): ActiveFault;
  duplication(duplicationRatio: number, window?: FaultWindow): ActiveFault;
  reordering(reorderingRatio: number, heldMs: number, window?: FaultWindow): ActiveFault;
  delay(delayMs: number, window?: DelayWindow): ActiveFault;
  slowRegion(region: string, factor: number, window?: FaultWindow): ActiveFault;
  promote(region: string, window?: FaultWindow): ActiveFault;
  start(fault: Fault): ActiveFault;
  /** Ends every fault that is active. */
  heal(): void;
}

export interface ActiveFault {
  heal(): void;
}

/** A scenario as `scenario(…)` returns it. */
export interface Scenario {
  readonly [scenarioMark]: true;
  readonly name: string;
  readonly regions: readonly Region[];
  /** Of the nodes of each region. */
  readonly capacities: readonly Capacity[];
  readonly faults: readonly Fault[] | RandomFaults;
  readonly setup: ((context: SetupContext<string>) => Promise<void> | void) | undefined;
  readonly body: (context: ScenarioContext<string>) => Promise<void> | void;
  /** What a scenario has that nobody wrote. */
  readonly generated?: Generated;
}

/** The part of a generated workload that a scenario has no options for. */
export interface Generated {
  readonly plan: Plan;
  /** Opened before anything else, so that what holds of all objects is judged with all of them. */
  readonly objects: readonly { readonly type: Openable<object>; readonly id: string }[];
  /** What `randomFaults()` stands for, once it is known which domains its objects are in. */
  drawFaults(domains: Iterable<Domain>): readonly Fault[];
  /** With these faults: who decides how late messages are until all is healed; undefined: distance and chance alone. */
  readonly delays: LinkFault | undefined;
}

const scenarioMark: unique symbol = Symbol.for("faultline.scenario") as never;

/**
 * Describes one situation that annotated code has to survive. Nothing runs until `simulate`, `explore`, `holds` or the
 * command line runs it.
 *
 * @throws RangeError for a region that nobody knows, or one that is named twice, and for a capacity that cannot be.
 */
export function scenario<const R extends string = "nyc" | "london" | "tokyo">(
  name: string,
  options: ScenarioOptions<R>,
  body: (context: ScenarioContext<R>) => Promise<void> | void,
): Scenario {
  refuseOtherParameters(name, options, body);
  const unknown = Object.keys(options).find((key) => !optionNames.includes(key));
  if (unknown !== undefined)
    throw new RangeError(`Scenario "${name}": there is no option "${unknown}". It takes ${optionNames.join(", ")}.`);
  const regions = placesOf(name, options.regions ?? defaultRegions);
  return {
    [scenarioMark]: true,
    name,
    regions,
    capacities: capacitiesOf(name, options.capacity ?? {}, regions),
    faults: options.faults ?? [],
    setup: options.setup as Scenario["setup"],
    body: body as Scenario["body"],
  };
}

/** Whoever leaves out the options, or writes the body first, is told which one it is. */
function refuseOtherParameters(name: unknown, options: unknown, body: unknown): void {
  const wrong =
    typeof name !== "string"
      ? ["name", "a text", name]
      : typeof options !== "object" || options === null
        ? ["options", "an object, such as {}", options]
        : typeof body !== "function"
          ? ["body", "an async function", body]
          : undefined;
  if (wrong === undefined) return;
  const [parameter, accepted, given] = wrong;
  const what = given === undefined ? "missing" : given === null ? "null" : `a ${typeof given}`;
  throw new TypeError(`scenario(name, options, body): \`${parameter}\` has to be ${accepted}, and is ${what}.`);
}

const optionNames: readonly string[] = ["regions", "capacity", "faults", "setup"];

export function isScenario(value: unknown): value is Scenario {
  return typeof value === "object" && value !== null && (value as { [scenarioMark]?: unknown })[scenarioMark] === true;
}

function placesOf(name: string, places: readonly (string | Region)[]): readonly Region[] {
  const found = places.map((place) => (typeof place === "string" ? (findRegion(place) ?? place) : place));
  for (const [index, place] of found.entries()) {
    if (typeof place === "string")
      throw new RangeError(
        `Scenario "${name}": there is no region "${place}". Use ${knownRegions.map((region) => region.name).join(", ")}, ` +
          "or give its place: { name, latitude, longitude }.",
      );
    if (found.findIndex((other) => (other as Region).name === place.name) !== index)
      throw new RangeError(`Scenario "${name}": the region "${place.name}" is named twice.`);
  }
  if (found.length === 0) throw new RangeError(`Scenario "${name}": it needs at least one region.`);
  return found as readonly Region[];
}
