import { keyOf } from "../../extract/values.js";
import type { Sink } from "./run.js";
import { addGuards, idOf, joinFlowing, nothing, uniteSources } from "./sources.js";

/** Where values end up, each place once: what reaches it on several ways is told together. */
export class Sinks {
  readonly #known = new Map<string, Sink>();

  get all(): readonly Sink[] {
    return [...this.#known.values()];
  }

  record(sink: Sink): void {
    const key = sinkKey(sink);
    const known = this.#known.get(key);
    if (known === undefined) {
      this.#known.set(key, sink);
      return;
    }
    this.#known.set(key, {
      ...known,
      values: uniteSources([known.values, sink.values]),
      guards: addGuards(known.guards, sink.guards),
      passed: known.passed.map((each, index) => joinFlowing(each, sink.passed[index] ?? nothing)),
      validated: new Set([...known.validated, ...sink.validated]),
    });
  }
}

/** Of long ways to the same place only where they begin tells them apart; recursion has any number of them. */
const mostTold = 4;

function sinkKey({ target, node, path, cap }: Sink): string {
  const told = path.length <= mostTold ? path : [...path.slice(0, mostTold - 1), ...path.slice(-1)];
  const steps = told.map((item) => idOf(item.node)).join(" ");
  return `${idOf(node)} ${steps} ${target === undefined ? "throw" : keyOf(target)} ${cap ?? ""}`;
}
