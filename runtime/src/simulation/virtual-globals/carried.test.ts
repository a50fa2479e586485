import { AsyncLocalStorage } from "node:async_hooks";
import process from "node:process";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Prng } from "../prng.js";
import { type Carrier, carrier, holdCarriers, installVirtualGlobals } from "./index.js";
import { realSetImmediate } from "./real.js";
import { TestingHost } from "./testing/testing-host.js";

let host: TestingHost;
let releases: (() => void)[];
/** Taken at once: the test runner has its own in this place every now and then. */
let nextTick: typeof process.nextTick;

beforeEach(() => {
  host = new TestingHost();
  releases = [installVirtualGlobals(host), holdCarriers()];
  nextTick = process.nextTick;
});
afterEach(() => {
  for (const release of releases.reverse()) release();
});

describe("a carrier", () => {
  it("carries what an AsyncLocalStorage carries, through random programs", async () => {
    for (let seed = 1; seed <= 300; seed++) {
      const storages = [new AsyncLocalStorage<number>(), new AsyncLocalStorage<number>()] as const;
      const expected = await new Program(...storages, seed).run();
      for (const storage of storages) storage.disable();
      expect([seed, ...(await new Program(carrier<number>(), carrier<number>(), seed).run())]).toEqual([
        seed,
        ...expected,
      ]);
    }
  });

  it("carries nothing out of the body", async () => {
    const mine = carrier<string>();
    expect(() =>
      mine.run("mine", () => {
        throw new Error(mine.getStore());
      }),
    ).toThrow("mine");
    expect(mine.getStore()).toBeUndefined();
    const running = mine.run("mine", async () => {
      await Promise.resolve();
      return mine.getStore();
    });
    expect(mine.getStore()).toBeUndefined();
    expect(await running).toBe("mine");
    expect(mine.getStore()).toBeUndefined();
  });

  it("carries on until the last hold is released", async () => {
    const mine = carrier<string>();
    holdCarriers()();
    const later = async () => {
      await Promise.resolve();
      return mine.getStore();
    };
    expect(await mine.run("mine", later)).toBe("mine");
  });
});

/** A program that a seed decides, and what two storages hold at its points in the order in which it comes to them. */
class Program {
  private readonly random: Prng;
  private readonly seen: string[] = [];
  private readonly later: Promise<unknown>[] = [];
  private points = 0;
  /** Opened from outside: what waits at it keeps what it carries itself. */
  private open: () => void = () => {};
  private readonly gate = new Promise<void>((open) => {
    this.open = open;
  });

  constructor(
    private readonly one: Carrier<number>,
    private readonly two: Carrier<number>,
    seed: number,
  ) {
    this.random = Prng.seeded(seed, "program");
  }

  async run(): Promise<readonly string[]> {
    let hasEnded = false;
    const body = this.body().finally(() => {
      hasEnded = true;
    });
    await host.pass(3);
    this.open();
    while (!hasEnded) {
      await host.pass(10);
      await new Promise((resolve) => realSetImmediate(resolve)); // ticks run only when no microtask is left
    }
    await body;
    return this.seen;
  }

  private async body(): Promise<void> {
    await Promise.all([this.one.run(0, () => this.step(5)), this.step(5)]);
    for (let settled = -1; settled < this.later.length; ) {
      settled = this.later.length;
      await Promise.all(this.later);
    }
  }

  private look(point: number): void {
    this.seen.push(`${point}: ${this.one.getStore()} ${this.two.getStore()}`);
  }

  private async step(depth: number): Promise<void> {
    const point = ++this.points;
    this.look(point);
    if (depth > 0) await this.goOn(point, () => this.step(depth - 1));
    this.look(point);
  }

  private async goOn(point: number, next: () => Promise<void>): Promise<void> {
    const { one, two, random, later } = this;
    const after = (ask: (run: () => void) => unknown) =>
      void later.push(new Promise<void>((done) => ask(() => done(next()))));
    const ways: readonly (() => unknown)[] = [
      next,
      () => one.run(point, next),
      () => two.run(point, next),
      () => Promise.all([one.run(point, next), next()]),
      () => after((run) => setTimeout(run, random.below(5))),
      () => after((run) => nextTick(run)),
      () => after((run) => queueMicrotask(run)),
      () => void later.push(this.gate.then(next)),
      // biome-ignore lint/suspicious/noThenProperty: a thenable is what is tried here
      () => ({ then: (done: (value: unknown) => void) => done(next()) }),
      () => this.turns(next),
    ];
    await ways[random.below(ways.length)]?.();
  }

  private async turns(next: () => Promise<void>): Promise<void> {
    const look = (turn: number) => this.look(-turn);
    async function* generate(): AsyncGenerator<number> {
      look(1);
      yield 1;
      look(2);
      yield 2;
    }
    for await (const turn of generate()) if (turn === 1) await next();
  }
}
