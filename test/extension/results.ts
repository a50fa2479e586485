import { existsSync, readFileSync } from "node:fs";
import { styleText } from "node:util";

/** What we use of the JSON that mocha writes. */
export interface Results {
  readonly stats: { readonly passes: number; readonly failures: number };
  readonly tests: readonly TestResult[];
}

interface TestResult {
  readonly fullTitle: string;
  readonly duration?: number;
  readonly err: { readonly message?: string; readonly stack?: string };
}

/** A suite that ended badly without a failing test still failed: it did not load, or something broke after the last test. */
export function readResults(file: string, status: number): Results {
  const results: Results = existsSync(file)
    ? JSON.parse(readFileSync(file, "utf8"))
    : { stats: { passes: 0, failures: 0 }, tests: [] };
  if (status === 0 || results.stats.failures > 0) return results;
  const err = { message: `The editor ended with ${status}, and no test says why.` };
  return merged(results, { stats: { passes: 0, failures: 1 }, tests: [{ fullTitle: "the suite", err }] });
}

export function merged(a: Results, b: Results): Results {
  const passes = a.stats.passes + b.stats.passes;
  const failures = a.stats.failures + b.stats.failures;
  return { stats: { passes, failures }, tests: [...a.tests, ...b.tests] };
}

export function print(results: Results): void {
  for (const { fullTitle, duration, err } of results.tests) {
    const passed = Object.keys(err).length === 0;
    const time = duration === undefined ? "" : styleText("dim", ` ${duration} ms`);
    console.log(`${passed ? styleText("green", "✓") : styleText("red", "✗")} ${fullTitle}${time}`);
    if (!passed) console.log(`  ${(err.stack ?? err.message ?? "").replaceAll("\n", "\n  ")}`);
  }
}
