/**
 * Elementary functions from additions, multiplications, divisions and square roots only. IEEE 754 fixes those to the
 * bit; it does not fix `Math.log` or `Math.sin`, whose last bit may differ between engines, and with it a schedule.
 */

/** ln(x) for x > 0, by 2·atanh((m − 1) / (m + 1)) on the mantissa m ∈ [2/3, 4/3]. */
export function naturalLogarithm(x: number): number {
  let exponent = 0;
  let mantissa = x;
  while (mantissa > 4 / 3) {
    mantissa /= 2;
    exponent++;
  }
  while (mantissa < 2 / 3) {
    mantissa *= 2;
    exponent--;
  }
  const ratio = (mantissa - 1) / (mantissa + 1);
  return exponent * Math.LN2 + 2 * oddSeries(ratio, 1, 13);
}

/** sin(x), by its Taylor series; for |x| ≤ 2π. */
export function sine(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; n < 20; n++) {
    term *= (-x * x) / (2 * n * (2 * n + 1));
    sum += term;
  }
  return sum;
}

export function cosine(x: number): number {
  return sine(Math.PI / 2 - x);
}

/** arcsin(x) for |x| ≤ 1, by arctan with its argument halved three times. */
export function arcsine(x: number): number {
  if (x >= 1) return Math.PI / 2;
  if (x <= -1) return -Math.PI / 2;
  let t = x / Math.sqrt(1 - x * x);
  if (Math.abs(t) > 1e15) return t > 0 ? Math.PI / 2 : -Math.PI / 2;
  for (let i = 0; i < 3; i++) t /= 1 + Math.sqrt(1 + t * t);
  return 8 * oddSeries(t, -1, 13);
}

/** x + s·x³/3 + s²·x⁵/5 + … */
function oddSeries(x: number, sign: 1 | -1, terms: number): number {
  let power = x;
  let sum = x;
  for (let n = 1; n <= terms; n++) {
    power *= sign * x * x;
    sum += power / (2 * n + 1);
  }
  return sum;
}
