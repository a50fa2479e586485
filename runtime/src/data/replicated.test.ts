import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CellOptions, compareArbitration, type DataType, type Mutation, type Operation } from "./data-type.js";
import { describeState } from "./describe-state.js";
import { counterType, dataType, mapType, registerType, setType } from "./index.js";
import { replicatedState } from "./replicated-state.js";
import { compareValues } from "./values.js";
import { dot, replicaOf, VersionVector } from "./version-vector.js";

const replicaCount = 3;

/**
 * The twin of every replicated form: its state straight from the formulas over the whole set of mutations, at no
 * concern for cost.
 */
const twin: Record<DataType["name"], (mutations: readonly Mutation[], options: CellOptions) => unknown> = {
  register: (mutations, options) => {
    const live = maximal(mutations);
    return live.length === 0 ? options.initial : reduce(live, options, (write) => write.operation.args[0]);
  },
  counter: (mutations, options) =>
    mutations
      .map(({ operation: { name, args } }) => ((args[0] as number) ?? 1) * (name === "increment" ? 1 : -1))
      .reduce((sum, amount) => sum + amount, (options.initial as number) ?? 0),
  set: (mutations, options) => {
    const values = new Set(mutations.map(({ operation }) => operation.args[0]));
    const state = new Map<string, unknown>();
    for (const value of values) {
      const own = mutations.filter(({ operation }) => operation.args[0] === value);
      if (present(own, "add", options)) state.set(JSON.stringify(value), value);
    }
    return state;
  },
  map: (mutations, options) => {
    const state = new Map<string, unknown>();
    for (const key of new Set(mutations.map(({ operation }) => operation.args[0] as string))) {
      const own = mutations.filter(({ operation }) => operation.args[0] === key);
      if (!present(own, "put", options)) continue;
      state.set(
        key,
        reduce(maximal(unseenByRemoves(own, "put")), options, (put) => put.operation.args[1]),
      );
    }
    return state;
  },
  log: (mutations) => inOrder(mutations).map(({ operation }) => operation.args[0]),
};

const saw = (a: Mutation, b: Mutation): boolean => a.context.has(b.dot);
const inOrder = (mutations: readonly Mutation[]): Mutation[] => [...mutations].sort(compareArbitration);
const maximal = (writes: readonly Mutation[]): Mutation[] =>
  writes.filter((w) => !writes.some((other) => saw(other, w)));

function unseenByRemoves(own: readonly Mutation[], add: string): Mutation[] {
  const removes = own.filter(({ operation }) => operation.name !== add);
  return own.filter((m) => m.operation.name === add && !removes.some((remove) => saw(remove, m)));
}

function present(own: readonly Mutation[], add: string, options: CellOptions): boolean {
  if (options.conflict !== "remove-wins") return unseenByRemoves(own, add).length > 0;
  const adds = own.filter(({ operation }) => operation.name === add);
  const removes = own.filter(({ operation }) => operation.name !== add);
  return adds.length > 0 && removes.every((remove) => adds.some((a) => saw(a, remove)));
}

function reduce(live: readonly Mutation[], { merge }: CellOptions, written: (m: Mutation) => unknown): unknown {
  const ordered = inOrder(live);
  if (typeof merge === "function") return ordered.map(written).reduce((a, b) => merge(a, b));
  if (merge === "last-writer-wins-by-wall-clock") ordered.sort((a, b) => a.wallClock - b.wallClock);
  return written(ordered.at(-1) as Mutation);
}

const operations: Record<DataType["name"], fc.Arbitrary<Operation>> = {
  register: fc.record({ name: fc.constant("write"), args: fc.tuple(fc.integer({ min: 0, max: 5 })) }),
  counter: fc.record({
    name: fc.constantFrom("increment", "decrement"),
    args: fc.tuple(fc.integer({ min: -9, max: 9 })),
  }),
  set: fc.record({ name: fc.constantFrom("add", "add", "delete"), args: fc.tuple(fc.constantFrom(1, 2, "a")) }),
  map: fc.oneof(
    fc.record({ name: fc.constant("put"), args: fc.tuple(fc.constantFrom("k", "l"), fc.integer({ min: 0, max: 5 })) }),
    fc.record({ name: fc.constant("delete"), args: fc.tuple(fc.constantFrom("k", "l")) }),
  ),
  log: fc.record({ name: fc.constant("append"), args: fc.tuple(fc.integer({ min: 0, max: 5 })) }),
};

