import type { Region } from "../simulation/network/regions.js";
import { type Capacity, defaultCapacity } from "../simulation/node.js";

/** What a node can carry. It serves one message or client request after another. */
export interface NodeCapacity {
  /** Service time of one message or request in virtual milliseconds. Default 0.02: 50,000 a second. */
  readonly serviceMs?: number;
  /** How many may wait. A message beyond that is dropped, a request refused: "overloaded". Default 4,096. */
  readonly queue?: number;
}

/** The capacity of all nodes, and of those in regions that differ. */
export interface CapacityOptions<R extends string = string> extends NodeCapacity {
  readonly regions?: { readonly [region in R]?: NodeCapacity };
}

/** The capacity of each region's nodes, in the order of the regions. Throws a RangeError that says what is wrong. */
export function capacitiesOf(
  scenario: string,
  options: CapacityOptions,
  places: readonly Region[],
): readonly Capacity[] {
  const { regions = {}, ...all } = options;
  const unknown = Object.keys(regions).find((name) => !places.some((place) => place.name === name));
  if (unknown !== undefined)
    throw new RangeError(
      `Scenario "${scenario}": capacity.regions names "${unknown}", which is not one of its regions: ` +
        `${places.map((place) => place.name).join(", ")}.`,
    );
  const shared = checkedCapacity(scenario, "capacity", all, defaultCapacity);
  return places.map(({ name }) => {
    const own = regions[name];
    return own === undefined ? shared : checkedCapacity(scenario, `capacity.regions.${name}`, own, shared);
  });
}

const longestServiceMs = 60_000;

function checkedCapacity(scenario: string, where: string, given: NodeCapacity, otherwise: Capacity): Capacity {
  const unknown = Object.keys(given).find((key) => key !== "serviceMs" && key !== "queue");
  if (unknown !== undefined)
    throw new RangeError(`Scenario "${scenario}": there is no "${unknown}" in ${where}. It has serviceMs and queue.`);
  const { serviceMs = otherwise.serviceUs / 1000, queue = otherwise.queue } = given;
  if (typeof serviceMs !== "number" || !(serviceMs >= 0 && serviceMs <= longestServiceMs))
    throw new RangeError(
      `Scenario "${scenario}": ${where}.serviceMs is ${String(serviceMs)}; it has to be a number of milliseconds from 0 ` +
        `to ${longestServiceMs}: how long a node takes for one message or request.`,
    );
  if (!Number.isSafeInteger(queue) || queue < 1)
    throw new RangeError(
      `Scenario "${scenario}": ${where}.queue is ${String(queue)}; it has to be a whole number, 1 or more: how many ` +
        "messages and requests may wait at a node.",
    );
  return { serviceUs: Math.round(serviceMs * 1000), queue };
}
