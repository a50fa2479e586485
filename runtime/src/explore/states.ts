import { describeState } from "../data/describe-state.js";
import { describeValue } from "../data/values.js";
import type { Cell } from "../deployment/deployment.js";
import type { Domain } from "../deployment/simulated/domain.js";
import type { Machine } from "../mechanisms/machine.js";
import type { Tracer } from "./tracer.js";

export interface Looking {
  readonly tracer: Tracer;
  readonly region: string;
  readonly atUs: number;
}

interface Held {
  readonly state: unknown;
  readonly ahead?: unknown;
  readonly value: string;
}

/** What replicas hold, as the trace has told it so far. */
export class States {
  /** By cell, at each replica; absent where nothing but the initial value was seen. */
  private readonly held = new Map<string, Held[]>();
  private readonly initial = new Map<string, string>();

  /** Tells what is new at a replica that has made a step. */
  look(domain: Domain, replica: number, looking: Looking): void {
    const machine = domain.machines[replica];
    if (machine === undefined) return;
    for (const [key, cell] of domain.cells) {
      const initial = this.initialOf(cell, looking.tracer);
      const known = this.held.get(key) ?? [];
      const held = heldOf(cell, machine, known[replica]);
      if (held === undefined || held === known[replica]) continue;
      const before = known[replica]?.value ?? initial;
      known[replica] = held;
      this.held.set(key, known);
      const { tracer, region, atUs } = looking;
      if (held.value !== before) tracer.add({ kind: "state", atUs, region, cell: cell.label, value: held.value });
    }
  }

  private initialOf({ key, label, field, level, mechanism, type, options }: Cell, tracer: Tracer): string {
    const known = this.initial.get(key);
    if (known !== undefined) return known;
    const initial = describeState(type, type.initial(options));
    this.initial.set(key, initial);
    tracer.used({ cell: label, field, level, mechanism: mechanism.mechanism, initial });
    return initial;
  }
}

/** `known` itself if nothing has changed; undefined where it cannot be told. */
function heldOf({ key, type, options }: Cell, machine: Machine<unknown>, known: Held | undefined): Held | undefined {
  if (typeof options.merge === "function" && machine.siblings !== undefined) {
    // To call the user's function more often than the untraced schedule does may make the traced one another. Of a map
    // nothing can be told without it.
    if (type.name !== "register") return undefined;
    const siblings = machine.siblings(key);
    return { state: siblings, value: siblings.map((value) => describeValue(value)).join(" ∥ ") };
  }
  const state = machine.peek(key);
  const ahead = machine.ahead?.(key);
  if (known !== undefined && Object.is(known.state, state) && Object.is(known.ahead, ahead)) return known;
  const shown = describeState(type, state);
  return { state, ahead, value: ahead === undefined ? shown : `${shown}, soon ${describeState(type, ahead)}` };
}