const options: fc.Arbitrary<CellOptions> = fc.record({
  initial: fc.constant(7),
  merge: fc.constantFrom<NonNullable<CellOptions["merge"]>[]>(
    "last-writer-wins",
    "last-writer-wins-by-wall-clock",
    // Neither commutative nor associative: only the promised order of the fold makes replicas agree on it.
    (a, b) => (a as number) * 10 + (b as number),
  ),
  conflict: fc.constantFrom<NonNullable<CellOptions["conflict"]>[]>("add-wins", "remove-wins"),
});

interface Draft {
  readonly operation: Operation;
  readonly replica: number;
  readonly clock: number;
  readonly wallClock: number;
  /** Which of the earlier mutations of other replicas its origin had seen. Not transitive, as below causal. */
  readonly seen: readonly boolean[];
}

const draft = (operation: fc.Arbitrary<Operation>): fc.Arbitrary<Draft> =>
  fc.record({
    operation,
    replica: fc.nat({ max: replicaCount - 1 }),
    clock: fc.nat({ max: 6 }),
    wallClock: fc.nat({ max: 3 }),
    seen: fc.array(fc.boolean(), { minLength: 9, maxLength: 9 }),
  });

function mutationsOf(drafts: readonly Draft[]): Mutation[] {
  const taken = new Array<number>(replicaCount).fill(0);
  const mutations: Mutation[] = [];
  for (const { replica, seen, ...rest } of drafts) {
    const context = VersionVector.empty(replicaCount);
    for (const [i, earlier] of mutations.entries()) {
      if (seen[i] === true || replicaOf(earlier.dot) === replica) context.add(earlier.dot);
    }
    const count = (taken[replica] ?? 0) + 1;
    taken[replica] = count;
    mutations.push({ ...rest, dot: dot(replica, count), context, cell: "cell" });
  }
  return mutations;
}

