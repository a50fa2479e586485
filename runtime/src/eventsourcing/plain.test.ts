import { describe, expect, test } from "vitest";
import { AnnotationError, log, open, Replicated, Sequential } from "../index.js";
import { type Commit, type Event, eventStream } from "./index.js";

describe("what cannot be right is refused", () => {
  type Added = Event<"added", { by: number }>;
  const sum = {
    initialState: 0,
    decide: () => [] as readonly Added[],
    evolve: (all: number, { by }: Added) => all + by,
  };

  class Money {
    constructor(readonly cents: number) {}
    plus(cents: number): Money {
      return new Money(this.cents + cents);
    }
  }

  test("a state whose copies have no methods", () => {
    const money = { ...sum, initialState: new Money(0), evolve: (all: Money, { by }: Added) => all.plus(by) };
    expect(() => eventStream(log<Commit<Added>>(), { decider: money, now: () => 0 })).toThrow(
      "`initialState` is an instance of Money, whose copies have no methods. Make the state plain data",
    );
    const bare = { ...sum, initialState: Object.create(null) as object, evolve: (all: object) => all };
    expect(eventStream(log<Commit<Added>>(), { decider: bare, now: () => 0 })).toBeDefined();
    const lazy = { ...sum, initialState: { total: () => 0 }, evolve: (all: { total(): number }) => all };
    expect(() => eventStream(log<Commit<Added>>(), { decider: lazy, now: () => 0 })).toThrow(
      "`initialState` cannot hold a function at `total`",
    );
  });

  test("a clock that says nothing, and events that are none", async () => {
    @Replicated()
    @Sequential()
    class Sum {
      readonly commits = log<Commit<Added>>();
      readonly decided = eventStream(this.commits, {
        decider: { ...sum, decide: () => undefined as never },
        now: () => 0,
      });
      readonly timeless = eventStream(this.commits, { decider: sum, now: () => Number.NaN });
    }
    const { decided: stream, timeless } = open(Sum, "sum");
    const forgot = "What is to be appended to `sum.commits` is no array of events, each with a `type`. Give append()";
    await expect(stream.execute("add")).rejects.toThrow(forgot);
    await expect(stream.append({ type: "added", by: 1 } as never, { expectedVersion: 0 })).rejects.toThrow(forgot);
    await expect(stream.append([{ by: 1 } as never], { expectedVersion: 0 })).rejects.toThrow(AnnotationError);
    await expect(timeless.append([{ type: "added", by: 1 }], { expectedVersion: 0 })).rejects.toThrow(
      "`now` of `sum.commits` says NaN, which is no time.",
    );
    expect(await stream.read()).toEqual([]);
  });
});
