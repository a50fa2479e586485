import { isAtLeast, type Level, levels } from "../../levels.js";

export type Partitioned = "PA" | "PC";
export type Otherwise = "EL" | "EC";

/** If partitioned, availability or consistency; else, latency or consistency (Abadi, IEEE Computer 45(2), 2012). */
export interface Pacelc {
  readonly partitioned: Partitioned;
  readonly otherwise: Otherwise;
}

export interface PacelcEntry extends Pacelc {
  readonly system: string;
  readonly tradeOff: string;
  /** What the document's table has, where it has the system. */
  readonly document: Pacelc | undefined;
  /** Why ours differs from that. */
  readonly correction: string | undefined;
  readonly source: string;
}

const abadi = "Abadi, Consistency Tradeoffs in Modern Distributed Database System Design, IEEE Computer 45(2), 2012";

/** As their sources describe them. Most can be asked for more, or for less, by each request, and defaults change. */
export const pacelcSystems: readonly PacelcEntry[] = [
  {
    system: "MongoDB",
    partitioned: "PA",
    otherwise: "EC",
    tradeOff: "its primary orders everything, and a primary that was cut off loses what it alone had acknowledged",
    document: { partitioned: "PC", otherwise: "EC" },
    correction:
      "Abadi's table has PA/EC: what an old primary alone acknowledged is rolled back. Since MongoDB 5.0 writes wait for a " +
      "majority unless told otherwise, and with that the document is right",
    source: abadi,
  },
  {
    system: "Cassandra",
    partitioned: "PA",
    otherwise: "EL",
    tradeOff: "any replica answers, and each request says how many it waits for",
    document: { partitioned: "PA", otherwise: "EL" },
    correction: undefined,
    source: abadi,
  },
  {
    system: "DynamoDB",
    partitioned: "PC",
    otherwise: "EL",
    tradeOff:
      "writes go to the leader of the item's partition; reads are answered by any of its replicas unless told otherwise",
    document: { partitioned: "PA", otherwise: "EL" },
    correction: "PA/EL is the Dynamo of 2007; in DynamoDB a leader that has lost its majority takes no writes",
    source: "Elhemali et al., Amazon DynamoDB, USENIX ATC 2022, §3",
  },
  {
    system: "Spanner",
    partitioned: "PC",
    otherwise: "EC",
    tradeOff: "every commit waits for a majority and for the uncertainty of the clocks",
    document: { partitioned: "PC", otherwise: "EC" },
    correction: undefined,
    source: "Corbett et al., Spanner, OSDI 2012, §4",
  },
  {
    system: "Dynamo",
    partitioned: "PA",
    otherwise: "EL",
    tradeOff: "writes are always taken, by stand-ins if need be, and siblings are merged by the reader",
    document: undefined,
    correction: undefined,
    source: abadi,
  },
  {
    system: "Riak",
    partitioned: "PA",
    otherwise: "EL",
    tradeOff: "as Dynamo has it",
    document: undefined,
    correction: undefined,
    source: abadi,
  },
  {
    system: "PNUTS",
    partitioned: "PC",
    otherwise: "EL",
    tradeOff: "each record has a master that orders its writes; reads are local and may be old",
    document: undefined,
    correction: undefined,
    source: abadi,
  },
  {
    system: "VoltDB",
    partitioned: "PC",
    otherwise: "EC",
    tradeOff: "transactions run in one order on all copies, and the smaller side stops",
    document: undefined,
    correction: undefined,
    source: abadi,
  },
  {
    system: "HBase",
    partitioned: "PC",
    otherwise: "EC",
    tradeOff: "one server serves each region of rows, and nobody does until another has taken over",
    document: undefined,
    correction: undefined,
    source: abadi,
  },
];

const byName: ReadonlyMap<string, PacelcEntry> = new Map(
  pacelcSystems.map((entry) => [entry.system.toLowerCase(), entry]),
);

/** Of a system in `pacelcSystems` by its name, in any case (`mongodb`), or of a level with its default mechanism; undefined where unknown. */
export function pacelc(levelOrSystem: Level): Pacelc;
export function pacelc(levelOrSystem: string): Pacelc | PacelcEntry | undefined;
export function pacelc(levelOrSystem: string): Pacelc | PacelcEntry | undefined {
  const level = levels.find((each) => each === levelOrSystem);
  return level === undefined ? byName.get(levelOrSystem.toLowerCase()) : pacelcOfLevel(level);
}

function pacelcOfLevel(level: Level): Pacelc {
  return {
    partitioned: isAtLeast(level, "sequential") ? "PC" : "PA",
    otherwise: isAtLeast(level, "linearizable") ? "EC" : "EL",
  };
}
