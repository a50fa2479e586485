import { AsyncLocalStorage } from "node:async_hooks";

/**
 * Predicates answer with booleans, but a reader wants to see the operands. The command line compiles comparisons that
 * a function returns (`return (await balance.read()) >= 0`) into calls of `recordComparison`, which keeps the last one
 * that was false; whoever evaluates a predicate takes it from here.
 */
export interface Comparison {
  readonly left: unknown;
  readonly operator: ComparisonOperator;
  readonly right: unknown;
}

export const comparisonOperators = ["===", "!==", "==", "!=", "<", "<=", ">", ">="] as const;

export type ComparisonOperator = (typeof comparisonOperators)[number];

interface Holder {
  failed: Comparison | undefined;
}

// Sessions run concurrently, so that a comparison elsewhere may fail while a predicate waits for its reads. Within
// `observingComparisons` only those of the predicate itself count.
const observed = new AsyncLocalStorage<Holder>();
const outside: Holder = { failed: undefined };

/** Compares as the operator does, and remembers the operands of a comparison that is false. */
export function recordComparison(left: unknown, operator: ComparisonOperator, right: unknown): boolean {
  const result = compare(left, operator, right);
  if (!result) (observed.getStore() ?? outside).failed = { left, operator, right };
  return result;
}

/** The last comparison that was false, and forgets it: call it before a predicate to clear, after it to know. */
export function takeComparison(): Comparison | undefined {
  const holder = observed.getStore() ?? outside;
  const { failed } = holder;
  holder.failed = undefined;
  return failed;
}

/** Runs a predicate so that `takeComparison`, called inside, sees its comparisons and those of nobody else. */
export function observingComparisons<T>(predicate: () => T): T {
  return observed.run({ failed: undefined }, predicate);
}

function compare(left: unknown, operator: ComparisonOperator, right: unknown): boolean {
  // Operands are what user code compares: the operators must coerce exactly as they would have there.
  const a = left as number;
  const b = right as number;
  switch (operator) {
    case "===":
      return left === right;
    case "!==":
      return left !== right;
    case "==":
      // biome-ignore lint/suspicious/noDoubleEquals: it stands for the `==` in the user's code.
      return left == right;
    case "!=":
      // biome-ignore lint/suspicious/noDoubleEquals: it stands for the `!=` in the user's code.
      return left != right;
    case "<":
      return a < b;
    case "<=":
      return a <= b;
    case ">":
      return a > b;
    case ">=":
      return a >= b;
  }
}
