import { expect, expectTypeOf, test } from "vitest";
import { isAnnotationError, isConflict, open } from "../index.js";
import { InvalidCommandError } from "./index.js";
import { OverdrawnError, Wallet } from "./testing/wallet.js";

test("a command is checked as a whole, and refused with all that is wrong in it", async () => {
  const { commands, stream } = open(Wallet, "checked");
  const invalid = { type: "Charge", cents: -1.5, note: { lines: ["tea", 2] }, currency: "GBP" } as never;
  const error: unknown = await commands.execute(invalid).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(InvalidCommandError);
  const { problems, message } = error as InvalidCommandError;
  expect(problems.map(({ path }) => path)).toEqual(["cents", "note.lines[1]", "currency"]);
  expect(message).toContain("`Charge` was not handled. `cents`: is no whole number. `note.lines[1]`: ");
  expect(await stream.read()).toEqual([]);
});

test("a command that nobody handles is told which are", async () => {
  const { commands } = open(Wallet, "unknown");
  const unknown = commands.execute({ type: "toString" } as never);
  await expect(unknown).rejects.toThrow("`toString` was not handled. `type`: is not known. Accepted: Charge, Close.");
});

test("what a command takes and gives is typed by its handler; what has a default may be left out", async () => {
  const { commands } = open(Wallet, "typed");
  const charged = await commands.execute({ type: "Charge", cents: 100 });
  expectTypeOf(charged).toEqualTypeOf<{ left: number; token: { [stream: string]: number } }>();
  expect(charged).toEqual({ left: 900, token: { typed: 1 } });
  expectTypeOf(await commands.execute({ type: "Close" })).toEqualTypeOf<boolean>();
  // @ts-expect-error: the schema wants a number
  await expect(commands.execute({ type: "Charge", cents: "100" })).rejects.toThrow("`cents`: ");
});

test("under one key it is done once, and answered alike each time", async () => {
  const { commands, stream } = open(Wallet, "once");
  const answers = await Promise.all(
    [1, 2, 3].map(() => commands.execute({ type: "Charge", cents: 100 }, { idempotencyKey: "button-1" })),
  );
  expect(answers).toEqual(answers.map(() => ({ left: 900, token: { once: 1 } })));
  expect(await stream.read()).toHaveLength(1);
  await commands.execute({ type: "Charge", cents: 100 }, { idempotencyKey: "button-2" });
  expect((await stream.state()).state).toBe(800);
});

test("a key stands for one command", async () => {
  const { commands } = open(Wallet, "reused");
  await commands.execute({ type: "Charge", cents: 100 }, { idempotencyKey: "k" });
  await expect(commands.execute({ type: "Charge", cents: 200 }, { idempotencyKey: "k" })).rejects.toThrow(
    '`Charge` was not handled. `idempotencyKey`: "k" was used for something else: a key stands for one request.',
  );
  await expect(commands.execute({ type: "Close" }, { idempotencyKey: "" })).rejects.toThrow(
    "`idempotencyKey`: is empty",
  );
});

test("what the handler refuses leaves no key behind, and may be tried again", async () => {
  const { commands, stream, handled } = open(Wallet, "refused");
  const twice = () => commands.execute({ type: "Charge", cents: 1_500 }, { idempotencyKey: "k" });
  await expect(twice()).rejects.toThrow(OverdrawnError);
  expect(await handled.entries()).toEqual([]);
  await stream.append([{ type: "Refunded", cents: 600 }], { expectedVersion: 0 });
  expect((await twice()).left).toBe(100);
});

test("an expected version is compared in the transaction that writes", async () => {
  const { commands, stream } = open(Wallet, "versions");
  const charge = (expectedVersion: number) => commands.execute({ type: "Charge", cents: 1 }, { expectedVersion });
  const settled = await Promise.allSettled([charge(0), charge(0)]);
  const refused = settled.find((each) => each.status === "rejected")?.reason as Error;
  expect(isConflict(refused)).toBe(true);
  expect(refused.message).toContain(
    "`Charge` expects version 0, and version 1 is there. It did not happen: read again",
  );
  expect(await stream.read()).toHaveLength(1);

  const cannot: unknown = await commands.execute({ type: "Close" }, { expectedVersion: 1 }).catch((e: unknown) => e);
  expect(isAnnotationError(cannot)).toBe(true);
  expect((cannot as Error).message).toContain("Add `version` to the handler");
});
