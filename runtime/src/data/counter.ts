import type { CellOptions, DataType, Mutation, Operation, ReplicatedState } from "./data-type.js";
import { insertInOrder } from "./multi-value.js";
import { encodeValue } from "./values.js";

/** A number that is added to. Its state is the number. */
export const counterType: DataType<number> = {
  name: "counter",
  mutations: new Set(["increment", "decrement"]),
  initial: initialOf,
  apply,
  encode: encodeValue,
};

/** Adding zero makes the one number with two zeros have one. */
export function initialOf(options: CellOptions): number {
  return ((options.initial as number | undefined) ?? 0) + 0;
}

function apply(state: number, operation: Operation): { state: number; result: unknown } {
  if (operation.name === "read") return { state, result: state };
  return { state: state + amountOf(operation), result: undefined };
}

function amountOf({ name, args }: Operation): number {
  const by = (args[0] as number | undefined) ?? 1;
  if (name === "increment") return by;
  if (name === "decrement") return -by;
  throw new TypeError(`A counter has no operation "${name}".`);
}

/**
 * PN-counter (Shapiro et al. 2011, §3.1.3). Mutations are applied exactly once, so a running sum stands for the two
 * vectors. Sums of integers are exact up to 2^53; addition of anything else depends on the order, so that is summed up in
 * arbitration order at each view.
 */
export class PositiveNegativeCounter implements ReplicatedState<number> {
  private integers = 0;
  private inexact: Mutation[] | undefined;

  constructor(private readonly initial: number) {}

  apply(mutation: Mutation): void {
    const amount = amountOf(mutation.operation);
    if (Number.isSafeInteger(amount)) {
      this.integers += amount;
    } else {
      this.inexact ??= [];
      insertInOrder(this.inexact, mutation);
    }
  }

  view(): number {
    const sum = this.initial + this.integers;
    if (this.inexact === undefined) return sum;
    return this.inexact.reduce((total, mutation) => total + amountOf(mutation.operation), sum);
  }

  siblings(): readonly unknown[] {
    return [this.view()];
  }

  liveMutations(): readonly Mutation[] {
    return [];
  }

  keptMutation(): undefined {
    return undefined;
  }
}
