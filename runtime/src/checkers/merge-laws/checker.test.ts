import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { compareValues } from "../../data/values.js";
import { checkMergeLaws, type MergeFunction, type MergeLawsInput } from "./checker.js";

type Given = Omit<MergeLawsInput, "label" | "merge" | "seed">;

// biome-ignore lint/suspicious/noExplicitAny: users write their merges for the type of their field
type AnyMerge = (a: any, b: any) => unknown;

const check = (merge: AnyMerge, given: Given, seed = 1) =>
  checkMergeLaws({ label: "alice.tags", merge, seed, ...given });

const messages = (merge: AnyMerge, given: Given): readonly string[] => {
  const verdict = check(merge, given);
  return verdict.outcome === "invalid" ? verdict.violations.map(({ message }) => message) : [verdict.outcome];
};

interface Stamped {
  readonly clock: number;
  readonly id: string;
  readonly text: string;
}

interface Profile {
  readonly name: string;
  readonly email?: string;
}

const union = (a: readonly string[], b: readonly string[]) => [...new Set([...a, ...b])].sort();

/** Takes for granted that both lists are sorted. */
function zip(a: readonly number[], b: readonly number[]): number[] {
  const merged: number[] = [];
  for (let i = 0, j = 0; i < a.length || j < b.length; ) {
    const [x = Number.POSITIVE_INFINITY, y = Number.POSITIVE_INFINITY] = [a[i], b[j]];
    merged.push(Math.min(x, y));
    if (x <= y) i++;
    if (y <= x) j++;
  }
  return merged;
}

const rank: Readonly<Record<string, number>> = { ordered: 0, paid: 1, shipped: 2 };

describe("lawful merges pass, at every seed", () => {
  const cases: readonly (readonly [string, AnyMerge, readonly unknown[]])[] = [
    ["the larger number", (a, b) => Math.max(a, b), [0, 5, 70]],
    ["the larger fraction", (a, b) => (a > b ? a : b), [0.5, -3.25, 70]],
    ["the union of sorted lists", union, [[], ["tea"], ["milk", "tea"]]],
    [
      "the union of lists in no order, sorted",
      union,
      [
        ["tea", "milk"],
        ["tea", "bread"],
        ["milk", "tea", "egg"],
      ],
    ],
    ["a union that relies on sorted lists", zip, [[1, 5], [2], [5, 9]]],
    ["what came last, by clock and id", lastStamped, stamped(["nyc", "london", "nyc"])],
    [
      "a tuple of clock and id",
      (a, b) => (compareTuples(a, b) > 0 ? a : b),
      [
        [1, "nyc"],
        [1, "london"],
        [4, "nyc"],
      ],
    ],
    [
      "a tuple with a payload",
      (a, b) => (compareTuples(a, b) > 0 ? a : b),
      [
        [1, "nyc", "x"],
        [1, "london", "y"],
        [4, "nyc", "x"],
      ],
    ],
    [
      "one of a fixed set of texts",
      (a, b) => ((rank[a] ?? 9) > (rank[b] as number) ? a : b),
      ["ordered", "paid", "shipped"],
    ],
    ["either", (a, b) => a || b, [false, true]],
    ["null as nothing", (a, b) => (a === null ? b : b === null ? a : Math.min(a, b)), [null, 3, 8]],
    [
      "the larger quantity of each line of a cart",
      mergeCarts,
      [
        [],
        [{ item: "tea", quantity: 1 }],
        [
          { item: "milk", quantity: 2 },
          { item: "tea", quantity: 3 },
        ],
      ],
    ],
    [
      "a number for each replica, of which the larger stays",
      largestByReplica,
      [{}, { nyc: 3 }, { london: 2 }, { nyc: 1, tokyo: 4 }],
    ],
    ["a set", (a, b) => new Set([...a, ...b]), [new Set(), new Set(["tea"]), new Set(["milk", "tea"])]],
    ["the later date", (a, b) => (a > b ? a : b), [new Date(0), new Date(5), new Date(70)]],
    [
      "fields of which each merges",
      (a, b) => ({ seen: a.seen || b.seen, score: Math.max(a.score, b.score), tags: union(a.tags, b.tags) }),
      [
        { seen: false, score: 0, tags: [] },
        { seen: true, score: 3, tags: ["a"] },
        { seen: false, score: 9, tags: ["b"] },
      ],
    ],
  ];

  test.each(cases)("%s", (_, merge, values) => {
    for (const seed of [1, 2]) expect(check(merge, { values, cases: 500 }, seed)).toEqual({ outcome: "valid" });
  });
});

