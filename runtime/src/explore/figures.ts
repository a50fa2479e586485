import { percentileOf } from "./measurements.js";

/** What a scenario measured under one name, over all schedules. */
export interface Figure {
  readonly name: string;
  readonly unit: string;
  /** What somebody said that it is: shown beside what was measured, and compared with nothing. */
  readonly claim: string | null;
  /** How many values there are. The others are values, to three digits. */
  readonly count: number;
  readonly least: number;
  readonly median: number;
  readonly p99: number;
  readonly most: number;
}

/** Whole numbers of equal values, so that adding up knows no order. */
export interface FigureCount {
  readonly name: string;
  readonly unit: string;
  readonly claim: string | null;
  /** Ascending. */
  readonly values: readonly (readonly [value: number, count: number])[];
}

export interface MeasureOptions {
  /** Of the value: `ms`, `messages`, `%`. Default: none. */
  readonly unit?: string;
  /** What is said of it, in the words of who says it. */
  readonly claim?: string;
}

/** Collects what scenarios measure. */
export class Figures {
  private readonly byName = new Map<string, Collected>();

  /** @throws RangeError for what is no finite number. */
  add(name: string, value: number, { unit = "", claim }: MeasureOptions = {}): void {
    if (typeof value !== "number" || !Number.isFinite(value))
      throw new RangeError(`measure("${name}", ${String(value)}): the value has to be a finite number.`);
    const { values } = this.of({ name, unit, claim: claim ?? null });
    const rounded = Number(value.toPrecision(digits));
    values.set(rounded, (values.get(rounded) ?? 0) + 1);
  }

  merge(others: readonly FigureCount[]): void {
    for (const other of others) {
      const { values } = this.of(other);
      for (const [value, count] of other.values) values.set(value, (values.get(value) ?? 0) + count);
    }
  }

  get counts(): readonly FigureCount[] {
    return [...this.byName.values()].map(({ values, ...figure }) => ({
      ...figure,
      values: [...values].sort(([a], [b]) => a - b),
    }));
  }

  get summary(): readonly Figure[] {
    return this.counts.map(({ values, ...figure }) => {
      const at = (percent: number) => percentileOf(values, percent) as number;
      const count = values.reduce((sum, [, times]) => sum + times, 0);
      return { ...figure, count, least: at(0), median: at(50), p99: at(99), most: at(100) };
    });
  }

  private of({ name, unit, claim }: Omit<FigureCount, "values">): Collected {
    const known = this.byName.get(name);
    if (known !== undefined) return known;
    const collected = { name, unit, claim, values: new Map() };
    this.byName.set(name, collected);
    return collected;
  }
}

interface Collected extends Omit<FigureCount, "values"> {
  readonly values: Map<number, number>;
}

/** More would make the histogram as long as there are schedules, and no percentile of a simulation is better known. */
const digits = 3;
