import { describe, expect, test } from "vitest";
import { openIn } from "../cells/open.js";
import { UnreliableDeployment } from "../deployment/testing/unreliable-deployment.js";
import {
  Causal,
  ConflictError,
  counter,
  Eventual,
  IndeterminateError,
  isUnavailable,
  LevelError,
  Linearizable,
  log,
  Replicated,
  register,
  Sequential,
  Transaction,
  UnavailableError,
} from "../index.js";

let runs = 0;

@Replicated()
class Account {
  @Linearizable() readonly balance = register(100);
  @Linearizable() readonly limit = register(0);
  @Sequential() readonly rank = register(0);
  @Causal() readonly notes = log<string>();
  @Causal() readonly mood = register("calm");
  @Eventual() readonly views = counter();

  constructor(readonly id: string) {}

  @Transaction()
  async transfer(to: Account, amount: number): Promise<number> {
    runs++;
    const left = await this.balance.update((b) => {
      if (b < amount) throw new Error("insufficient funds");
      return b - amount;
    });
    await to.balance.update((b) => b + amount);
    return left;
  }

  @Transaction()
  async ownWrites(): Promise<readonly number[]> {
    await this.balance.write(7);
    const first = await this.balance.read();
    await this.balance.update((b) => b + 1);
    const swapped = [await this.balance.compareAndSet(8, 9), await this.balance.compareAndSet(8, 10)];
    return [first, await this.balance.read(), ...swapped.map(Number)];
  }

  @Transaction()
  async viewed(): Promise<void> {
    runs++;
    await this.views.increment();
    await this.balance.update((b) => b + 1);
    throw new Error("not today");
  }

  @Transaction()
  async viewedAndCounted(): Promise<void> {
    runs++;
    await this.views.increment();
    await this.balance.update((b) => b + 1);
  }

  @Transaction()
  async annotated(): Promise<void> {
    runs++;
    const mood = await this.mood.read();
    await this.mood.write(`${mood}!`);
    await this.notes.append(await this.mood.read());
  }

  @Transaction()
  async everything(): Promise<void> {
    await this.notes.append("moved");
    await this.rank.write(1);
    await this.balance.write(1);
  }

  @Transaction()
  async shrugsOff(): Promise<string> {
    await this.limit.write(5);
    try {
      await this.balance.read();
    } catch (error) {
      return isUnavailable(error) ? "cannot know" : "what?";
    }
    return "fine";
  }

  @Transaction()
  async outer(to: Account): Promise<void> {
    await this.transfer(to, 10);
    await this.transfer(to, 10);
  }

  @Transaction()
  async forgetsToAwait(): Promise<{ readonly late: Promise<void> }> {
    await this.balance.read();
    const late = new Promise<void>((resolve, reject) => {
      setImmediate(() => this.balance.write(0).then(resolve, reject));
    });
    late.catch(() => undefined);
    return { late };
  }

  @Transaction()
  async updatesTwiceAtOnce(): Promise<readonly number[]> {
    return Promise.all([this.balance.update((b) => b + 1), this.balance.update((b) => b + 1)]);
  }

  @Transaction()
  async readsWhileItWrites(delay: number): Promise<void> {
    await this.balance.read();
    const write = async () => {
      for (let turn = 0; turn < delay; turn++) await undefined;
      await this.balance.write(5);
    };
    await Promise.all([this.balance.read(), write()]);
  }

  @Transaction()
  async readsBothAtOnce(): Promise<readonly number[]> {
    return Promise.all([this.balance.read(), this.limit.read(), this.balance.read()]);
  }
}

function setUp() {
  runs = 0;
  const deployment = new UnreliableDeployment();
  const session = deployment.createSession();
  return { deployment, alice: openIn(session, Account, "alice"), bob: openIn(session, Account, "bob") };
}

const commits = (deployment: UnreliableDeployment) => deployment.requests.filter(({ kind }) => kind === "commit");