describe("unlawful merges are found, and shrunk to", () => {
  test("the seed's profile, which takes the other's name", () => {
    const merge = (local: Profile, remote: Profile) => ({ name: remote.name || local.name });
    expect(
      messages(merge, { values: [{ name: "" }, { name: "Ann Smith" }, { name: "Annie" }] }),
    ).toMatchInlineSnapshot(`
      [
        "\`merge\` of \`alice.tags\` is not commutative: merge({name: "Ann Smith"}, {name: "Annie"}) is {name: "Annie"} but merge({name: "Annie"}, {name: "Ann Smith"}) is {name: "Ann Smith"}.",
      ]
    `);
  });

  test("the seed's profile with what it forgets", () => {
    const merge = (local: Profile, remote: Profile) => ({ name: local.name > remote.name ? local.name : remote.name });
    const values = [
      { name: "Ann", email: "a@example.com" },
      { name: "Bob", email: "b@example.com" },
    ];
    expect(messages(merge, { values })).toMatchInlineSnapshot(`
      [
        "\`merge\` of \`alice.tags\` is not idempotent: merge({name: "Ann", email: "a@example.com"}, {name: "Ann", email: "a@example.com"}) is {name: "Ann"}.",
      ]
    `);
  });

  test("one list after the other", () => {
    expect(messages((a, b) => [...a, ...b], { values: [[], [7, 12, 30], [4]] })).toMatchInlineSnapshot(`
      [
        "\`merge\` of \`alice.tags\` is not commutative: merge([0], [1]) is [0, 1] but merge([1], [0]) is [1, 0].",
        "\`merge\` of \`alice.tags\` is not idempotent: merge([4], [4]) is [4, 4].",
      ]
    `);
  });

  test("a union in order of arrival", () => {
    const merge: AnyMerge = (a, b) => [...new Set([...a, ...b])];
    expect(messages(merge, { values: [[], ["tea", "milk"], ["bread"]] })).toMatchInlineSnapshot(`
      [
        "\`merge\` of \`alice.tags\` is not commutative: merge(["tea"], ["milk"]) is ["tea", "milk"] but merge(["milk"], ["tea"]) is ["milk", "tea"].",
      ]
    `);
  });

  test("the average", () => {
    expect(messages((a, b) => (a + b) / 2, { values: [100, 250] })).toMatchInlineSnapshot(`
      [
        "\`merge\` of \`alice.tags\` is not associative: merge(merge(0, 0), 1) is 0.5 but merge(0, merge(0, 1)) is 0.25.",
      ]
    `);
  });

  test("the difference", () => {
    expect(messages((a, b) => a - b, { values: [100, 250] })).toMatchInlineSnapshot(`
      [
        "\`merge\` of \`alice.tags\` is not commutative: merge(0, -1) is 1 but merge(-1, 0) is -1.",
        "\`merge\` of \`alice.tags\` is not idempotent: merge(1, 1) is 0.",
        "\`merge\` of \`alice.tags\` is not associative: merge(merge(0, 0), 1) is -1 but merge(0, merge(0, 1)) is 1.",
      ]
    `);
  });

  test("the sum", () => {
    expect(messages((a, b) => a + b, { values: [100, 250] })).toMatchInlineSnapshot(`
      [
        "\`merge\` of \`alice.tags\` is not idempotent: merge(1, 1) is 2.",
      ]
    `);
  });

  test("the last by a clock that ties", () => {
    const merge: AnyMerge = (a, b) => (a.clock > b.clock ? a : b);
    expect(messages(merge, { values: stamped(["nyc", "london", "nyc"]) })).toMatchInlineSnapshot(`
      [
        "\`merge\` of \`alice.tags\` is not commutative: merge({clock: 1, id: "nyc", text: "text 0"}, {clock: 1, id: "london", text: "text 1"}) is {clock: 1, id: "london", text: "text 1"} but merge({clock: 1, id: "london", text: "text 1"}, {clock: 1, id: "nyc", text: "text 0"}) is {clock: 1, id: "nyc", text: "text 0"}.",
      ]
    `);
  });

  test("items of a list, the last by a clock that ties", () => {
    const merge: AnyMerge = (a: readonly Item[], b: readonly Item[]) => {
      const merged = new Map(a.map((item) => [item.id, item]));
      for (const item of b) if (item.at >= (merged.get(item.id)?.at ?? 0)) merged.set(item.id, item);
      return [...merged.values()].sort((x, y) => compareValues(x.id, y.id));
    };
    const values = [
      [],
      [{ id: "buy", at: 5, done: false }],
      [
        { id: "buy", at: 7, done: true },
        { id: "sell", at: 8, done: false },
      ],
    ];
    expect(messages(merge, { values })).toMatchInlineSnapshot(`
      [
        "\`merge\` of \`alice.tags\` is not commutative: merge([{id: "sell", at: 1, done: true}], [{id: "sell", at: 1, done: false}]) is [{id: "sell", at: 1, done: false}] but merge([{id: "sell", at: 1, done: false}], [{id: "sell", at: 1, done: true}]) is [{id: "sell", at: 1, done: true}].",
      ]
    `);
  });

  test("always the first", () => {
    expect(messages((a) => a, { values: ["ordered", "paid"] })).toMatchInlineSnapshot(`
      [
        "\`merge\` of \`alice.tags\` is not commutative: merge("ordered", "paid") is "ordered" but merge("paid", "ordered") is "paid".",
      ]
    `);
  });

  test("always the same", () => {
    expect(messages(() => 0, { values: [1, 2] })).toMatchInlineSnapshot(`
      [
        "\`merge\` of \`alice.tags\` is not idempotent: merge(1, 1) is 0.",
      ]
    `);
  });

  test("rock, paper, scissors", () => {
    const beats: Readonly<Record<string, string>> = { paper: "rock", rock: "scissors", scissors: "paper" };
    const merge: AnyMerge = (a, b) => (beats[a] === b ? a : b);
    expect(messages(merge, { values: ["rock", "paper", "scissors"] })).toMatchInlineSnapshot(`
      [
        "\`merge\` of \`alice.tags\` is not associative: merge(merge("rock", "paper"), "scissors") is "scissors" but merge("rock", merge("paper", "scissors")) is "rock".",
      ]
    `);
  });

  test("what breaks the invariant", () => {
    const invariant = { name: "no more than 10", holds: (value: unknown) => (value as number) <= 10 };
    expect(messages((a, b) => (a === b ? a : a + b), { values: [3, 4, 5], invariant })).toMatchInlineSnapshot(`
      [
        "\`merge\` of \`alice.tags\` is not associative: merge(merge(3, 3), 4) is 7 but merge(3, merge(3, 4)) is 10.",
        "\`merge\` of \`alice.tags\` breaks "no more than 10": merge(3, 8) is 11.",
      ]
    `);
  });
});

