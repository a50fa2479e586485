import type { Anomaly, History } from "../../history/history.js";
import type { Partition, PartitionEvent } from "../search/partition.js";
import { isWitness } from "../search/witness.js";
import { components, shortestCycle, topologicalOrder } from "./cycles.js";
import { addOrder, type Dependencies, dependenciesOf } from "./dependencies.js";
import type { Dependency, DependencyGraph } from "./dependency-graph.js";
import { explainCycle, explainImpossible } from "./explanation.js";
import { addImpliedVersions } from "./implied-versions.js";

export type Judgement = { readonly anomaly: Anomaly } | { readonly order: readonly PartitionEvent[] };

/**
 * What the dependencies alone decide: a cycle shows that there is no order, and an order that follows them and is found
 * to explain everything is one. `undefined` where the values do not tell enough.
 */
export function judgeByDependencies(partition: Partition, history: History): Judgement | undefined {
  const dependencies = dependenciesOf(partition, history);
  if ("reason" in dependencies) return { anomaly: explainImpossible(dependencies, partition) };
  const cycle = cycleOf(dependencies, partition);
  if (cycle !== undefined) return { anomaly: explainCycle(cycle, dependencies, partition) };
  const order = topologicalOrder(dependencies.graph)
    .filter((event) => dependencies.happened[event])
    .map((event) => partition.events[event] as PartitionEvent);
  return isWitness(partition, order) ? { order } : undefined;
}

/** What shows without the help of sessions or time says most, and what is plain more than what follows from it. */
function cycleOf(dependencies: Dependencies, partition: Partition): readonly Dependency[] | undefined {
  const { graph, happened } = dependencies;
  const plain = simplestCycle(graph, (dependency) => !dependency.isByOrder);
  if (plain !== undefined) return plain;
  addImpliedVersions(dependencies, false);
  const implied = simplestCycle(graph, (dependency) => !dependency.isByOrder);
  if (implied !== undefined || partition.order === "none") return implied;
  addOrder(partition.events, happened, graph);
  const ordered = simplestCycle(graph, () => true);
  if (ordered !== undefined) return ordered;
  addImpliedVersions(dependencies, true);
  return simplestCycle(graph, () => true);
}

/** The kind of cycle that says most: with few anti-dependencies. */
function simplestCycle(
  graph: DependencyGraph,
  allows: (dependency: Dependency) => boolean,
): readonly Dependency[] | undefined {
  if (components(graph, allows).length === 0) return undefined;
  const isKind =
    (...kinds: Dependency["kind"][]) =>
    (dependency: Dependency): boolean =>
      allows(dependency) && (dependency.kind === "order" || kinds.includes(dependency.kind));
  const isMissed = (dependency: Dependency): boolean => allows(dependency) && dependency.kind === "rw";
  return (
    shortestCycle(graph, isKind("ww"), isKind("ww")) ??
    shortestCycle(graph, isKind("ww", "wr"), isKind("ww", "wr")) ??
    shortestCycle(graph, isKind("ww", "wr"), isMissed) ??
    shortestCycle(graph, isKind("ww", "wr", "rw"), isMissed)
  );
}
