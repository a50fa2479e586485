/**
 * 10852 as "10,852", 72.43 as "72.4", 0.000334 as "0.000334": whole from a hundred on, three digits below. By hand, as what
 * a locale gives differs from one machine to the next.
 */
export function figure(value: number): string {
  if (Math.abs(value) < 100) return String(Number(value.toPrecision(3)));
  return String(Math.round(value)).replace(/\B(?=(\d{3})+(?!\d))/g, ",");
}

/** "$0.05", "$129.60", "$5,184": cents below a thousand. */
export function dollars(usd: number): string {
  return usd >= 1_000 ? `$${figure(usd)}` : `$${usd.toFixed(2)}`;
}

/** 0.99 as "99 %", 0.9985 as "99.85 %"; rounded down to a hundredth of a per cent, as a promise rounded up is broken. */
export function percentage(share: number): string {
  // What is a whole number of hundredths but for the last bits of a float stays one.
  return `${Math.floor(share * 10_000 + 1e-6) / 100} %`;
}
