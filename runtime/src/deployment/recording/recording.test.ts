import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { openIn } from "../../cells/open.js";
import { decodeHistory, type History, verify } from "../../checkers/index.js";
import {
  AnnotationError,
  counter,
  deployment,
  Eventual,
  LevelError,
  Linearizable,
  log,
  map,
  open,
  Replicated,
  register,
  Sequential,
  set,
  Transaction,
} from "../../index.js";
import { explore, scenario } from "../../simulation/index.js";
import { enterEvaluation, enterSession } from "../ambient-session.js";
import { EmbeddedDeployment } from "../embedded.js";
import type { RecordOptions } from "./recording.js";

@Replicated()
class Account {
  @Linearizable() readonly balance = register<unknown>(100);
  @Linearizable() readonly entries = log<string>();
  @Linearizable() readonly tags = set<string>();
  @Linearizable() readonly limits = map<string, number>();
  @Linearizable() readonly views = counter();
  @Sequential() readonly name = register("ann");
  @Eventual() readonly likes = counter();

  constructor(readonly id: string) {}

  @Transaction()
  async transfer(to: Account, amount: number): Promise<void> {
    await this.balance.update((b) => (b as number) - amount);
    await to.balance.update((b) => (b as number) + amount);
  }

  @Transaction()
  async refused(): Promise<void> {
    await this.balance.write(0);
    throw new Error("insufficient funds");
  }
}

const folder = mkdtempSync(join(tmpdir(), "faultline-recording-"));
const file = join(folder, "history.jsonl");

/** Each test has a deployment of its own. */
async function recorded(
  options: Omit<RecordOptions, "file">,
  run: () => Promise<void>,
  before: () => Promise<void> = async () => {},
): Promise<{ readonly text: string; readonly history: History }> {
  const leave = enterSession(new EmbeddedDeployment().createSession("nyc"));
  try {
    await before();
    const recording = deployment.record({ file, ...options });
    await run();
    await recording.stop();
  } finally {
    leave();
  }
  const text = readFileSync(file, "utf8");
  return { text, history: decodeHistory(text) };
}

afterEach(() => rmSync(file, { force: true }));

/** Everything that a session can do, many at a time. */
async function everything(sessions: number, words: readonly string[]): Promise<void> {
  await Promise.all(
    Array.from({ length: sessions }, async (_, i) => {
      const session = deployment.session({ region: i % 2 === 0 ? "nyc" : "london" });
      const account = session.open(Account, words[i % words.length] ?? "alice");
      const other = session.open(Account, "other");
      await account.transfer(other, i + 1);
      await account.tags.add(`tag ${i % 3}`);
      await account.limits.update("day", (limit) => (limit ?? 0) + 1);
      await Promise.all([account.entries.append(`entry ${i}`), account.views.increment(), account.likes.increment()]);
      await account.refused().catch(() => undefined);
      await account.tags.delete("tag 1");
      await account.limits.put(`session ${i}`, i);
      await account.balance.compareAndSet(100, 7);
      await account.name.write(`name ${i}`);
      await Promise.all([
        ...[account.tags.values(), account.tags.size(), account.tags.has("tag 0"), account.limits.entries()],
        ...[account.limits.get("day"), account.entries.entries(), account.views.read(), account.likes.read()],
        ...[account.balance.read(), other.balance.read(), account.name.read(), account.balance.siblings()],
      ]);
    }),
  );
}

const outcomes = (history: History): readonly string[] => [
  verify(history, { level: "linearizable" }).outcome,
  verify(history, { model: "strict-serializable" }).outcome,
];

