export interface Row {
  readonly what: string;
  /** One number a repetition, in `unit`. */
  readonly values: readonly number[];
  readonly unit: string;
}

/** Prints median, spread and the ratio of every median to the first one. Numbers are for reading; no test compares them. */
export function printTable(title: string, rows: readonly Row[]): void {
  const [first] = rows;
  if (first === undefined) return;
  const reference = median(first.values);
  console.log(`\n${title}`);
  console.table(
    Object.fromEntries(
      rows.map(({ what, values, unit }) => [
        what,
        {
          median: rounded(median(values)),
          least: rounded(Math.min(...values)),
          most: rounded(Math.max(...values)),
          unit,
          ratio: (median(values) / reference).toFixed(2),
        },
      ]),
    ),
  );
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** Three digits are all that a machine shared with others can promise. */
function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
