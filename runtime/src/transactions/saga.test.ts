import { expect, test } from "vitest";
import { openIn } from "../cells/open.js";
import { UnreliableDeployment } from "../deployment/testing/unreliable-deployment.js";
import {
  counter,
  Eventual,
  IndeterminateError,
  Linearizable,
  Replicated,
  register,
  Saga,
  type SagaSteps,
  Transaction,
} from "../index.js";

@Replicated()
class Booking {
  @Linearizable() readonly room = register("free");
  @Linearizable() readonly paid = register(0);
  @Eventual() readonly mails = counter();
  seen: SagaSteps | undefined;
  undoing: "works" | "fails" = "works";

  constructor(readonly id: string) {}

  @Saga({ compensate: "undo" })
  async book(guest: string, fails: boolean): Promise<string> {
    await this.room.write(guest);
    await this.pay(50);
    if (fails) throw new Error("no such guest");
    await this.mails.increment();
    return guest;
  }

  @Saga({ compensate: "undo" })
  async fails(): Promise<void> {
    await this.room.read();
    throw new Error("before anything happened");
  }

  @Transaction()
  async pay(amount: number): Promise<void> {
    await this.paid.update((sum) => sum + amount);
  }

  @Saga({ compensate: "undo" })
  async bookInBranches(guest: string, fails: Promise<never>): Promise<void> {
    const pays = async () => {
      await this.room.write(guest);
      await this.pay(50);
      await this.mails.increment();
    };
    await Promise.all([fails, pays()]);
  }

  @Saga({ compensate: "undo" })
  async bookIfPaid(sum: number, guest: string): Promise<void> {
    await this.paid.compareAndSet(sum, 0);
    throw new Error(`not for ${guest}`);
  }

  async undo(steps: SagaSteps): Promise<void> {
    this.seen = steps;
    if (this.undoing === "fails") throw new Error("undo is down");
    await this.room.write("free");
    await this.paid.write(0);
  }
}

function setUp() {
  const deployment = new UnreliableDeployment();
  return { deployment, booking: openIn(deployment.createSession(), Booking, "7") };
}

test("a saga that succeeds is left alone", async () => {
  const { booking } = setUp();
  expect(await booking.book("ann", false)).toBe("ann");
  expect([await booking.room.read(), await booking.paid.read(), booking.seen]).toEqual(["ann", 50, undefined]);
});

test("a saga that fails after a partial effect is compensated, and its error is rethrown", async () => {
  const { booking } = setUp();
  await expect(booking.book("ann", true)).rejects.toThrow(/^no such guest$/);
  expect([await booking.room.read(), await booking.paid.read()]).toEqual(["free", 0]);
  expect(booking.seen?.completed).toEqual([
    { cell: "7.room", operation: "write", args: ["ann"] },
    { cell: "7.paid", operation: "update", args: [0, 50], before: 0, after: 50 },
  ]);
});

test("a saga that fails before any effect is not compensated", async () => {
  const { booking } = setUp();
  await expect(booking.fails()).rejects.toThrow("before anything happened");
  expect(booking.seen).toBeUndefined();
});

test("the compensation learns which steps had no answer", async () => {
  const { deployment, booking } = setUp();
  deployment.mishap = (request) =>
    request.kind === "commit" && request.expected.length > 0 && booking.seen === undefined ? "lost" : undefined;
  await expect(booking.book("ann", false)).rejects.toThrow(IndeterminateError);
  expect(booking.seen?.completed.map(({ cell }) => cell)).toEqual(["7.room"]);
  expect(booking.seen?.indeterminate.map(({ cell }) => cell)).toEqual(["7.paid"]);
});

test("a step that is under way when another branch fails is waited for, and undone; none begins after it", async () => {
  const { booking } = setUp();
  const failure = Promise.reject(new Error("no such guest"));
  await expect(booking.bookInBranches("ann", failure)).rejects.toThrow(/^no such guest$/);
  expect(booking.seen?.completed).toMatchObject([{ cell: "7.room", args: ["ann"] }]);
  expect([await booking.room.read(), await booking.paid.read(), await booking.mails.read()]).toEqual(["free", 0, 0]);
});

test("a compare-and-set that found another value is no step", async () => {
  const { booking } = setUp();
  await expect(booking.bookIfPaid(50, "ann")).rejects.toThrow("not for ann");
  expect(booking.seen).toBeUndefined();
  await expect(booking.bookIfPaid(0, "ann")).rejects.toThrow("not for ann");
  expect(booking.seen?.completed).toMatchObject([{ cell: "7.paid", operation: "compareAndSet" }]);
});

test("a compensation that fails leaves the outcome indeterminate", async () => {
  const { booking } = setUp();
  booking.undoing = "fails";
  await expect(booking.book("ann", true)).rejects.toThrow(
    "`book` failed after a partial effect (no such guest), and so did its compensation `undo`.",
  );
  await expect(booking.book("ann", true)).rejects.toBeInstanceOf(IndeterminateError);
});
