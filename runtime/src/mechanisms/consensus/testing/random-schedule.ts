import { Prng } from "../../../simulation/prng.js";
import type { Reply } from "../../machine.js";
import type { LogEntry } from "../messages.js";
import { resultsForgotten } from "../requests.js";
import { readRequest } from "./bench.js";
import { Cluster, type ClusterOptions } from "./cluster.js";
import { RaftProperties } from "./raft-properties.js";
import { injectFault } from "./random-faults.js";
import { type JudgedCall, judge, Twin, Workload } from "./workload.js";

const second = 1_000_000;

/** Sessions and faults for twelve seconds, then healing. Throws when anything that was promised does not hold. */
export function runRandomSchedule(options: ClusterOptions): {
  readonly calls: readonly JudgedCall[];
  readonly steps: number;
  readonly messages: ReadonlyMap<string, number>;
} {
  const cluster = new Cluster(options);
  const properties = new RaftProperties(cluster);
  const random = Prng.seeded(options.seed, "schedule");
  const workload = new Workload(cluster, random, 4);
  try {
    while (cluster.nowUs < 12 * second) {
      workload.act();
      if (random.chance(1, 12)) injectFault(cluster, random);
      cluster.runUntil(cluster.nowUs + random.below(100_000));
    }
    cluster.heal();
    // Stragglers are still under way.
    cluster.runUntil(cluster.nowUs + 5 * second);
    const last = cluster.replicas.flatMap((replica) =>
      [workload.increment(), readRequest("n")].map((request) => workload.ask(replica, request)),
    );
    cluster.runUntil(cluster.nowUs + 3 * second);
    judge(workload.calls, properties.committed, options.readPosition === "session" ? "sequential" : "linearizable");
    judgeLiveness(workload.calls, last);
    judgeConvergence(cluster, workload.calls, properties.committed);
  } catch (error) {
    throw new Error(`seed ${options.seed} at ${cluster.nowUs} µs`, { cause: error });
  }
  return { calls: workload.calls, steps: cluster.steps, messages: cluster.messages };
}

function judgeLiveness(calls: readonly JudgedCall[], last: readonly JudgedCall[]): void {
  for (const { reply } of last) {
    const isDone = isAcknowledged(reply) || reply?.kind === "value" || reply === resultsForgotten;
    if (!isDone) throw new Error("no progress after the faults");
  }
  for (const call of calls) if (call.reply === undefined && !call.isLost) throw new Error("a call was never answered");
}

function judgeConvergence(
  cluster: Cluster,
  calls: readonly JudgedCall[],
  committed: readonly (LogEntry | undefined)[],
): void {
  const machines = cluster.replicas.map((replica) => cluster.machine(replica));
  if (new Set(machines.map((machine) => machine?.digest())).size !== 1) throw new Error("the replicas differ");
  for (const { reply, request } of calls) {
    if (request.kind !== "commit" || !isAcknowledged(reply)) continue;
    if (machines.some((machine) => machine?.has(request.id) !== true)) throw new Error(`${request.id} is lost`);
  }
  // The evidence that checkers are given, also of what snapshots have covered long since.
  for (const [id, { kind, index }] of new Twin(committed).outcomes) {
    const position = kind === "committed" ? index : undefined;
    if (machines.some((machine) => machine?.ledger().positionOf(id) !== position)) {
      throw new Error(`operation ${id} has another position than ${position}`);
    }
  }
}

const isAcknowledged = (reply: Reply | undefined): boolean => reply?.kind === "committed";
