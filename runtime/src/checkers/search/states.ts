import { equalValues } from "../../data/values.js";
import type { Partition, PartitionEvent } from "./partition.js";

interface State {
  /** By cell. */
  readonly values: readonly unknown[];
  readonly texts: readonly string[];
}

/** The event's results contradict the state. */
export const impossible = -1;

/**
 * States of a partition as small numbers: equal states have equal numbers, and what an event does to a state is worked
 * out once. The initial state is 0.
 */
export class States {
  private readonly states: State[] = [];
  private readonly numbers = new Map<string, number>();
  private readonly transitions = new Map<number, number>();

  constructor(private readonly partition: Partition) {
    const values = partition.cells.map((cell) => cell.initial);
    this.intern({ values, texts: partition.cells.map((cell) => cell.type.encode(cell.initial)) });
  }

  /** Every state met so far, as values by cell. */
  get all(): (readonly unknown[])[] {
    return this.states.map(({ values }) => values);
  }

  /** The state after `event` (its index), or `impossible`. */
  after(state: number, event: number): number {
    const key = state * this.partition.events.length + event;
    const known = this.transitions.get(key);
    if (known !== undefined) return known;
    const next = this.compute(state, this.partition.events[event] as PartitionEvent);
    this.transitions.set(key, next);
    return next;
  }

  private compute(number: number, event: PartitionEvent): number {
    const state = this.states[number] as State;
    let values: unknown[] | undefined;
    for (const { cell, operation, judged, expected } of event.steps) {
      const before = (values ?? state.values)[cell];
      const after = this.type(cell).apply(before, operation);
      if (judged && !equalValues(after.result, expected)) return impossible;
      if (after.state === before) continue;
      values ??= state.values.slice();
      values[cell] = after.state;
    }
    return values === undefined ? number : this.intern({ values, texts: this.encode(state, values) });
  }

  private encode(before: State, values: readonly unknown[]): string[] {
    return values.map((value, cell) =>
      value === before.values[cell] ? (before.texts[cell] as string) : this.type(cell).encode(value),
    );
  }

  private type(cell: number): Partition["cells"][number]["type"] {
    return (this.partition.cells[cell] as Partition["cells"][number]).type;
  }

  private intern(state: State): number {
    // Canonical text escapes control characters, so that one separates the cells.
    const text = state.texts.length === 1 ? (state.texts[0] as string) : state.texts.join("\u0000");
    let number = this.numbers.get(text);
    if (number === undefined) {
      number = this.states.length;
      this.states.push(state);
      this.numbers.set(text, number);
    }
    return number;
  }
}
