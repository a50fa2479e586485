import type { Schedule, StateEvent } from "../input.js";

/** What a replica holds of a cell; undefined before it is known. */
export interface CellState {
  readonly cell: string;
  /** One a region, in the order of the regions. */
  readonly values: readonly (string | undefined)[];
  /** Regions that hold another value than most. */
  readonly differs: readonly boolean[];
  /** Whether any two replicas differ. */
  readonly isSplit: boolean;
  /** Regions whose value became what it is at that very instant. */
  readonly changed: readonly boolean[];
}

/** Answers what every replica held at an instant; looks back from there in each replica's own changes. */
export class States {
  readonly cells: readonly string[];
  private readonly initial: ReadonlyMap<string, string>;
  private readonly changes = new Map<string, StateEvent[]>();

  constructor(
    { cells: known = [], events }: Pick<Schedule, "cells" | "events">,
    private readonly regions: readonly string[],
  ) {
    this.initial = new Map(known.map(({ cell, initial }) => [cell, initial]));
    const cells = new Set(this.initial.keys());
    for (const event of events) {
      if (event.kind !== "state") continue;
      cells.add(event.cell);
      const key = keyOf(event.region, event.cell);
      const changes = this.changes.get(key);
      if (changes === undefined) this.changes.set(key, [event]);
      else changes.push(event);
    }
    this.cells = [...cells].sort();
  }

  at(us: number): readonly CellState[] {
    return this.cells.map((cell) => {
      const last = this.regions.map((region) => this.lastBefore(region, cell, us));
      const values = last.map((event) => event?.value ?? this.initial.get(cell));
      const usual = mostFrequent(values);
      const differs = values.map((value) => value !== usual);
      return {
        cell,
        values,
        differs,
        isSplit: differs.includes(true),
        changed: last.map((event) => event?.atUs === us),
      };
    });
  }

  private lastBefore(region: string, cell: string, us: number): StateEvent | undefined {
    const changes = this.changes.get(keyOf(region, cell)) ?? [];
    let low = 0;
    let high = changes.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((changes[middle] as StateEvent).atUs <= us) low = middle + 1;
      else high = middle;
    }
    return changes[low - 1];
  }
}

const keyOf = (region: string, cell: string): string => `${region}\n${cell}`;

/** The first of those that are there most often. */
function mostFrequent(values: readonly (string | undefined)[]): string | undefined {
  const counts = new Map<string | undefined, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  let best: string | undefined;
  let most = 0;
  for (const [value, count] of counts) {
    if (count <= most) continue;
    best = value;
    most = count;
  }
  return best;
}