describe("what is no function of two values", () => {
  test("throws", () => {
    const merge: AnyMerge = (a, b) => (a.length > 0 ? a[0].concat(b) : b);
    expect(messages(merge, { values: [[], [1], [2]] })).toMatchInlineSnapshot(`
      [
        "\`merge\` of \`alice.tags\` throws: merge([1], []) fails with TypeError: a[0].concat is not a function.",
      ]
    `);
  });

  test("changes an argument", () => {
    const merge: AnyMerge = (a, b) => {
      for (const value of b) if (!a.includes(value)) a.push(value);
      return a.sort();
    };
    expect(messages(merge, { values: [[], ["tea"], ["milk"]] })).toMatchInlineSnapshot(`
      [
        "\`merge\` of \`alice.tags\` changes its first argument: merge([], ["tea"]) makes ["tea"] of [].",
      ]
    `);
  });

  test("returns what cannot be kept", () => {
    expect(messages((a, b) => () => [a, b], { values: [1, 2] })).toMatchInlineSnapshot(`
      [
        "\`merge\` of \`alice.tags\` returns what replicas cannot hold: merge(1, 1) is a function.",
      ]
    `);
    expect(messages(async (a, b) => Math.max(a, b), { values: [1, 2] })).toMatchInlineSnapshot(`
      [
        "\`merge\` of \`alice.tags\` returns what replicas cannot hold: merge(1, 1) is a promise.",
      ]
    `);
  });

  test("answers differently each time", () => {
    let count = 0;
    const merge: AnyMerge = (a, b) => ({ value: Math.max(a.value, b.value), mergedAt: count++ });
    const values = [
      { value: 1, mergedAt: 0 },
      { value: 2, mergedAt: 0 },
    ];
    expect(messages(merge, { values })).toMatchInlineSnapshot(`
      [
        "\`merge\` of \`alice.tags\` does not depend on its arguments alone: merge({value: 1, mergedAt: 0}, {value: 1, mergedAt: 0}) was different the second time.",
      ]
    `);
  });
});

