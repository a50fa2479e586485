import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { History, HistoryEvent } from "../../history/history.js";
import { searchCausal } from "../causal/search.js";
import { checkSession } from "./checker.js";

// The dumb twin of judging by values: it tries every order of the writes and every set of writes that a read may have
// seen. A history keeps a guarantee if one choice explains all that was read.

type Asked = { readonly session: number; readonly cell: "x" | "y"; readonly write: boolean; readonly of: number };
type Write = { readonly id: number; readonly session: number; readonly cell: string; readonly value: number };
type Read = Write & { readonly ownBefore: readonly number[]; readonly readsBefore: readonly number[] };

/** Sessions take turns in any order; all written values differ; a read returns any written value of its cell, or 0. */
function historyOf(asked: readonly Asked[]): { history: History; writes: readonly Write[]; reads: readonly Read[] } {
  const writes: Write[] = [];
  for (const [id, { session, cell, write }] of asked.entries())
    if (write) writes.push({ id, session, cell, value: id + 1 });
  const reads: Read[] = [];
  const events = asked.map(({ session, cell, write, of }, id): HistoryEvent => {
    const known = [0, ...writes.filter((each) => each.cell === cell).map(({ value }) => value)];
    const value = write ? id + 1 : (known[of % known.length] as number);
    const before = (other: { readonly id: number; readonly session: number }) =>
      other.session === session && other.id < id;
    if (!write) {
      const ownBefore = writes.filter(before).map((each) => each.id);
      reads.push({ id, session, cell, value, ownBefore, readsBefore: reads.filter(before).map((each) => each.id) });
    }
    return {
      ...{ id, process: session, session, region: ["nyc", "london"][session] as string, status: "ok" },
      ...{ invokedUs: 10 * id, completedUs: 10 * id + 5, transaction: false },
      operations: [
        {
          ...{ cell, level: "causal", result: write ? undefined : value },
          operation: write ? { name: "write", args: [value] } : { name: "read", args: [] },
        },
      ],
    };
  });
  const cells = (["x", "y"] as const).map((key) => ({
    ...({ key, label: key, type: "register", level: "causal", domain: "d", initial: 0 } as const),
    options: { initial: 0 },
  }));
  return { history: { version: 1, cells, events }, writes, reads };
}

function* orders(writes: readonly Write[]): Generator<readonly Write[]> {
  if (writes.length === 0) yield [];
  for (const [index, first] of writes.entries())
    for (const rest of orders([...writes.slice(0, index), ...writes.slice(index + 1)])) yield [first, ...rest];
}

/** Whether one order of the writes, and one set of seen writes for each read, explains all values and is `allowed`. */
function isExplained(
  writes: readonly Write[],
  reads: readonly Read[],
  allowed: (seen: ReadonlyMap<number, ReadonlySet<number>>, read: Read) => boolean,
): boolean {
  for (const order of orders(writes)) if (explains(order, reads, new Map(), allowed)) return true;
  return false;
}

function explains(
  order: readonly Write[],
  [read, ...others]: readonly Read[],
  seen: ReadonlyMap<number, ReadonlySet<number>>,
  allowed: (seen: ReadonlyMap<number, ReadonlySet<number>>, read: Read) => boolean,
): boolean {
  if (read === undefined) return true;
  for (let mask = 0; mask < 2 ** order.length; mask++) {
    const visible = order.filter((_, index) => (mask & (1 << index)) !== 0);
    if ((visible.filter(({ cell }) => cell === read.cell).at(-1)?.value ?? 0) !== read.value) continue;
    const next = new Map([...seen, [read.id, new Set(visible.map(({ id }) => id))]]);
    if (allowed(next, read) && explains(order, others, next, allowed)) return true;
  }
  return false;
}

const twins = {
  "read-your-writes": (writes: readonly Write[], reads: readonly Read[]) =>
    isExplained(writes, reads, (seen, { id, ownBefore }) => ownBefore.every((own) => seen.get(id)?.has(own) === true)),
  "monotonic-reads": (writes: readonly Write[], reads: readonly Read[]) =>
    isExplained(writes, reads, (seen, { id, readsBefore }) =>
      readsBefore.every((earlier) => [...(seen.get(earlier) ?? [])].every((one) => seen.get(id)?.has(one) === true)),
    ),
} as const;

const asked = fc.record({
  session: fc.integer({ min: 0, max: 1 }),
  cell: fc.constantFrom("x" as const, "y" as const),
  write: fc.boolean(),
  of: fc.integer({ min: 0, max: 5 }),
});

describe("the twin by definition", () => {
  it.each(["read-your-writes", "monotonic-reads"] as const)("agrees on %s in 10,000 small histories", (guarantee) => {
    const outcomes = { valid: 0, invalid: 0, unknown: 0 };
    fc.assert(
      fc.property(fc.array(asked, { maxLength: 6 }), (operations) => {
        const { history, writes, reads } = historyOf(operations);
        const { outcome } = checkSession(history, { guarantees: [guarantee] });
        outcomes[outcome]++;
        if (outcome !== "unknown") expect(outcome === "valid").toBe(twins[guarantee](writes, reads));
      }),
      { numRuns: 10_000, seed: 1 },
    );
    expect(outcomes.unknown).toBe(0);
    expect(outcomes.invalid).toBeGreaterThan(300);
  });

  it("never blames a session where the history is causal by definition", () => {
    fc.assert(
      fc.property(fc.array(asked, { maxLength: 5 }), (operations) => {
        const { history } = historyOf(operations);
        const isCausal = searchCausal(history, "ccv")?.outcome === "valid";
        if (isCausal) expect(checkSession(history).outcome).toBe("valid");
      }),
      { numRuns: 3_000, seed: 2 },
    );
  });
});
