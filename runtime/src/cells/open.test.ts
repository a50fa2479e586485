import { describe, expect, test } from "vitest";
import {
  AnnotationError,
  Causal,
  counter,
  Eventual,
  Linearizable,
  lastWriterWins,
  log,
  map,
  open,
  Replicated,
  raft,
  register,
  replicated,
  Saga,
  Sequential,
  set,
} from "../index.js";
import { bindingOf } from "./handle.js";

@Replicated()
@Causal()
class Profile {
  readonly name = register("");
  @Eventual({ merge: lastWriterWins.wallClock, timeoutMs: 50 }) readonly photo = register<string | undefined>(
    undefined,
  );
  @Linearizable({ mechanism: raft({ replicas: 5 }) }) readonly plan = register("free");
  @Linearizable({ mechanism: raft({ reads: "readIndex", replicas: 5 }) }) readonly seats = counter(1);
  @Linearizable() readonly owner = register("");
}

describe("open", () => {
  test("gives each cell its key, label, level, mechanism and domain", () => {
    const profile = open(Profile, "ann");
    const { cell } = bindingOf(profile.photo);
    expect(cell).toMatchObject({
      key: "Profile:ann.photo",
      label: "ann.photo",
      level: "eventual",
      timeoutMs: 50,
      domain: 'eventual gossip{"intervalMs":1000}',
      options: { merge: "last-writer-wins-by-wall-clock" },
    });
    expect(bindingOf(profile.name).cell).toMatchObject({
      level: "causal",
      timeoutMs: 2000,
      domain: "causal causalBroadcast",
    });
  });

  test("puts cells of one level and equal options into one domain, in whatever order they were written", () => {
    const profile = open(Profile, "ann");
    expect(bindingOf(profile.plan).cell.domain).toBe('linearizable raft{"reads":"readIndex","replicas":5}');
    expect(bindingOf(profile.seats).cell.domain).toBe(bindingOf(profile.plan).cell.domain);
    expect(bindingOf(profile.owner).cell.domain).toBe('linearizable raft{"reads":"readIndex"}');
  });

  test("leads to the same state for the same class and identity, and only then", async () => {
    @Replicated()
    @Linearizable()
    class Team {
      readonly name = register("");
    }
    await open(Profile, "x").name.write("Ann");
    expect(await open(Profile, "x").name.read()).toBe("Ann");
    expect(await open(Profile, "y").name.read()).toBe("");
    expect(await open(Team, "x").name.read()).toBe("");
  });

  test("takes a replicated type where construction needs more", async () => {
    @Replicated()
    class Mailbox {
      @Linearizable() readonly sent = counter();
      constructor(
        readonly id: string,
        private readonly send: (text: string) => void,
      ) {}
      async greet(): Promise<void> {
        await this.sent.increment();
        this.send(`hello ${this.id}`);
      }
    }
    const texts: string[] = [];
    const mailboxes = replicated(Mailbox, { create: (id) => new Mailbox(id, (text) => texts.push(text)) });
    await open(mailboxes, "ann").greet();
    expect([texts, await open(mailboxes, "ann").sent.read()]).toEqual([["hello ann"], 1]);
  });

  test("leaves plain objects of the class alone, whose cells say what to do", async () => {
    const plain = new Profile();
    await expect(plain.name.read()).rejects.toThrow("This register belongs to no opened object. Use open(Class, id)");
    await expect(plain.name.at("eventual").read()).rejects.toThrow(AnnotationError);
  });

  test.each([
    [
      "a cell without a level",
      () => {
        @Replicated()
        class Bare {
          readonly total = counter();
        }
        open(Bare, "a");
      },
      "`Bare.total` has no level. Put one on the field or on the class",
    ],
    [
      "a class that is not replicated",
      () => {
        class Plain {
          @Causal() readonly total = counter();
        }
        open(Plain, "a");
      },
      "`Plain` is not replicated. Put @Replicated() on the class.",
    ],
    ["no identity", () => open(Profile, ""), "`Profile` is opened by an identity"],
    ["something that is no class", () => open({} as never, "a"), "open() was given something that is not a class."],
    [
      "an initial value that cannot be replicated",
      () => {
        @Replicated()
        class Shop {
          @Causal() readonly rules = register({ discount: { of: () => 1 } });
        }
        open(Shop, "a");
      },
      "`a.rules` cannot hold a function at `discount.of`: it is not structured-clonable.",
    ],
    [
      "a merge for a counter",
      () => {
        @Replicated()
        class Shop {
          @Eventual({ merge: lastWriterWins }) readonly stock = counter();
        }
        open(Shop, "a");
      },
      "`Shop.stock`: option `merge` has no meaning for a counter. Accepted: on a register or a map.",
    ],
    [
      "one cell object in two fields",
      () => {
        const shared = counter();
        @Replicated()
        class Shop {
          @Eventual() readonly stock = shared;
          @Eventual() readonly sold = shared;
        }
        open(Shop, "a");
      },
      "`a.sold` and `a.stock` are one and the same cell object.",
    ],
    [
      "a saga that names no method",
      () => {
        @Replicated()
        class Shop {
          @Saga({ compensate: "undo" })
          async buy(): Promise<void> {}
        }
        open(Shop, "a");
      },
      '`Shop.buy`: option `compensate` of @Saga() is "undo". Accepted: the name of a method of the class.',
    ],
    [
      "a cell of another copy of the package",
      () => {
        @Replicated()
        class Shop {
          @Causal() readonly stock = { [Symbol.for("faultline.cell")]: true };
        }
        open(Shop, "a");
      },
      "`Shop.stock` is a cell of another copy of this package. Another copy of @faultline/runtime seem",
    ],
  ])("refuses %s", (_, act, message) => {
    expect(act).toThrow(message);
  });

  test("throws errors of a type of their own", () => {
    expect(() => open(Profile, "")).toThrow(AnnotationError);
  });
});

