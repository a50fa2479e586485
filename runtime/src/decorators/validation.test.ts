import { describe, expect, test } from "vitest";
import * as runtime from "../index.js";
import {
  AnnotationError,
  Available,
  Causal,
  cache,
  counter,
  Deadline,
  Eventual,
  gossip,
  Invariant,
  Linearizable,
  lastWriterWins,
  NoConsistency,
  open,
  primaryReplica,
  quorum,
  Replicated,
  raft,
  register,
  Saga,
  Sequential,
  Transaction,
  trueTime,
  Workload,
} from "../index.js";

type Decorator = (...args: readonly unknown[]) => unknown;

/** As `experimentalDecorators` calls a decorator on the field `stock` of a class `Shop`. */
function onField(decorator: unknown): void {
  class Shop {}
  (decorator as Decorator)(Shop.prototype, "stock", undefined);
}

function onMethod(decorator: unknown): void {
  class Shop {
    async buy(): Promise<void> {}
  }
  (decorator as Decorator)(Shop.prototype, "buy", Object.getOwnPropertyDescriptor(Shop.prototype, "buy"));
}

function onClass(decorator: unknown): void {
  class Shop {}
  (decorator as Decorator)(Shop);
}

function refusal(act: () => void): string {
  try {
    act();
  } catch (error) {
    if (error instanceof AnnotationError) return error.message;
    throw error;
  }
  return "was not refused";
}

const wrong = (value: unknown): never => value as never;

describe("a wrong option is refused with class, field, option and what is accepted", () => {
  test.each<[string, () => void]>([
    [
      '`Shop.stock`: option `timeoutMs` of @Linearizable() is "soon". Accepted: a number of milliseconds above 0.',
      () => onField(Linearizable({ timeoutMs: wrong("soon") })),
    ],
    [
      "`Shop.stock`: option `timeoutMs` of @Sequential() is 0. Accepted: a number of milliseconds above 0.",
      () => onField(Sequential({ timeoutMs: 0 })),
    ],
    [
      "`Shop.stock`: option `merge` of @Linearizable() is a function. Accepted: the options mechanism, timeoutMs.",
      () => onField(Linearizable(wrong({ merge: Math.max }))),
    ],
    [
      '`Shop.stock`: option `merge` of @Eventual() is "newest". Accepted: lastWriterWins, lastWriterWins.wallClock, a function (a, b) => c.',
      () => onField(Eventual({ merge: wrong("newest") })),
    ],
    [
      '`Shop.stock`: option `conflict` of @Causal() is "add". Accepted: "add-wins", "remove-wins".',
      () => onField(Causal({ conflict: wrong("add") })),
    ],
    [
      '`Shop.stock`: option `mechanism` of @NoConsistency() is "raft". Accepted: what raft(), gossip() and the like return.',
      () => onField(NoConsistency({ mechanism: wrong("raft") })),
    ],
    [
      '`Shop.stock`: option `mechanism.reads` of @Linearizable() is "quick". Accepted: "readIndex", "lease", "leader".',
      () => onField(Linearizable({ mechanism: raft({ reads: wrong("quick") }) })),
    ],
    [
      "`Shop.stock`: option `mechanism.replicas` of @Linearizable() is 2.5. Accepted: a whole number from 1.",
      () => onField(Linearizable({ mechanism: raft({ replicas: 2.5 }) })),
    ],
    [
      "`Shop.stock`: option `mechanism.fanOut` of @Eventual() is 2. Accepted: the options intervalMs, fanout.",
      () => onField(Eventual({ mechanism: gossip(wrong({ fanOut: 2 })) })),
    ],
    [
      "`Shop.stock`: option `mechanism.w` of @Eventual() is 4. Accepted: a whole number from 1 to 3.",
      () => onField(Eventual({ mechanism: quorum({ n: 3, r: 1, w: 4 }) })),
    ],
    [
      "`Shop.stock`: option `mechanism.r` of @Eventual() is undefined. Accepted: a whole number from 1 to 3.",
      () => onField(Eventual({ mechanism: quorum(wrong({ n: 3, w: 1 })) })),
    ],
    [
      "`Shop.stock`: option `mechanism.fencing` of @Linearizable() is 1. Accepted: true, false.",
      () => onField(Linearizable({ mechanism: primaryReplica({ fencing: wrong(1) }) })),
    ],
    [
      "`Shop.stock`: option `mechanism.epsilonMs` of @Linearizable() is -1. Accepted: a number of milliseconds above 0.",
      () => onField(Linearizable({ mechanism: trueTime({ epsilonMs: -1 }) })),
    ],
    [
      "`Shop.stock`: option `mechanism.partition` of @Sequential() is 0. Accepted: the name of a log.",
      () => onField(Sequential({ mechanism: runtime.orderedLog({ partition: wrong(0) }) })),
    ],
    [
      '`Shop.stock`: option `mechanism.origin` of @NoConsistency() is "". Accepted: the name of a cell of the same class.',
      () => onField(NoConsistency({ mechanism: cache({ origin: "", ttlMs: 5 }) })),
    ],
    [
      "`Shop.stock`: the argument of @Eventual() is 7. Accepted: an object with mechanism, timeoutMs, merge, conflict.",
      () => onField(Eventual(wrong(7))),
    ],
    [
      "`Shop`: option `level` of @Replicated() is 1. Accepted: no options.",
      () => onClass(Replicated(wrong({ level: 1 }))),
    ],
    [
      "`Shop.buy`: option `timeoutMs` of @Eventual() is 5. Accepted: no options.",
      () => onMethod(Eventual({ timeoutMs: 5 })),
    ],
    [
      "`Shop.buy`: option `retries` of @Transaction() is 3. Accepted: no options.",
      () => onMethod(Transaction(wrong({ retries: 3 }))),
    ],
    [
      "`Shop.buy`: option `compensate` of @Saga() is undefined. Accepted: the name of a method of the class.",
      () => onMethod(Saga(wrong({}))),
    ],
    [
      "`Shop.buy`: option `ms` of @Deadline() is -5. Accepted: a number of milliseconds above 0.",
      () => onMethod(Deadline(-5)),
    ],
    [
      '`Shop.buy`: option `when` of @Invariant() is "later". Accepted: "always", "converged".',
      () => onMethod(Invariant("sold once", { when: wrong("later") })),
    ],
    [
      '`Shop.buy`: option `name` of @Invariant() is "". Accepted: a sentence that says what holds.',
      () => onMethod(Invariant("")),
    ],
    [
      "`Shop.buy`: option `weight` of @Workload() is -1. Accepted: a number from 0.",
      () => onMethod(Workload({ weight: -1 })),
    ],
    [
      "`Shop.buy`: option `args` of @Workload() is [1,2]. Accepted: a list of argument lists, a function (random) => argument list.",
      () => onMethod(Workload({ args: wrong([1, 2]) })),
    ],
  ])("%s", (message, act) => {
    expect(refusal(act)).toBe(message);
  });
});

