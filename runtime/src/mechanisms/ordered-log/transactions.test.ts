import { describe, expect, it } from "vitest";
import {
  isConflict,
  isIndeterminate,
  isUnavailable,
  Linearizable,
  Replicated,
  register,
  Sequential,
  Transaction,
} from "../../index.js";
import { explore, randomFaults, scenario } from "../../simulation/index.js";

type Both = readonly [a: number, b: number];

/** What an application's error tells of what it was thrown for. */
class Saw extends Error {
  constructor(readonly both: Both) {
    super(`saw ${both}`);
  }
}

type Work = () => Promise<void>;

abstract class Pair {
  abstract readonly a: { read(): Promise<number>; write(value: number): Promise<void> };
  abstract readonly b: { read(): Promise<number>; write(value: number): Promise<void> };
  attempts = 0;
  constructor(readonly id: string) {}

  async readBoth(meanwhile: Work): Promise<Both> {
    this.attempts++;
    const a = await this.a.read();
    await meanwhile();
    return [a, await this.b.read()];
  }

  async raise(meanwhile: Work): Promise<number> {
    const next = (await this.a.read()) + 1;
    await meanwhile();
    await this.a.write(next);
    await this.b.write(next);
    return next;
  }

  /** Takes one of two off, unless the other is off already. */
  async leave(mine: "a" | "b", meanwhile: Work): Promise<boolean> {
    const [a, b] = await this.readBoth(meanwhile);
    if (a + b < 2) return false;
    await this[mine].write(0);
    return true;
  }
}

@Replicated()
class SequentialPair extends Pair {
  @Sequential() readonly a = register(0);
  @Sequential() readonly b = register(0);

  @Transaction() look(meanwhile: Work): Promise<Both> {
    return this.readBoth(meanwhile);
  }
  @Transaction() async refuse(meanwhile: Work): Promise<void> {
    throw new Saw(await this.readBoth(meanwhile));
  }
  @Transaction() put(meanwhile: Work): Promise<number> {
    return this.raise(meanwhile);
  }
  @Transaction() off(mine: "a" | "b", meanwhile: Work): Promise<boolean> {
    return this.leave(mine, meanwhile);
  }
}

@Replicated()
class LinearizablePair extends Pair {
  @Linearizable() readonly a = register(0);
  @Linearizable() readonly b = register(0);

  @Transaction() look(meanwhile: Work): Promise<Both> {
    return this.readBoth(meanwhile);
  }
  @Transaction() async refuse(meanwhile: Work): Promise<void> {
    throw new Saw(await this.readBoth(meanwhile));
  }
  @Transaction() put(meanwhile: Work): Promise<number> {
    return this.raise(meanwhile);
  }
  @Transaction() off(mine: "a" | "b", meanwhile: Work): Promise<boolean> {
    return this.leave(mine, meanwhile);
  }
}

const regions = ["nyc", "london", "tokyo"] as const;
const levels = [
  ["sequential", SequentialPair],
  ["linearizable", LinearizablePair],
] as const;

const noWork: Work = async () => {};

/** Undefined when it was refused, or nobody knows. */
async function tried<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (isUnavailable(error) || isIndeterminate(error) || isConflict(error)) return undefined;
    throw error;
  }
}

async function sawWhenRefused(work: Promise<void>): Promise<Both | undefined> {
  try {
    return (await tried(work)) as undefined;
  } catch (error) {
    if (error instanceof Saw) return error.both;
    throw error;
  }
}

/** Four sessions raise two registers together and look at both; each knows the highest value that it has met. */
const readers = (Kind: (typeof levels)[number][1]) =>
  scenario("sessions look at two registers that change together", { regions, faults: randomFaults() }, async (run) => {
    /** Linearizable: what anybody has met. */
    let highest = 0;
    const met = { looks: 0, refusals: 0 };
    const client = async (region: (typeof regions)[number], moves: boolean) => {
      const session = run.session(region);
      let known = 0;
      const meanwhile = async () => {
        await run.sleep(run.random() * 150);
        // Within a transaction: its snapshot is that of the domain, whoever is asked for it.
        if (moves) session.moveTo(regions[Math.floor(run.random() * 3)] as "nyc");
      };
      for (let i = 0; i < 8; i++, await run.sleep(run.random() * 100)) {
        const pair = session.open(Kind, "p");
        if (run.random() < 0.4) {
          known = Math.max(known, (await tried(pair.put(meanwhile))) ?? 0);
          highest = Math.max(highest, known);
          continue;
        }
        const isRefusal = run.random() < 0.5;
        const least = Kind === LinearizablePair ? highest : known;
        const both = await (isRefusal ? sawWhenRefused(pair.refuse(meanwhile)) : tried(pair.look(meanwhile)));
        if (both === undefined) continue;
        met[isRefusal ? "refusals" : "looks"]++;
        await run.check("one snapshot", async () => both[0] === both[1]);
        await run.check("not older than the begin", async () => both[0] >= least);
        known = Math.max(known, both[0]);
        highest = Math.max(highest, known);
      }
    };
    await Promise.all([...regions.map((region) => client(region, false)), client("nyc", true)]);
    await run.check("enough was seen", async () => met.looks + met.refusals > 0);
  });

describe.each(levels)("a transaction on %s cells", (_, Kind) => {
  it("reads one snapshot, not older than what was known at its begin, also when it aborts", async () => {
    const report = await explore(readers(Kind), { schedules: 150 });
    expect(report.violations).toEqual([]);
    expect(report.schedules).toBe(150);
  });

  it("does not let two that read the same and write different cells both succeed (write skew)", async () => {
    const target = scenario("both want to leave", { regions }, async (run) => {
      await tried(run.session("nyc").open(Kind, "p").put(noWork));
      await run.sleep(500);
      const left = await Promise.all(
        (["a", "b"] as const).map((mine) =>
          tried(
            run
              .session(mine === "a" ? "london" : "tokyo")
              .open(Kind, "p")
              .off(mine, () => run.sleep(run.random() * 50)),
          ),
        ),
      );
      await run.check("one has left, one stays", async () => left.filter((hasLeft) => hasLeft === true).length === 1);
    });
    // It starts with 1 in both, so both may leave by what each has read.
    expect((await explore(target, { schedules: 100 })).violations).toEqual([]);
  });

  it("is run again when its snapshot is gone before it has read all", async () => {
    const target = scenario("a slow reader", { regions }, async (run) => {
      const writer = run.session("nyc").open(Kind, "p");
      const reader = run.session("london").open(Kind, "p");
      // Not inside the reader's transaction, or the writes would be part of it.
      const write = async () => {
        await run.sleep(200);
        for (let value = 1; value <= 400; value += 20) {
          await Promise.all(Array.from({ length: 20 }, (_, at) => writer.a.write(value + at)));
        }
        await writer.put(noWork);
        await run.sleep(200);
      };
      const writing = write();
      const both = await reader.look(() => writing);
      await run.check("it was run again", async () => reader.attempts === 2 && both[0] > 0);
      await run.check("one snapshot", async () => both[0] === both[1]);
    });
    expect((await explore(target, { schedules: 3 })).violations).toEqual([]);
  });
});