describe("a transaction", () => {
  test("is one commit that expects what it read, from one snapshot", async () => {
    const { deployment, alice, bob } = setUp();
    expect(await alice.transfer(bob, 30)).toBe(70);
    expect(deployment.requests.map((request) => (request.kind === "read" ? request.snapshot : "commit"))).toEqual([
      undefined,
      0,
      "commit",
    ]);
    expect(commits(deployment)[0]).toMatchObject({
      expected: [
        { cell: "Account:alice.balance", version: 0 },
        { cell: "Account:bob.balance", version: 0 },
      ],
      mutations: [
        { cell: "Account:alice.balance", operation: { name: "write", args: [70] } },
        { cell: "Account:bob.balance", operation: { name: "write", args: [130] } },
      ],
    });
  });

  test("is one event to the observer, with its operations inside", async () => {
    const { deployment, alice, bob } = setUp();
    await alice.transfer(bob, 30);
    expect(deployment.events).toEqual([
      "call alice.transfer",
      "begin transfer",
      "update alice.balance at linearizable in transaction",
      'ok ["update",100,70] 70',
      "update bob.balance at linearizable in transaction",
      'ok ["update",100,130] 130',
      "end ok ok",
      "return ok",
    ]);
  });

  test("sees its own writes", async () => {
    const { alice } = setUp();
    expect(await alice.ownWrites()).toEqual([7, 9, 1, 0]);
    expect(await alice.balance.read()).toBe(9);
  });

  test("asks for one snapshot even when its first reads go out together", async () => {
    const { deployment, alice } = setUp();
    expect(await alice.readsBothAtOnce()).toEqual([100, 0, 100]);
    expect(deployment.requests.map((request) => request.kind === "read" && request.snapshot)).toEqual([undefined, 0]);
  });

  test("loses no update of two of its own that are in flight together", async () => {
    const { alice } = setUp();
    expect(await alice.updatesTwiceAtOnce()).toEqual([101, 102]);
    expect(await alice.balance.read()).toBe(102);
  });

  test.each([0, 1, 2, 3, 4, 5])("is told in the order in which it took place, a write %i turns late", async (delay) => {
    const { deployment, alice } = setUp();
    await alice.readsWhileItWrites(delay);
    const completed = deployment.events.filter((event) => event.startsWith("ok")).slice(1);
    expect([
      ['ok ["read"] 100', 'ok ["write",5] undefined'],
      ['ok ["write",5] undefined', 'ok ["read"] 5'],
    ]).toContainEqual(completed);
  });

  test("leaves nothing behind when the application throws, and rethrows its error", async () => {
    const { deployment, alice, bob } = setUp();
    await expect(alice.transfer(bob, 300)).rejects.toThrow(/^insufficient funds$/);
    expect([runs, commits(deployment).length]).toEqual([1, 0]);
    expect(deployment.events.at(-2)).toBe("end fail ");
  });

  test("runs again when a version it read is not current any more", async () => {
    const { deployment, alice, bob } = setUp();
    deployment.mishap = ({ kind }) => (kind === "commit" && runs < 3 ? "conflict" : undefined);
    await alice.transfer(bob, 30);
    expect([runs, await alice.balance.read(), await bob.balance.read()]).toEqual([3, 70, 130]);
    expect(deployment.events.filter((event) => event === "retry").length).toBe(2);
  });

  test("runs again when its snapshot is gone", async () => {
    const { deployment, alice, bob } = setUp();
    deployment.mishap = (request) =>
      request.kind === "read" && request.snapshot !== undefined && runs === 1 ? "conflict" : undefined;
    await alice.transfer(bob, 30);
    expect([runs, await alice.balance.read()]).toEqual([2, 70]);
  });

  test("gives up after eight attempts with ConflictError", async () => {
    const { deployment, alice, bob } = setUp();
    deployment.mishap = ({ kind }) => (kind === "commit" ? "conflict" : undefined);
    await expect(alice.transfer(bob, 30)).rejects.toThrow(ConflictError);
    expect(runs).toBe(8);
  });

  test("throws IndeterminateError when the commit is not answered, and does not try again", async () => {
    const { deployment, alice, bob } = setUp();
    deployment.mishap = ({ kind }) => (kind === "commit" ? "lost" : undefined);
    const error = await alice.transfer(bob, 30).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(IndeterminateError);
    expect((error as Error).message).toBe(
      "Whether `alice.balance`, `bob.balance` (linearizable) changed is not known in local: no answer in time. " +
        "It may have happened or may still happen: read back before repeating it.",
    );
    expect([runs, commits(deployment).length, deployment.events.at(-2)]).toEqual([1, 1, "end info info"]);
  });

  test("is doomed by a failed operation, whatever the body makes of it", async () => {
    const { deployment, alice } = setUp();
    deployment.mishap = ({ kind }) => (kind === "read" ? "unavailable" : undefined);
    await expect(alice.shrugsOff()).rejects.toThrow(UnavailableError);
    expect(commits(deployment)).toEqual([]);
  });

  test("joins the transaction that it is called in", async () => {
    const { deployment, alice, bob } = setUp();
    await alice.outer(bob);
    expect([commits(deployment).length, await alice.balance.read()]).toEqual([1, 80]);
    expect(deployment.events.filter((event) => event.startsWith("begin"))).toEqual(["begin outer"]);
  });

  test("refuses an operation after its end", async () => {
    const { alice } = setUp();
    const { late } = await alice.forgetsToAwait();
    await expect(late).rejects.toThrow(LevelError);
    await expect(late).rejects.toThrow("`alice.balance` was used by a transaction that has ended.");
    expect(await alice.balance.read()).toBe(100);
  });
});

