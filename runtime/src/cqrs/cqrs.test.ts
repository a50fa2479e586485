import { expect, test } from "vitest";
import { metadataOf } from "../decorators/metadata.js";
import { AnnotationError, Available, counter, Eventual, Linearizable, Replicated, register } from "../index.js";
import { Command, Query, ReadModel } from "./index.js";
import { isReadModel } from "./read-model.js";

@Replicated()
class Shelf {
  @Linearizable() readonly left = register(5);
  @ReadModel() @Eventual() readonly sold = counter();

  @Command()
  async sell(): Promise<void> {}

  @Query()
  @Available()
  async howManySold(): Promise<number> {
    return this.sold.read();
  }
}

class FlowerShelf extends Shelf {
  override async sell(): Promise<void> {}
}

@ReadModel()
@Replicated()
@Eventual()
class Popularity {
  readonly sold = counter();
}

/** As `experimentalDecorators` and compiled code call them. */
class Legacy {
  async sell(): Promise<void> {}
}
const sell = Object.getOwnPropertyDescriptor(Legacy.prototype, "sell") as TypedPropertyDescriptor<() => Promise<void>>;
Command()(Legacy.prototype, "sell", sell);
ReadModel()(Legacy.prototype, "sold");

test("a method's responsibility stands beside its other annotations, also for what overrides it", () => {
  const { methods } = metadataOf(FlowerShelf);
  expect(methods.get("sell")).toEqual({ responsibility: "command" });
  expect(methods.get("howManySold")).toEqual({ responsibility: "query", available: true });
  expect(metadataOf(Legacy).methods.get("sell")).toEqual({ responsibility: "command" });
});

test("a read model is a field, or all of a class", () => {
  expect([isReadModel(FlowerShelf, "sold"), isReadModel(FlowerShelf, "left")]).toEqual([true, false]);
  expect(isReadModel(Popularity, "sold")).toBe(true);
  expect([isReadModel(Legacy, "sold"), isReadModel(Legacy, "left")]).toEqual([true, false]);
});

test.each<[string, () => void]>([
  [
    "`Legacy.sell`: @Query() is a second responsibility, it already is a command. Accepted: one.",
    () => Query()(Legacy.prototype, "sell", sell),
  ],
  [
    "`Legacy.sell`: option `level` of @Query() is 1. Accepted: no options.",
    () => Query({ level: 1 } as never)(Legacy.prototype, "sell", sell),
  ],
  [
    "`Legacy.stock`: option `of` of @ReadModel() is 1. Accepted: no options.",
    () => ReadModel({ of: 1 } as never)(Legacy.prototype, "stock"),
  ],
  ["`Legacy`: @Command() stands on a class. Accepted: a method.", () => (Command() as (type: unknown) => void)(Legacy)],
  ["@Query is missing its parentheses. Write @Query(…).", () => Query((async () => {}) as never)],
])("%s", (message, act) => {
  expect(act).toThrow(AnnotationError);
  expect(act).toThrow(message);
});

test("a standard decorator's problem is told when the class is done", () => {
  expect(() => {
    @Replicated()
    class Both {
      @Command()
      @Query()
      async sell(): Promise<void> {}
    }
    return Both;
  }).toThrow("`Both.sell`: @Command() is a second responsibility, it already is a query. Accepted: one.");
});