describe("a misplaced annotation is refused", () => {
  test.each<[string, () => void]>([
    ["`Shop.buy`: @Replicated() stands on a method. Accepted: a class.", () => onMethod(Replicated())],
    ["`Shop.stock`: @Transaction() stands on a field. Accepted: a method.", () => onField(Transaction())],
    ["`Shop`: @Available() stands on a class. Accepted: a method.", () => onClass(Available())],
    ["@Eventual is missing its parentheses. Write @Eventual(…).", () => onMethod(Eventual(wrong(async () => {})))],
    ["@Eventual is missing its parentheses. Write @Eventual(…).", () => onClass(Eventual(wrong(class {})))],
    ["@Eventual is missing its parentheses. Write @Eventual(…).", () => void (Eventual() as Decorator)(5)],
    [
      "`Shop.stock`: @Causal() stands on an accessor. Accepted: a class, a field, a method, a parameter.",
      () => {
        class Shop {
          get stock(): number {
            return 1;
          }
        }
        const descriptor = Object.getOwnPropertyDescriptor(Shop.prototype, "stock");
        (Causal() as Decorator)(Shop.prototype, "stock", descriptor);
      },
    ],
  ])("%s", (message, act) => {
    expect(refusal(act)).toBe(message);
  });

  test("two levels on one target", () => {
    class Shop {}
    (Eventual() as Decorator)(Shop.prototype, "stock", undefined);
    expect(() => (Sequential() as Decorator)(Shop.prototype, "stock", undefined)).toThrow(
      "`Shop.stock`: @Sequential() is a second level, it already has eventual. Accepted: one level.",
    );
  });
});

describe("a standard decorator runs before its class has a name, so the class's own decorator, the first object, or open tells", () => {
  const message = "`Shop.stock`: option `timeoutMs` of @Eventual() is -1. Accepted: a number of milliseconds above 0.";

  test("@Replicated()", () => {
    expect(() => {
      @Replicated()
      class Shop {
        @Eventual({ timeoutMs: -1 }) readonly stock = counter();
      }
      return Shop;
    }).toThrow(new AnnotationError(message));
  });

  test("open", () => {
    class Shop {
      @Eventual({ timeoutMs: -1 }) readonly stock = counter();
    }
    expect(() => open(Shop, "a")).toThrow(new AnnotationError(message));
  });

  test("the first object of a class that only labels a store", () => {
    class Shop {
      @Eventual({ timeoutMs: -1 }) readonly stock = new Map<string, number>();
    }
    expect(() => new Shop()).toThrow(new AnnotationError(message));
  });

  test("a #private cell, which open could not reach", () => {
    expect(() => {
      @Replicated()
      class Shop {
        @Eventual() readonly #stock = register(1);
        async stock(): Promise<number> {
          return this.#stock.read();
        }
      }
      return Shop;
    }).toThrow("`Shop.#stock`: @Eventual() stands on a #private member.");
  });
});

test("what is right is taken: every mechanism with its defaults", () => {
  expect(() =>
    onField(Eventual({ merge: (a: number, b: number) => Math.max(a, b), conflict: "remove-wins" })),
  ).not.toThrow();
  expect(() => onField(Eventual({ merge: lastWriterWins.wallClock, timeoutMs: 5 }))).not.toThrow();
  const mechanisms = [
    runtime.isolated(),
    cache({ origin: "price", ttlMs: 100 }),
    gossip(),
    runtime.causalBroadcast(),
    runtime.orderedLog(),
    raft({ maxDriftRatio: 0.01 }),
    primaryReplica(),
    runtime.multiPrimary(),
    quorum({ n: 3, r: 2, w: 2 }),
    trueTime(),
  ];
  for (const mechanism of mechanisms) expect(() => onField(Linearizable({ mechanism }))).not.toThrow();
  expect(Object.fromEntries(mechanisms.map(({ mechanism, options }) => [mechanism, options]))).toEqual({
    isolated: {},
    cache: { origin: "price", ttlMs: 100 },
    gossip: { intervalMs: 1000 },
    causalBroadcast: {},
    orderedLog: {},
    raft: { reads: "readIndex", maxDriftRatio: 0.01 },
    primaryReplica: { reads: "primary", acknowledge: "sync", failover: "manual", fencing: true },
    multiPrimary: {},
    quorum: { n: 3, r: 2, w: 2, writeBack: true, readRepair: false, hintedHandoff: false, sloppy: false },
    trueTime: { epsilonMs: 7, commitWait: true },
  });
});