describe.each(["register", "counter", "set", "map", "log"] as const)("the replicated form of %s", (name) => {
  const type = dataType(name);
  const drafts = fc.array(draft(operations[name]), { maxLength: 9 });

  it("is its twin's function of the set of mutations, after each of them, in whatever order they come", () => {
    const run = drafts.map(mutationsOf).chain((mutations) =>
      fc.record({
        delivered: fc.shuffledSubarray(mutations, { minLength: mutations.length }),
        cell: options,
        viewed: fc.array(fc.boolean(), { minLength: 9, maxLength: 9 }),
      }),
    );
    fc.assert(
      fc.property(run, ({ delivered, cell, viewed }) => {
        const replica = replicatedState(type, cell);
        for (const [i, mutation] of delivered.entries()) {
          replica.apply(mutation);
          if (viewed[i] !== true && i < delivered.length - 1) continue;
          const expected = twin[name](delivered.slice(0, i + 1), cell);
          expect(type.encode(replica.view())).toBe(type.encode(expected));
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it("starts as the sequential specification does", () => {
    const cell: CellOptions = { initial: 7 };
    expect(type.encode(replicatedState(type, cell).view())).toBe(type.encode(type.initial(cell)));
  });

  it("follows the sequential specification when every mutation has seen all before it", () => {
    fc.assert(
      fc.property(fc.array(operations[name], { maxLength: 9 }), options, (sequence, cell) => {
        const replica = replicatedState(type, cell);
        let state = type.initial(cell);
        const context = VersionVector.empty(replicaCount);
        for (const [i, operation] of sequence.entries()) {
          const own = dot(i % replicaCount, Math.floor(i / replicaCount) + 1);
          replica.apply({ dot: own, clock: i, wallClock: i, context: context.copy(), cell: "cell", operation });
          context.add(own);
          state = type.apply(state, operation).state;
          expect(type.encode(replica.view())).toBe(type.encode(state));
        }
      }),
    );
  });
});

describe("conflicts", () => {
  const write = (replica: number, value: unknown, clock: number, seen: readonly Mutation[] = []): Mutation => {
    const context = VersionVector.empty(replicaCount);
    for (const mutation of seen) context.add(mutation.dot);
    return {
      dot: dot(replica, 1),
      clock,
      wallClock: 10 - clock,
      context,
      cell: "cell",
      operation: { name: "write", args: [value] },
    };
  };

  it("a register tells its live writes and the one that is kept", () => {
    const [a, b] = [write(0, 30, 5), write(1, 20, 9)];
    const register = replicatedState(registerType, { initial: 0 });
    register.apply(b);
    register.apply(a);
    expect(register.view()).toBe(20);
    expect(register.siblings()).toEqual([30, 20]);
    expect(register.liveMutations()).toEqual([a, b]);
    expect(register.keptMutation()).toBe(b);
    register.apply(write(2, 50, 10, [a, b]));
    expect(register.siblings()).toEqual([50]);
  });

  it("by wall clock another write may be kept", () => {
    const [a, b] = [write(0, 30, 5), write(1, 20, 9)];
    const register = replicatedState(registerType, { merge: "last-writer-wins-by-wall-clock" });
    register.apply(a);
    register.apply(b);
    expect(register.view()).toBe(30);
    expect(register.keptMutation()).toBe(a);
  });

  it("a write stays dominated when the write that saw it is dominated by one that did not", () => {
    const first = write(0, 1, 1);
    const second = write(1, 2, 2, [first]);
    const third = write(2, 3, 3, [second]);
    const register = replicatedState(registerType, {});
    for (const mutation of [third, second, first]) register.apply(mutation);
    expect(register.siblings()).toEqual([3]);
  });

  it("a merge function is given two values and nothing else", () => {
    const register = replicatedState(registerType, { merge: Math.max as (a: unknown, b: unknown) => unknown });
    for (const mutation of [write(0, 3, 1), write(1, 7, 2), write(2, 5, 3)]) register.apply(mutation);
    expect(register.view()).toBe(7);
  });

  it("a merge function neither gets nor leaves behind an object that the replica keeps", () => {
    const seen: unknown[] = [];
    const merge = (a: unknown, b: unknown): unknown => {
      seen.push(a, b);
      (a as number[]).push(99);
      return a;
    };
    const [a, b] = [write(0, [1], 1), write(1, [2], 2)];
    const register = replicatedState(registerType, { merge });
    register.apply(a);
    register.apply(b);
    const view = register.view();
    expect(view).toEqual([1, 99]);
    expect(seen).not.toContain(view);
    expect(a.operation.args).toEqual([[1]]);
  });

  it("a merge function that fails, or returns what cannot be kept, is named with what it was given", () => {
    const merged = (merge: (a: unknown, b: unknown) => unknown) => () => {
      const register = replicatedState(registerType, { merge });
      for (const mutation of [write(0, 3, 1), write(1, 7, 2)]) register.apply(mutation);
      return register.view();
    };
    const boom = () => {
      throw new Error("boom");
    };
    expect(merged(boom)).toThrow(
      "A `merge` option gives no value: merge(3, 7) fails with Error: boom. It has to return",
    );
    expect(merged(async () => 3)).toThrow(
      /merge\(3, 7\) fails with DataCloneError: [^.]*Promise[^.]*\. It has to .* no promise/,
    );
  });

  it("a map tells them by key", () => {
    const put = (mutation: Mutation, key: string): Mutation => ({
      ...mutation,
      operation: { name: "put", args: [key, mutation.operation.args[0]] },
    });
    const [a, b] = [put(write(0, 30, 5), "k"), put(write(1, 20, 9), "k")];
    const map = replicatedState(mapType, {});
    map.apply(a);
    map.apply(b);
    expect(map.liveMutations("k")).toEqual([a, b]);
    expect(map.keptMutation("k")).toBe(b);
    expect(map.liveMutations("l")).toEqual([]);
  });

  it("an add wins over a remove that has not seen it, unless removes win", () => {
    const add: Mutation = { ...write(0, 0, 1), operation: { name: "add", args: ["book"] } };
    const again: Mutation = { ...write(1, 0, 2, [add]), operation: { name: "add", args: ["book"] } };
    const remove: Mutation = { ...write(2, 0, 3, [add]), operation: { name: "delete", args: ["book"] } };
    for (const [conflict, expected] of [
      ["add-wins", "{book}"],
      ["remove-wins", "{}"],
    ] as const) {
      const set = replicatedState(setType, { conflict });
      for (const mutation of [remove, again, add]) set.apply(mutation);
      expect(describeState(setType, set.view())).toBe(expected);
    }
  });

  it("fractions add up to the same number in every order", () => {
    const amounts = [0.1, 0.2, 0.3, 1e17, 7, 7, 7];
    const mutations = amounts.map(
      (by, i): Mutation => ({
        ...write(i, 0, i),
        operation: { name: "increment", args: [by] },
      }),
    );
    const sums = new Set<number>();
    for (const order of [
      mutations,
      [...mutations].reverse(),
      [6, 2, 0, 4, 1, 3, 5].map((i) => mutations[i] as Mutation),
    ]) {
      const counter = replicatedState(counterType, {});
      for (const mutation of order) counter.apply(mutation);
      sums.add(counter.view());
    }
    expect(sums.size).toBe(1);
  });
});

it("the order of a set's values does not depend on that of their insertion", () => {
  const values = fc.uniqueArray(fc.oneof(fc.integer(), fc.string(), fc.double(), fc.bigInt(), fc.boolean()), {
    comparator: "SameValue",
  });
  fc.assert(
    fc.property(values, (list) => {
      const sorted = [...list].sort(compareValues);
      expect([...list].reverse().sort(compareValues)).toEqual(sorted);
    }),
  );
});
