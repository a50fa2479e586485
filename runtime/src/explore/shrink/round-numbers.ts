const steps: readonly number[] = [1, 2, 3, 5];

/** Numbers from `least` on that are smaller than this one and no harder to read, smallest first. */
export function simplerNumbers(value: number, least = 0): readonly number[] {
  const smaller = least <= 0 ? [0] : [];
  for (let unit = 1; unit < value; unit *= 10) smaller.push(...steps.map((step) => step * unit));
  return smaller.filter((number) => number < value && number >= least && isSimpler(number, value));
}

/** The same number with fewer digits, coarsest first; up, so that a time stays long enough. */
export function rounded(value: number): readonly number[] {
  return units
    .filter((unit) => unit <= Math.max(1, value))
    .map((unit) => Math.ceil(value / unit) * unit)
    .filter((up) => digitsOf(up) < digitsOf(value));
}

const units: readonly number[] = [1000, 500, 100, 50, 10, 1];

/** Fewer digits, and with as many the smaller number: an order, so that nobody goes round in circles. */
export function isSimpler(one: number, other: number): boolean {
  const [a, b] = [digitsOf(one), digitsOf(other)];
  return a < b || (a === b && Math.abs(one) < Math.abs(other));
}

/** Those that one has to read: 1 in 3,000 and in 0.5, 2 in 2,500. */
const digitsOf = (value: number): number =>
  String(Math.abs(value))
    .replace(".", "")
    .replace(/^0+|0+$/g, "").length;
