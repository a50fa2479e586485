import type { Prng } from "../../../simulation/prng.js";
import type { Cluster } from "./cluster.js";

/** Does one random thing to a cluster, or nothing. */
export function injectFault(cluster: Cluster, random: Prng): void {
  const { replicas } = cluster;
  const victim = random.pick(replicas);
  switch (random.below(11)) {
    case 0:
      return cluster.partition([replicas.filter((r) => r === cluster.leader), replicas.filter((r) => r !== cluster.leader)]);
    case 1: {
      const side = replicas.filter(() => random.chance(1, 2));
      return cluster.partition([side, replicas.filter((replica) => !side.includes(replica))]);
    }
    case 2:
      return cluster.cut(victim, random.pick(replicas), true);
    case 3:
    case 4:
      return cluster.partition([replicas]);
    case 5:
      return cluster.crash(random.chance(1, 2) ? (cluster.leader ?? victim) : victim);
    case 6:
    case 7:
      return replicas.forEach((replica) => cluster.restart(replica));
    case 8:
      return random.chance(1, 2) ? cluster.pause(victim) : replicas.forEach((replica) => cluster.resume(replica));
    case 9:
      return cluster.setClockBack(victim, random.below(2_000_000));
    case 10:
      cluster.crash(victim);
      return cluster.restart(victim);
  }
}
