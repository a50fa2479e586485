import type { Prng } from "../../../simulation/prng.js";
import type { Cluster } from "./cluster.js";

type Fault = (cluster: Cluster, random: Prng, victim: number) => void;

const faults: readonly Fault[] = [
  (cluster) => split(cluster, (replica) => replica === cluster.leader),
  (cluster, random) => split(cluster, () => random.chance(1, 2)),
  (cluster, random, victim) => cluster.cut(victim, random.pick(cluster.replicas), true),
  (cluster) => cluster.partition([cluster.replicas]),
  (cluster, _, victim) => cluster.crash(cluster.leader ?? victim),
  (cluster, _, victim) => cluster.crash(victim),
  restartAll,
  restartAll,
  (cluster, _, victim) => {
    cluster.crash(victim);
    cluster.restart(victim);
  },
  (cluster, random, victim) => cluster.failPowerAfter(victim, random.below(8)),
  (cluster, _, victim) => cluster.pause(victim),
  (cluster) => {
    for (const replica of cluster.replicas) cluster.resume(replica);
  },
  (cluster, random, victim) => cluster.setClockBack(victim, random.below(2_000_000)),
];

/** Does one random thing to a cluster, for better or worse. */
export function injectFault(cluster: Cluster, random: Prng): void {
  random.pick(faults)(cluster, random, random.pick(cluster.replicas));
}

function split(cluster: Cluster, isOnOneSide: (replica: number) => boolean): void {
  const side = cluster.replicas.filter(isOnOneSide);
  cluster.partition([side, cluster.replicas.filter((replica) => !side.includes(replica))]);
}

function restartAll(cluster: Cluster): void {
  for (const replica of cluster.replicas) cluster.restart(replica);
}
