import { fibreFactor } from "../../simulation/network/regions.js";

/** A delay in ms of which only the bounds are known. */
export interface Span {
  readonly leastMs: number;
  readonly mostMs: number;
}

/** What a round trip takes besides the distance. */
export interface LatencyTerms {
  /** Where the figures are from: shown wherever they are. */
  readonly source: string;
  /** How many times slower light is than in vacuum: 1 is what nothing can beat, 1.5 is glass. */
  readonly fibreFactor: number;
  /** Cables that do not follow the great circle, and routers on the way: of one round trip. */
  readonly routing: Span;
  /** Switches at both ends: of one round trip. */
  readonly switching: Span;
  /** Round trips before anything can be asked: 1 for a new TCP connection, 2 with TLS 1.3, 0 where it is kept open. */
  readonly handshakes: number;
  /** What the program does that answers. */
  readonly processing: Span;
}

const nothing: Span = { leastMs: 0, mostMs: 0 };

/** Nothing but light in fibre along the great circle: what no engineering gets below. */
export const fibreOnly: LatencyTerms = {
  source: "light in fibre",
  fibreFactor,
  routing: nothing,
  switching: nothing,
  handshakes: 0,
  processing: nothing,
};

/** Nothing but light, through nothing: what no cable gets below either. */
export const vacuumOnly: LatencyTerms = { ...fibreOnly, source: "light in vacuum", fibreFactor: 1 };

/** What the document adds on top of the distance. */
export const documentTerms: LatencyTerms = {
  source: "the document's model",
  fibreFactor: 1.5,
  routing: { leastMs: 5, mostMs: 50 },
  switching: { leastMs: 0.1, mostMs: 1 },
  handshakes: 1,
  processing: { leastMs: 1, mostMs: 100 },
};

/** Throws a `RangeError` that names the first term which is none. */
export function assertTerms(terms: LatencyTerms): void {
  if (!(terms.fibreFactor >= 1))
    throw new RangeError(
      `fibreFactor is ${terms.fibreFactor}: nothing is faster than light in vacuum, so give 1 or more.`,
    );
  if (!Number.isSafeInteger(terms.handshakes) || terms.handshakes < 0)
    throw new RangeError(`handshakes is ${terms.handshakes}: give a whole number of round trips, 0 or more.`);
  for (const name of ["routing", "switching", "processing"] as const) {
    const { leastMs, mostMs } = terms[name];
    if (!(leastMs >= 0 && mostMs >= leastMs && Number.isFinite(mostMs)))
      throw new RangeError(
        `${name} is from ${leastMs} to ${mostMs} ms: give leastMs of 0 or more, and mostMs not below it.`,
      );
  }
}
