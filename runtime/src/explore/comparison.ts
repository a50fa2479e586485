import { currentJudgement } from "./judging.js";

/**
 * Predicates answer with booleans, but a reader wants to see the operands. The command line compiles comparisons that
 * a function returns (`return (await balance.read()) >= 0`) into calls of `recordComparison`, which tells the
 * judgement that the predicate is evaluated for of those that are false.
 */
export interface Comparison {
  readonly left: unknown;
  readonly operator: ComparisonOperator;
  readonly right: unknown;
}

export const comparisonOperators = ["===", "!==", "==", "!=", "<", "<=", ">", ">="] as const;

export type ComparisonOperator = (typeof comparisonOperators)[number];

/** Compares as the operator does; the judgement that it is part of remembers the operands of one that is false. */
export function recordComparison(left: unknown, operator: ComparisonOperator, right: unknown): boolean {
  const result = compare(left, operator, right);
  const judgement = result ? undefined : currentJudgement();
  if (judgement !== undefined) judgement.comparison = { left, operator, right };
  return result;
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
