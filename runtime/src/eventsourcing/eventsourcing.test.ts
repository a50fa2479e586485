import { expect, expectTypeOf, test } from "vitest";
import { projection } from "../cqrs/index.js";
import { type Decider, decider, type Event } from "./index.js";

type ShelfEvent = Event<"received", { amount: number }> | Event<"sold">;

const shelf = decider({
  initialState: 0,
  decide(command: "sell" | "receive", left: number): readonly ShelfEvent[] {
    if (command === "receive") return [{ type: "received", amount: 2 }];
    return left === 0 ? [] : [{ type: "sold" }];
  },
  evolve: (left: number, event: ShelfEvent) => left + (event.type === "received" ? event.amount : -1),
});

test("a decider is the data it is given, and its functions compose as they stand", () => {
  const run = (history: readonly ShelfEvent[], command: "sell" | "receive") => [
    ...history,
    ...shelf.decide(command, history.reduce(shelf.evolve, shelf.initialState)),
  ];
  const commands = ["sell", "receive", "sell", "sell", "sell"] as const;
  expect(commands.reduce<readonly ShelfEvent[]>(run, [])).toEqual([
    { type: "received", amount: 2 },
    { type: "sold" },
    { type: "sold" },
  ]);
});

test("a projection folds the same events into what a query needs", () => {
  const sold = projection({
    name: "sold",
    initialState: 0,
    evolve: (count: number, event: ShelfEvent) => count + (event.type === "sold" ? 1 : 0),
  });
  expect([{ type: "sold" } as const, { type: "sold" } as const].reduce(sold.evolve, sold.initialState)).toBe(2);
});

test("types are inferred, and an event's members are read-only", () => {
  expectTypeOf(shelf).toEqualTypeOf<Decider<"sell" | "receive", ShelfEvent, number>>();
  expectTypeOf<Event<"received", { amount: number }>>().toExtend<{
    readonly type: "received";
    readonly amount: number;
  }>();
  interface Moved extends Event<"moved"> {
    readonly to: string;
  }
  expectTypeOf<Moved["type"]>().toEqualTypeOf<"moved">();
});
