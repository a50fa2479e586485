import { checkMergeLaws, type MergeLaw } from "../../checkers/merge-laws/checker.js";
import type { Cell } from "../../deployment/deployment.js";
import type { HistoryOperation } from "../../history/history.js";
import { type Finding, finding } from "../violation.js";
import type { Judged } from "./judged.js";

/** A field whose merge is a function of the user's, with what one schedule wrote to its cells. */
export interface MergedField {
  /** `Cart.items` */
  readonly label: string;
  readonly merge: (a: unknown, b: unknown) => unknown;
  readonly values: readonly unknown[];
}

export function mergedFields({ deployment, recorder }: Pick<Judged, "deployment" | "recorder">): MergedField[] {
  const fields = new Map<string, { readonly merge: MergedField["merge"]; readonly values: unknown[] }>();
  for (const { key, options } of deployment.cells.values()) {
    if (typeof options.merge !== "function") continue;
    const { merge, initial } = options;
    if (!fields.has(fieldOf(key))) fields.set(fieldOf(key), { merge, values: initial === undefined ? [] : [initial] });
  }
  if (fields.size === 0) return [];
  for (const { operations } of recorder.events)
    for (const operation of operations) {
      const field = fields.get(fieldOf(operation.cell));
      if (field !== undefined) field.values.push(...written(operation, deployment.cells.get(operation.cell)));
    }
  return [...fields].map(([label, { merge, values }]) => ({ label, merge, values }));
}

/** For each law and schedule: many schedules look at the same merge. */
const cases = 100;

/**
 * Eventual's promise rests on the merge: replicas converge only if it is commutative, associative and idempotent (Shapiro
 * et al., Conflict-free Replicated Data Types, SSS 2011, §3). No partition is needed to see that it is not.
 */
export function judgeMergeLaws({ label, merge, values }: MergedField, seed: number): readonly Finding[] {
  const verdict = checkMergeLaws({ label, merge, values, seed, cases });
  if (verdict.outcome !== "invalid") return [];
  return verdict.violations.map(({ law, message, occurred }) =>
    finding("divergence", `the merge of ${label} is ${law}`, message, {
      anomaly: "divergence",
      cells: [],
      advice: {
        why: `${reasons[law]}${occurred ? "" : " These values were made up in the likeness of those that occurred."}`,
        remedies: [cures[law], "use `counter()`, `set()` or `map()`, which merge by themselves"],
      },
    }),
  );
}

const reasons: Readonly<Record<MergeLaw, string>> = {
  pure: "Every replica merges for itself; only a function of nothing but its two arguments gives all of them the same.",
  commutative:
    "One replica merges the left value into the right one, another the right one into the left, and they keep different results.",
  associative:
    "Three concurrent values reach the replicas in different orders, and what they merge first decides what they keep.",
  idempotent: "A replica may merge what it has merged already; then the value must not change again.",
  invariant: "Both values are right, and what the merge makes of them is not.",
};

const cures: Readonly<Record<MergeLaw, string>> = {
  pure: "let `merge` return a new value made of its two arguments alone",
  commutative: "settle ties by something that both sides agree on, such as the greater value",
  associative: "merge so that grouping does not matter: the maximum, the union, sums kept by replica",
  idempotent: "merge so that the same value twice gives that value: the maximum, the union",
  invariant: "let `merge` restore what has to hold",
};

/** `Cart:u1.items` is a cell of the field `Cart.items`. */
function fieldOf(key: string): string {
  return `${key.slice(0, key.indexOf(":"))}.${key.slice(key.lastIndexOf(".") + 1)}`;
}

function written({ operation: { name, args } }: HistoryOperation, cell: Cell | undefined): readonly unknown[] {
  const value = cell?.type.name === "map" ? args.at(-1) : name === "write" ? args[0] : args[1];
  return ["write", "update", "compareAndSet", "put"].includes(name) ? [value] : [];
}
