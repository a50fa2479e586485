import type { OperationStart } from "../deployment/deployment.js";
import { carrier } from "../simulation/virtual-globals/index.js";
import type { Comparison } from "./comparison.js";
import { describeArguments, describeFound } from "./operation-detail.js";
import { readable } from "./thrown.js";

/** What was read of a cell. */
export interface Reading {
  /** `alice.balance` */
  readonly label: string;
  /** How, where it was not all of the cell: `has("fri")`. */
  readonly asked: string | undefined;
  readonly value: string;
}

/** What a check, a `converged` predicate or an invariant has read while it was evaluated. */
export interface Judgement {
  readonly name: string;
  readonly reads: Reading[];
  /** The last comparison in it that was false. */
  comparison?: Comparison;
}

// Sessions run concurrently: what happens elsewhere while a predicate waits for its reads is told apart.
const storage = carrier<Judgement>();

/** The judgement that the code on the stack is part of, if any. */
export function currentJudgement(): Judgement | undefined {
  return storage.getStore();
}

export type Judged =
  | { readonly outcome: "holds" }
  | { readonly outcome: "fails"; readonly error: unknown }
  /** The network was in the way: nothing can be said. */
  | { readonly outcome: "unjudged" };

/** Evaluates a predicate: false or a thrown error fails it, an unavailable operation leaves it unjudged. */
export async function judge(
  judgement: Judgement,
  predicate: () => boolean | void | Promise<boolean | void>,
  isRefusal: (error: unknown) => boolean,
): Promise<Judged> {
  try {
    const result = await storage.run(judgement, async () => predicate());
    return result === false ? { outcome: "fails", error: undefined } : { outcome: "holds" };
  } catch (thrown) {
    const error = readable(thrown);
    return isRefusal(error) ? { outcome: "unjudged" } : { outcome: "fails", error };
  }
}

/** How a read that was answered with `result` is told: the key that it asked for is a part of what it found. */
export function readingOf({ cell, name, args }: OperationStart, result: unknown): Reading {
  const isWhole = args.length === 0 && whole.has(name);
  const asked = isWhole ? undefined : `${name}(${describeArguments(args)})`;
  return { label: cell.label, asked, value: describeFound(result) };
}

/** Reads of all that a cell holds. */
const whole: ReadonlySet<string> = new Set(["read", "entries", "values"]);