describe("a transaction on weaker cells", () => {
  test("lets eventual operations take effect at once, also when it aborts", async () => {
    const { deployment, alice } = setUp();
    await expect(alice.viewed()).rejects.toThrow("not today");
    expect([await alice.views.read(), await alice.balance.read()]).toEqual([1, 100]);
    expect(deployment.events).toContain("increment alice.views at eventual");
  });

  test("is not run again once one was performed", async () => {
    const { deployment, alice } = setUp();
    deployment.mishap = (request) =>
      request.kind === "commit" && request.expected.length > 0 ? "conflict" : undefined;
    await expect(alice.viewedAndCounted()).rejects.toThrow("`viewedAndCounted` lost against concurrent changes once.");
    expect([runs, await alice.views.read()]).toEqual([1, 1]);
  });

  test("commits causal cells as one unit that expects nothing", async () => {
    const { deployment, alice } = setUp();
    await alice.annotated();
    expect(await alice.notes.entries()).toEqual(["calm!"]);
    expect(commits(deployment)).toMatchObject([{ expected: [], mutations: [{}, {}] }]);
  });

  test("commits what may refuse first, and says so when only a part got through", async () => {
    const { deployment, alice } = setUp();
    await alice.everything();
    expect(commits(deployment).map((request) => "mutations" in request && request.mutations[0]?.cell)).toEqual([
      "Account:alice.rank",
      "Account:alice.balance",
      "Account:alice.notes",
    ]);
    deployment.mishap = (request) =>
      request.kind === "commit" && request.mutations[0]?.cell.endsWith("balance") ? "unavailable" : undefined;
    await expect(alice.everything()).rejects.toThrow(
      "The transaction committed, but not the part of it that changes `alice.balance` (linearizable).",
    );
    expect(deployment.events.at(-2)).toBe("end info ok,fail");
    deployment.mishap = (request) =>
      request.kind === "commit" && request.mutations[0]?.cell.endsWith("balance") ? "lost" : undefined;
    await expect(alice.everything()).rejects.toThrow(
      "The transaction committed, but whether the part of it that changes `alice.balance` (linearizable) did is not known.",
    );
  });
});
