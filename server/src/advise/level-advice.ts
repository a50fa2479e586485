import { pacelc } from "../../../runtime/src/advice/cap/index.js";
import { availabilityOf, costOf, documentCosts } from "../../../runtime/src/advice/cost/index.js";
import { documentTerms, operationFloor } from "../../../runtime/src/advice/latency/index.js";
import { type Level, levels } from "../../../runtime/src/levels.js";
import type { AdviseOptions, LevelAdvice, OperationLatency } from "./advise.js";

/** Connections between replicas are kept open, so that nobody shakes hands for an operation. */
export const expectedTerms = { ...documentTerms, handshakes: 0 };

type Request = Pick<AdviseOptions, "regions" | "operationsPerSecond" | "availability">;

/** What each level costs and gives, whatever the data. */
export function levelAdvice(request: Request): readonly LevelAdvice[] {
  return levels.map((level) => adviceOn(level, request));
}

function adviceOn(level: Level, { regions, operationsPerSecond, availability }: Request): LevelAdvice {
  const replicas = regions.places.length;
  const cost = costOf(level, {
    operationsPerSecond,
    model: { ...documentCosts, replicas },
    ...(availability === undefined ? {} : { availability }),
  });
  const { partitioned, otherwise } = pacelc(level);
  return {
    level,
    usdPerMonth: cost.usdPerMonth,
    usdPerMillionOperations: cost.usdPerMillionOperations,
    arithmetic: cost.arithmetic,
    availability: availabilityOf(level, replicas),
    isAvailableEnough: cost.isAvailableEnough ?? null,
    pacelc: `${partitioned}/${otherwise}`,
    latencies: regions.places.map((from) => {
      const latency = (access: "read" | "write"): OperationLatency => {
        const request = { level, access, from, regions: regions.places };
        const floor = operationFloor(request);
        const expected = operationFloor({ ...request, terms: expectedTerms });
        return {
          floorMs: tenths(floor.ms),
          expectedMs: [tenths(expected.ms), tenths(expected.mostMs)],
          arithmetic: floor.arithmetic,
        };
      };
      return { region: from.name, read: latency("read"), write: latency("write") };
    }),
  };
}

const tenths = (ms: number): number => Math.round(ms * 10) / 10;
