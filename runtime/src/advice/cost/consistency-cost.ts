import { assertLevel, type Level, levels } from "../../levels.js";
import { dollars, figure } from "../figures.js";
import { type Availability, type AvailabilityModel, availabilityOf, documentAvailability } from "./availability.js";
import { usdPerMillionOperations } from "./cost.js";
import { documentPrices, type Prices } from "./prices.js";

/** How far apart the replicas are, in the document's three steps. */
export type Distribution = "single-datacenter" | "multi-region" | "global";

/** What consistency costs, with every figure that may be put in place of another. */
export interface CostModel {
  readonly prices: Prices;
  readonly availability: AvailabilityModel;
  readonly replicas: number;
  readonly baseLatencyMs: Readonly<Record<Distribution, number>>;
  /** Either a time of its own, or so many times the base latency. */
  readonly latency: Readonly<Record<Level, { readonly ms: number } | { readonly times: number }>>;
  readonly complexity: Readonly<Record<Level, string>>;
  readonly secondsPerMonth: number;
}

/**
 * The document's model, corrected: prices as its comments have them; causal answers locally, as eventual does, and not
 * after one and a half times the distance; and availability follows from who has to answer, so that causal is not above
 * eventual.
 */
export const documentCosts: CostModel = {
  prices: documentPrices,
  availability: documentAvailability,
  replicas: 3,
  baseLatencyMs: { "single-datacenter": 5, "multi-region": 50, global: 150 },
  latency: {
    none: { ms: 1 },
    eventual: { ms: 5 },
    causal: { ms: 5 },
    sequential: { times: 2 },
    linearizable: { times: 3 },
  },
  complexity: { none: "low", eventual: "medium", causal: "high", sequential: "very high", linearizable: "extreme" },
  // Thirty days.
  secondsPerMonth: 2_592_000,
};

export interface CostRequest {
  readonly operationsPerSecond: number;
  /** Multi-region unless given, as in the document. */
  readonly distribution?: Distribution;
  /** The share of operations that has to be answered: `0.999`. */
  readonly availability?: number;
  readonly model?: CostModel;
}

/** What a level costs, as a model has it: good for comparing levels, and nobody's price list. */
export interface ConsistencyCost {
  readonly level: Level;
  /** Where the prices are from. */
  readonly source: string;
  readonly usdPerMonth: number;
  readonly usdPerMillionOperations: number;
  /** "1,000 a second × 2,592,000 s × $2.00 for a million = $5,184 a month" */
  readonly arithmetic: string;
  readonly latencyMs: number;
  readonly availability: Availability;
  /** Whether reads and writes are answered as often as was asked for; undefined where nothing was asked for. */
  readonly isAvailableEnough: boolean | undefined;
  readonly complexity: string;
}

/**
 * What so many operations a second cost at a level. Throws a `RangeError` for a rate below zero, a share beyond 0 to 1,
 * a level that there is not, and a distribution that the model does not have.
 */
export function costOf(level: Level, request: CostRequest): ConsistencyCost {
  const { operationsPerSecond, distribution = "multi-region", availability: asked, model = documentCosts } = request;
  assertLevel(level);
  if (!(operationsPerSecond >= 0 && Number.isFinite(operationsPerSecond)))
    throw new RangeError(`There are ${operationsPerSecond} operations a second: give 0 or more.`);
  if (asked !== undefined && !(asked >= 0 && asked <= 1))
    throw new RangeError(`The availability asked for is ${asked}: give a share between 0 and 1, such as 0.999.`);
  const baseMs = model.baseLatencyMs[distribution];
  if (baseMs === undefined) {
    const known = Object.keys(model.baseLatencyMs).join(", ");
    throw new RangeError(`The model has no latency for "${distribution}": give one of ${known}.`);
  }
  const price = usdPerMillionOperations(level, model.prices);
  const usdPerMonth = (operationsPerSecond * model.secondsPerMonth * price) / 1_000_000;
  const availability = availabilityOf(level, model.replicas, model.availability);
  const latency = model.latency[level];
  return {
    level,
    source: model.prices.source,
    usdPerMonth,
    usdPerMillionOperations: price,
    arithmetic: `${figure(operationsPerSecond)} a second × ${figure(model.secondsPerMonth)} s × ${dollars(price)} for a million = ${dollars(usdPerMonth)} a month`,
    latencyMs: "ms" in latency ? latency.ms : latency.times * baseMs,
    availability,
    isAvailableEnough: asked === undefined ? undefined : Math.min(availability.reads, availability.writes) >= asked,
    complexity: model.complexity[level],
  };
}

/** All five, weakest first. */
export function costsOf(request: CostRequest): readonly ConsistencyCost[] {
  return levels.map((level) => costOf(level, request));
}
