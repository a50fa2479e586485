import { describe, expect, it } from "vitest";
import { encodeValue } from "../../data/values.js";
import { Eventual, Invariant, open, Replicated, register, Saga, Workload } from "../../index.js";
import { hash } from "../../simulation/prng.js";
import { GeneratedWorkload } from "./generated.js";
import { IdentityReference, type Plan } from "./plan.js";
import type { WorkloadShape } from "./shape.js";
import { WorkloadError } from "./workload-error.js";

@Replicated()
class Account {
  @Eventual() readonly balance = register(100);
  constructor(readonly id: string) {}
  async transfer(to: Account, amount: number): Promise<void> {
    await to.balance.write(amount);
  }
  @Workload({ weight: 3 })
  async worth(): Promise<number> {
    return this.balance.read();
  }
  @Workload({ weight: 0 })
  async close(): Promise<void> {}
  @Workload({ args: [["rent"], ["food"]] })
  async label(_text: string): Promise<void> {}
  @Workload({ args: (random) => [open(Account, "bob"), random()] })
  async endow(_to: Account, _share: number): Promise<void> {}
  @Saga({ compensate: "undo" })
  async order(): Promise<void> {}
  async undo(): Promise<void> {}
  @Invariant("is solvent")
  async solvent(): Promise<boolean> {
    return true;
  }
}

const names = ["transfer", "worth", "close", "label", "endow", "order", "undo", "solvent"];
const transfer = [
  { name: "to", values: { kind: "handle", target: "Account" }, isOptional: false, isRest: false },
  { name: "amount", values: { kind: "number", near: [100] }, isOptional: false, isRest: false },
] as const;
const shape: WorkloadShape = {
  target: "Account",
  methods: names.map((name) => ({ name, parameters: name === "transfer" ? transfer : [] })),
};
const workload = new GeneratedWorkload(shape);
const planOf = (seed: number): Plan => workload.plan(seed, () => Account);
const plans = Array.from({ length: 300 }, (_, index) => planOf(index + 1));
const calls = plans.flatMap(({ sessions }) => sessions.flatMap((session) => session.calls));
const share = (part: number, whole: number) => Math.round((100 * part) / whole);

describe("a plan", () => {
  it("has a session in each region, with four to eight calls", () => {
    expect(new Set(plans.map(({ sessions }) => sessions.map(({ region }) => region).join()))).toEqual(
      new Set(["nyc,london,tokyo"]),
    );
    const counts = plans.flatMap(({ sessions }) => sessions.map((session) => session.calls.length));
    expect([...new Set(counts)].sort()).toEqual([4, 5, 6, 7, 8]);
    const elsewhere = new GeneratedWorkload(shape, { regions: ["paris", { name: "base", latitude: 0, longitude: 0 }] });
    expect(elsewhere.plan(1, () => Account).sessions.map(({ region }) => region)).toEqual(["paris", "base"]);
  });

  it("lets clients think for up to a tenth of a second", () => {
    const thinking = calls.map(({ thinkMs }) => thinkMs);
    expect([Math.min(...thinking), Math.max(...thinking)]).toEqual([0, 100]);
  });

  it("has two objects, of which seven calls in ten meet on the first", () => {
    expect(plans[0]?.identities).toEqual([
      { target: "Account", id: "account1" },
      { target: "Account", id: "account2" },
    ]);
    const onFirst = calls.filter(({ on }) => on.id === "account1").length;
    expect(share(onFirst, calls.length)).toBeGreaterThan(66);
    expect(share(onFirst, calls.length)).toBeLessThan(74);
  });

  it("gives a method another object than the one that it is called on, mostly", () => {
    const transfers = calls.filter(({ method }) => method === "transfer");
    const others = transfers.filter(({ on, args }) => {
      const [to] = args.kind === "drawn" ? args.values : [];
      return to instanceof IdentityReference && to.id !== on.id;
    });
    expect(share(others.length, transfers.length)).toBeGreaterThan(80);
    expect(others.length).toBeLessThan(transfers.length);
  });

  it("calls methods by their weight; no invariant, no compensation, none of weight 0", () => {
    const counts = new Map<string, number>();
    for (const { method } of calls) counts.set(method, (counts.get(method) ?? 0) + 1);
    expect([...counts.keys()].sort()).toEqual(["endow", "label", "order", "transfer", "worth"]);
    const worth = share(counts.get("worth") ?? 0, calls.length);
    expect(worth).toBeGreaterThan(38);
    expect(worth).toBeLessThan(48);
  });

  it("takes arguments from @Workload: one of a list, or what a function will make of a seed", () => {
    const kinds = (name: string) => new Set(calls.flatMap(({ method, args }) => (method === name ? [args.kind] : [])));
    expect([kinds("label"), kinds("endow"), kinds("transfer")]).toEqual([
      new Set(["listed"]),
      new Set(["made"]),
      new Set(["drawn"]),
    ]);
    const listed = calls.flatMap(({ args }) => (args.kind === "listed" ? [args.index] : []));
    expect(new Set(listed)).toEqual(new Set([0, 1]));
  });

  it("is a function of the seed alone", () => {
    const again = new GeneratedWorkload(shape);
    const reversed = plans.map((_, index) => again.plan(plans.length - index, () => Account)).reverse();
    expect(reversed.map(encodeValue)).toEqual(plans.map(encodeValue));
    expect(new Set(plans.map(encodeValue)).size).toBe(plans.length);
    expect(plans.slice(0, 3).map((plan) => hash(encodeValue(plan)))).toMatchInlineSnapshot(`
      [
        -1626275092,
        -1355455429,
        -896022093,
      ]
    `);
  });
});

describe("what cannot be called", () => {
  const refused = (methods: WorkloadShape["methods"]) => () =>
    new GeneratedWorkload({ target: "Account", methods }).plan(1, () => Account);
  const impossible = {
    kind: "impossible",
    type: "() => void",
    path: "notify(onDone)",
    why: "it is a function",
  } as const;
  const notify = {
    name: "notify",
    parameters: [{ name: "onDone", values: impossible, isOptional: false, isRest: false }],
  };

  it("is named with what to write", () => {
    expect(refused([notify])).toThrow(WorkloadError);
    expect(refused([notify])).toThrowErrorMatchingInlineSnapshot(
      `[WorkloadError: \`Account.notify\` cannot be called: no value can be made for \`notify(onDone)\`, which is () => void: it is a function. Say what to call it with: \`@Workload({ args: [[onDone], …] })\` on the method; \`@Workload({ weight: 0 })\` leaves it out.]`,
    );
  });

  it("is no obstacle where @Workload gives the arguments, or it is left out", () => {
    const parameters = notify.parameters;
    expect(
      refused([
        { name: "label", parameters },
        { name: "close", parameters },
      ]),
    ).not.toThrow();
  });

  it("may be everything", () => {
    expect(refused([])).toThrow("`Account` has no public method that a workload could call.");
    expect(refused([{ name: "close", parameters: [] }])).toThrow("No method of `Account` is left to call");
  });
});