it("has nothing to say of a merge that had nothing to merge", () => {
  expect(check((a) => a, { values: [[], []] })).toEqual({
    outcome: "unknown",
    reason: "Only one value of alice.tags occurred: nothing was there to merge.",
  });
});

it("says whether the values occurred", () => {
  const occurred = (merge: AnyMerge, values: readonly unknown[]) => {
    const verdict = check(merge, { values });
    return verdict.outcome === "invalid" && verdict.violations.map((violation) => violation.occurred);
  };
  expect(occurred((a) => a, ["ordered", "paid"])).toEqual([true]);
  expect(
    occurred(
      (a, b) => (a.clock > b.clock ? a : b),
      [
        { clock: 1, text: "x" },
        { clock: 2, text: "y" },
      ],
    ),
  ).toEqual([false]);
});

it("tries long lists by short ones", () => {
  const long = (from: number) => Array.from({ length: 5000 }, (_, i) => 2 * i + from);
  let longest = 0;
  const merge: AnyMerge = (a: readonly number[], b: readonly number[]) => {
    longest = Math.max(longest, a.length, b.length);
    return [...a, ...b];
  };
  expect(check(merge, { values: [long(0), long(1)] })).toMatchObject({ outcome: "invalid" });
  expect(longest).toBeLessThan(100);
});

it("has the same verdict at the same seed", () => {
  const given = { values: [[], ["tea", "milk"], ["bread"]] };
  const merge: AnyMerge = (a, b) => [...a, ...b].slice(-3);
  for (let seed = 1; seed <= 5; seed++) expect(check(merge, given, seed)).toEqual(check(merge, given, seed));
});

it("agrees with trying everything, where there is a finite number of values", () => {
  const names = ["a", "b", "c"];
  const table = fc.array(fc.constantFrom(...names), { minLength: 9, maxLength: 9 });
  fc.assert(
    fc.property(table, fc.nat(), (results, seed) => {
      const merge: MergeFunction = (a, b) => results[names.indexOf(a as string) * 3 + names.indexOf(b as string)];
      const verdict = check(merge, { values: names, cases: 50 }, seed);
      const broken = verdict.outcome === "invalid" ? verdict.violations.map(({ law }) => law) : [];
      expect(broken).toEqual(brokenLaws(merge, names));
    }),
    { seed: 3, numRuns: 500 },
  );
});

/** The dumb twin. */
function brokenLaws(merge: MergeFunction, domain: readonly unknown[]): readonly string[] {
  const laws = {
    commutative: domain.every((a) => domain.every((b) => merge(a, b) === merge(b, a))),
    idempotent: domain.every((a) => merge(a, a) === a),
    associative: domain.every((a) =>
      domain.every((b) => domain.every((c) => merge(merge(a, b), c) === merge(a, merge(b, c)))),
    ),
  };
  return Object.entries(laws).flatMap(([law, holds]) => (holds ? [] : [law]));
}

function stamped(ids: readonly string[]): readonly Stamped[] {
  return ids.map((id, i) => ({ clock: 1700000000000 + i, id, text: `text ${i}` }));
}

function lastStamped(a: Stamped, b: Stamped): Stamped {
  return compareTuples([a.clock, a.id], [b.clock, b.id]) > 0 ? a : b;
}

function compareTuples([a, x]: readonly [number, string], [b, y]: readonly [number, string]): number {
  return a - b || compareValues(x, y);
}

interface Item {
  readonly id: string;
  readonly at: number;
  readonly done: boolean;
}

type ByReplica = Readonly<Record<string, number>>;

function largestByReplica(a: ByReplica, b: ByReplica): ByReplica {
  const replicas = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return Object.fromEntries(replicas.map((replica) => [replica, Math.max(a[replica] ?? 0, b[replica] ?? 0)]));
}

interface Line {
  readonly item: string;
  readonly quantity: number;
}

function mergeCarts(a: readonly Line[], b: readonly Line[]): readonly Line[] {
  const items = [...new Set([...a, ...b].map(({ item }) => item))].sort();
  const of = (cart: readonly Line[], name: string) => cart.find(({ item }) => item === name)?.quantity ?? 0;
  return items.map((item) => ({ item, quantity: Math.max(of(a, item), of(b, item)) }));
}
