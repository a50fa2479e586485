import { describe, expect, test } from "vitest";
import { UnreliableDeployment } from "../deployment/testing/unreliable-deployment.js";
import {
  Causal,
  ConflictError,
  counter,
  Eventual,
  IndeterminateError,
  LevelError,
  Linearizable,
  Replicated,
  register,
  UnavailableError,
} from "../index.js";
import { openIn } from "./open.js";
import { joinTokens } from "./requests.js";

@Replicated()
class Account {
  @Linearizable({ timeoutMs: 70 }) readonly balance = register(100);
  @Causal() readonly note = register("");
  @Eventual() readonly views = counter();

  constructor(readonly id: string) {}

  @Eventual()
  async glance(): Promise<number> {
    await this.views.increment();
    const seen = await this.balance.read();
    await this.balance.write(seen);
    return seen + (await this.look());
  }

  async look(): Promise<number> {
    return this.balance.read();
  }

  @Linearizable()
  async demand(): Promise<string> {
    return this.note.read();
  }

  async copyTo(other: Account): Promise<void> {
    await other.balance.write(await this.balance.read());
  }
}

function setUp() {
  const deployment = new UnreliableDeployment();
  const session = deployment.createSession("nyc");
  return { deployment, session, alice: openIn(session, Account, "alice") };
}

describe("an update", () => {
  test("commits at the version it read, and is recorded as what it read and wrote", async () => {
    const { deployment, alice } = setUp();
    expect(await alice.balance.update((b) => b - 30)).toBe(70);
    expect(deployment.requests[1]).toMatchObject({
      kind: "commit",
      expected: [{ cell: "Account:alice.balance", version: 0 }],
      mutations: [{ operation: { name: "write", args: [70] } }],
      timeoutUs: 70_000,
    });
    expect(deployment.events).toEqual(["update alice.balance at linearizable", 'ok ["update",100,70] 70']);
  });

  test("runs again on a conflict, with a new id, at most 16 times", async () => {
    const { deployment, alice } = setUp();
    let runs = 0;
    deployment.mishap = ({ kind }) => (kind === "commit" && runs < 3 ? "conflict" : undefined);
    expect(await alice.balance.update((b) => b + ++runs)).toBe(103);
    const ids = deployment.requests.flatMap((request) => (request.kind === "commit" ? [request.id] : []));
    expect(new Set(ids).size).toBe(3);
    deployment.mishap = ({ kind }) => (kind === "commit" ? "conflict" : undefined);
    runs = 0;
    const error = await alice.balance.update((b) => b + ++runs).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ConflictError);
    expect((error as Error).message).toBe(
      "`alice.balance` (linearizable) changed before `update` could, 16 times in a row. It did not happen: repeat it later.",
    );
    expect(runs).toBe(16);
  });

  test("passes on what its function throws, without a commit", async () => {
    const { deployment, alice } = setUp();
    const update = alice.balance.update(() => {
      throw new RangeError("too much");
    });
    await expect(update).rejects.toThrow(RangeError);
    expect(deployment.requests.length).toBe(1);
    expect(deployment.events.at(-1)).toBe('fail ["update"] undefined');
  });
});

describe("compareAndSet", () => {
  test("is one command where commands are ordered, else read, compare and commit", async () => {
    const { deployment, alice } = setUp();
    expect(await alice.balance.compareAndSet(100, 1)).toBe(true);
    expect(deployment.requests.map(({ kind }) => kind)).toEqual(["commit"]);
    expect(await alice.note.compareAndSet("", "hi")).toBe(true);
    expect(await alice.note.compareAndSet("", "ho")).toBe(false);
    expect(deployment.requests.map(({ kind }) => kind)).toEqual(["commit", "read", "commit", "read"]);
  });
});

describe("an operation that does not simply succeed", () => {
  test("names cell, level, region and what to do", async () => {
    const { deployment, alice } = setUp();
    deployment.mishap = () => "unavailable";
    const read = await alice.balance.read().catch((error: unknown) => error);
    expect(read).toBeInstanceOf(UnavailableError);
    expect(read).toMatchObject({ cell: "alice.balance", level: "linearizable", region: "nyc" });
    expect((read as Error).message).toBe(
      "`alice.balance` (linearizable) cannot be read from nyc: no leader is known. " +
        "Try again later, read it at a weaker level, or answer without it.",
    );
    await expect(alice.balance.write(1)).rejects.toThrow("`alice.balance` (linearizable) cannot be changed from nyc");
  });

  test("is indeterminate when a write has no answer, and unavailable when a read has none", async () => {
    const { deployment, alice } = setUp();
    deployment.mishap = () => "lost";
    await expect(alice.balance.write(1)).rejects.toThrow(IndeterminateError);
    await expect(alice.balance.read()).rejects.toThrow(UnavailableError);
    expect(deployment.events.filter((event) => /^(info|fail)/.test(event))).toEqual([
      'info ["write",1] undefined',
      'fail ["read"] undefined',
    ]);
  });
});

describe("a weaker level", () => {
  test("asks for the local state and is judged as weak as that", async () => {
    const { deployment, alice } = setUp();
    await alice.balance.at("eventual").read();
    expect(deployment.requests[0]).toMatchObject({ kind: "read", local: true });
    expect(deployment.events[0]).toBe("read alice.balance at eventual");
  });

  test("on a method holds for the reads inside, also of the methods it calls, and for no write", async () => {
    const { deployment, alice } = setUp();
    await alice.glance();
    expect(deployment.events.filter((event) => / at /.test(event))).toEqual([
      "increment alice.views at eventual",
      "read alice.balance at eventual",
      "write alice.balance at linearizable",
      "read alice.balance at eventual",
    ]);
  });

  test("cannot be written through, and nothing can be strengthened", async () => {
    const { deployment, alice } = setUp();
    await expect(alice.balance.at("eventual").write(1)).rejects.toThrow(
      "`alice.balance` cannot write through `.at(…)`: only reads can be weakened. Call it on the cell itself.",
    );
    await expect(alice.note.at("linearizable").read()).rejects.toThrow(LevelError);
    await expect(alice.demand()).rejects.toThrow("`alice.note` is causal and cannot be read at linearizable.");
    await expect(alice.note.at("strong" as never).read()).rejects.toThrow(
      '"strong" is no level. The levels are none, eventual, causal, sequential, linearizable.',
    );
    expect(deployment.requests).toEqual([]);
  });
});

describe("sessions", () => {
  test("a method runs in the session of its object, whatever session its arguments were opened in", async () => {
    const { deployment, alice } = setUp();
    const bob = openIn(deployment.createSession("london"), Account, "bob");
    deployment.mishap = ({ kind }) => (kind === "commit" ? "unavailable" : undefined);
    await expect(alice.copyTo(bob)).rejects.toMatchObject({ cell: "bob.balance", region: "nyc" });
    await expect(bob.balance.write(1)).rejects.toMatchObject({ region: "london" });
  });

  test("remember the most of what operations in flight together have seen", () => {
    expect(joinTokens([], [3, 1])).toEqual([3, 1]);
    expect(joinTokens([5], [3])).toEqual([5]);
    expect(joinTokens([5, 0], [3, 2])).toEqual([5, 2]);
    expect(joinTokens([1], [3, 2])).toEqual([3, 2]);
    expect(joinTokens([1, 7], [3])).toEqual([3, 7]);
  });
});