@Replicated()
class Cart {
  @Linearizable() readonly address = register({ street: "Main", lines: ["1"] });
  @Sequential() readonly items = set<{ sku: string }>();
  @Eventual() readonly prices = map<"a" | "b", { amount: number }>();
  @Causal() readonly events = log<{ at: number }>();
  @Causal() readonly total = counter();
}

describe("values", () => {
  test("handed out are copies: changing them changes no replica", async () => {
    const cart = open(Cart, "out");
    (await cart.address.read()).lines.push("2");
    await cart.address.update((address) => {
      address.lines.push("3");
      return { street: "High", lines: [] };
    });
    expect(await cart.address.read()).toEqual({ street: "High", lines: [] });
    await cart.events.append({ at: 1 });
    for (const event of await cart.events.entries()) event.at = 9;
    expect(await cart.events.entries()).toEqual([{ at: 1 }]);
  });

  test("handed in are copied", async () => {
    const cart = open(Cart, "in");
    const address = { street: "High", lines: ["1"] };
    await cart.address.write(address);
    address.lines.push("2");
    const updated = await cart.address.update(() => address);
    updated.lines.push("3");
    const price = { amount: 5 };
    await cart.prices.put("a", price);
    price.amount = 6;
    expect([await cart.address.read(), await cart.prices.get("a")]).toEqual([
      { street: "High", lines: ["1", "2"] },
      { amount: 5 },
    ]);
  });

  test("are compared by structure", async () => {
    const cart = open(Cart, "structure");
    await cart.items.add({ sku: "x" });
    expect(await cart.items.has({ sku: "x" })).toBe(true);
    expect(await cart.address.compareAndSet({ street: "Main", lines: ["1"] }, { street: "S", lines: [] })).toBe(true);
  });

  test("that are not plain data are refused by name", async () => {
    const cart = open(Cart, "refused");
    await expect(cart.events.append({ at: (() => 1) as never })).rejects.toThrow(
      "`refused.events` cannot hold a function at `at`: it is not structured-clonable.",
    );
    await expect(cart.address.update((async () => ({ street: "", lines: [] })) as never)).rejects.toThrow(
      "`refused.address` cannot hold an object of class Promise",
    );
    await expect(cart.total.increment("3" as never)).rejects.toThrow(
      '`refused.total` counts by numbers, and "3" is none.',
    );
    await expect(cart.total.increment(Number.NaN)).rejects.toThrow("counts by numbers, and NaN is none.");
    await expect(cart.total.increment((() => 1) as never)).rejects.toThrow("counts by numbers, and () => 1 is none.");
  });
});