describe("deployment.record()", () => {
  test("writes what sessions do, which holds what the levels promise", async () => {
    const { history } = await recorded({}, () => everything(6, ["alice", "bob"]));
    expect(history.events.length).toBeGreaterThan(100);
    expect(history.recording).toMatchObject({ sampleRatio: 1, redacted: false, maxClockSkewMs: 0, isCutOff: false });
    expect(new Set(history.cells.map(({ gap }) => gap))).toEqual(new Set([undefined]));
    expect(history.events.filter(({ transaction, status }) => transaction && status === "fail")).toHaveLength(6);
    expect(outcomes(history)).toEqual(["valid", "valid"]);
  });

  test("begins with what cells hold then", async () => {
    const before = async () => {
      await open(Account, "alice").balance.write(5);
      await open(Account, "alice").tags.add("a");
    };
    const { history } = await recorded({}, async () => void (await open(Account, "alice").balance.read()), before);
    expect(history.cells).toMatchObject([{ label: "alice.balance", initial: 5, level: "linearizable" }]);
    expect(history.events).toHaveLength(1);
    expect(outcomes(history)).toEqual(["valid", "valid"]);
  });

  test("says of which cells it is not sure what they held, because operations were under way", async () => {
    let done: Promise<unknown> = Promise.resolve();
    const before = async () => {
      done = Promise.all([
        open(Account, "alice").balance.update(() => 9),
        open(Account, "alice")
          .refused()
          .catch(() => 0),
      ]);
    };
    const { history } = await recorded(
      {},
      async () => {
        const read = open(Account, "alice").balance.read();
        await Promise.all([done, read]);
        await open(Account, "alice").balance.read();
        await open(Account, "bob").balance.read();
      },
      before,
    );
    expect(history.cells.map(({ label, gap }) => [label, gap])).toEqual([
      ["alice.balance", "unrecorded"],
      ["bob.balance", undefined],
    ]);
    expect(outcomes(history)).not.toContain("invalid");
  });

  test("leaves out whole sessions, and never makes an anomaly of that", async () => {
    const shares: number[] = [];
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 100 }).map((percent) => percent / 100),
        fc.integer({ min: 1, max: 6 }),
        async (sampleRatio, n) => {
          const { history } = await recorded({ sampleRatio }, () => everything(n, ["alice"]));
          shares.push(history.events.length);
          expect(outcomes(history)).not.toContain("invalid");
          const perSession = new Map<number, number>();
          for (const { session } of history.events) perSession.set(session, (perSession.get(session) ?? 0) + 1);
          for (const count of perSession.values()) expect(count).toBe(23);
        },
      ),
      { numRuns: 15 },
    );
    expect(new Set(shares).size).toBeGreaterThan(1);
  });

  test("spreads the sample evenly", async () => {
    const { history } = await recorded({ sampleRatio: 0.25 }, async () => {
      for (let i = 0; i < 400; i++) await deployment.session().open(Account, "alice").balance.read();
    });
    expect(Math.abs(history.events.length - 100)).toBeLessThan(4);
  });

  test("shows no value that is redacted, and judges the rest of it all the same", async () => {
    const secret = ["alice", "entry 1", "tag 0", "session 2", "name 3"];
    const redact = (value: unknown) => (typeof value === "string" ? "redacted" : value);
    const { text, history } = await recorded({ redact }, () => everything(5, ["alice"]));
    expect(secret.filter((word) => text.includes(word))).toEqual([]);
    expect(text).toContain("redacted#");
    expect(history.recording?.redacted).toBe(true);
    expect(outcomes(history)).toEqual(["valid", "valid"]);
  });

  test("judges no counter whose numbers are redacted", async () => {
    const { text, history } = await recorded({ redact: () => "redacted" }, () => everything(4, ["alice", "bob"]));
    expect(text.match(/"args":\[-?\d/)).toBeNull();
    expect(history.cells.filter(({ gap }) => gap === "unreadable").map(({ type }) => type)).toContain("counter");
    expect(verify(history, { level: "linearizable" })).toMatchObject({ outcome: "unknown" });
  });

  test("goes on where redact throws, and says nothing of the value", async () => {
    const redact = () => {
      throw new Error("no");
    };
    const { text, history } = await recorded({ redact }, () => open(Account, "alice").balance.write("secret"));
    expect(text).not.toContain("secret");
    expect(history.events).toHaveLength(1);
  });

  test("writes that something happened where a value has no form in text", async () => {
    const { history } = await recorded({}, async () => {
      await open(Account, "alice").balance.write(new Uint8Array([1, 2]));
      await open(Account, "alice").balance.read();
      await open(Account, "bob").balance.read();
    });
    expect(history.events).toHaveLength(3);
    expect(history.cells.map(({ gap }) => gap)).toEqual(["unreadable", undefined]);
    expect(verify(history, { level: "linearizable" })).toEqual({
      outcome: "unknown",
      reason: "The values of alice.balance were not recorded, so only the rest can be judged.",
    });
  });

  test("tells once what goes wrong, and the application goes on", async () => {
    const errors: unknown[] = [];
    const leave = enterSession(new EmbeddedDeployment().createSession());
    const options = { file: join(folder, "missing", "x.jsonl"), onError: (error: unknown) => errors.push(error) };
    const recording = deployment.record(options);
    await everything(2, ["alice"]);
    await recording.stop();
    leave();
    expect(errors).toHaveLength(1);
    expect(String(errors[0])).toContain("ENOENT");
  });

  test("refuses a second recording, and can be begun again once stopped", async () => {
    const { history } = await recorded({}, async () => {
      expect(() => deployment.record({ file: join(folder, "second.jsonl") })).toThrow(LevelError);
    });
    expect(history.events).toEqual([]);
    const leave = enterSession(new EmbeddedDeployment().createSession());
    await deployment.record({ file }).stop();
    const again = deployment.record({ file });
    await open(Account, "alice").balance.write(1);
    await Promise.all([again.stop(), again.stop()]);
    await open(Account, "alice").balance.write(2);
    leave();
    expect(decodeHistory(readFileSync(file, "utf8")).events).toHaveLength(1);
  });

  test.each([{ file: "" }, { file: "x", sampleRatio: 2 }, { file: "x", redact: 1 }, { file: "x", sampleRatio: "1" }])(
    "refuses wrong options: %j",
    (options) => {
      const begin = () => deployment.record(options as unknown as RecordOptions);
      expect(begin).toThrow(AnnotationError);
      expect(begin).toThrow(/^Option `\w+` of deployment\.record\(\) is wrong\. Accepted: /);
    },
  );

  test("does nothing in a simulated run, nor where modules are evaluated for one", async () => {
    const inRun = scenario("records", { regions: ["nyc"] }, async ({ session, check }) => {
      const recording = deployment.record({ file });
      await session("nyc").open(Account, "alice").balance.write(1);
      await check("it was written", async () => (await session("nyc").open(Account, "alice").balance.read()) === 1);
      await recording.stop();
    });
    expect((await explore(inRun, { schedules: 2 })).outcome).toBe("holds");
    const leave = enterEvaluation();
    await deployment.record({ file }).stop();
    leave();
    expect(existsSync(file)).toBe(false);
  });

  test("keeps what sessions of other deployments do to themselves", async () => {
    const { history } = await recorded({}, async () => {
      await openIn(new EmbeddedDeployment().createSession(), Account, "alice").balance.write(3);
    });
    expect(history.events).toEqual([]);
  });
});
