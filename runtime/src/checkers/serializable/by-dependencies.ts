import type { Anomaly, History } from "../../history/history.js";
import type { Partition, PartitionEvent } from "../search/partition.js";
import { isWitness } from "../search/witness.js";
import { components, shortestCycle, topologicalOrder } from "./cycles.js";
import { type Dependencies, dependenciesOf } from "./dependencies.js";
import type { Dependency } from "./dependency-graph.js";
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
  const cycle = simplestCycle(dependencies) ?? impliedCycle(dependencies);
  if (cycle !== undefined) return { anomaly: explainCycle(cycle, dependencies, partition) };
  const order = topologicalOrder(dependencies.graph)
    .filter((event) => dependencies.happened[event])
    .map((event) => partition.events[event] as PartitionEvent);
  return isWitness(partition, order) ? { order } : undefined;
}

/** Implied versions are looked for only when what is plain shows nothing: they take quadratic space. */
function impliedCycle(dependencies: Dependencies): readonly Dependency[] | undefined {
  return addImpliedVersions(dependencies) ? simplestCycle(dependencies) : undefined;
}

/** The kind of cycle that says most: without the help of time if there is one, and with few anti-dependencies. */
function simplestCycle({ graph }: Dependencies): readonly Dependency[] | undefined {
  if (components(graph, () => true).length === 0) return undefined;
  for (const withOrder of [false, true]) {
    const isKind = (kinds: string) => (d: Dependency) =>
      withOrder ? d.kind === "order" || kinds.includes(d.kind) : !d.isByOrder && kinds.includes(d.kind);
    const cycle =
      shortestCycle(graph, isKind("ww"), isKind("ww")) ??
      shortestCycle(graph, isKind("ww wr"), isKind("ww wr")) ??
      shortestCycle(graph, isKind("ww wr"), ({ kind }) => kind === "rw") ??
      shortestCycle(graph, isKind("ww wr rw"), ({ kind }) => kind === "rw");
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}
