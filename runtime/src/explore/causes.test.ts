import { describe, expect, it } from "vitest";
import { Causal, counter, Eventual, Linearizable, quorum, Replicated, raft, register, Transaction } from "../index.js";
import { scenario, simulate } from "../simulation/index.js";
import type { MessageEvent, OperationEvent, Trace } from "../simulation/trace.js";

@Replicated()
class Wallet {
  @Linearizable() readonly balance = register(100);
  @Linearizable({ mechanism: raft({ replicas: 3 }) }) readonly limit = register(10);
  @Causal() readonly note = register("");
  @Eventual() readonly views = counter();
  @Eventual({ mechanism: quorum({ n: 3, r: 2, w: 2 }) }) readonly seen = register(0);

  constructor(readonly id: string) {}

  @Transaction()
  async pay(to: Wallet, amount: number): Promise<void> {
    await this.balance.update((sum) => sum - amount);
    await to.balance.update((sum) => sum + amount);
  }
}

const regions = ["nyc", "london", "tokyo"] as const;
type Body = Parameters<typeof scenario<(typeof regions)[number]>>[2];
const traceOf = async (body: Body): Promise<Trace> =>
  (
    await simulate(
      scenario("one", { regions, setup: async ({ open }) => open(Wallet, "ann").balance.write(100) }, body),
      { seed: 1 },
    )
  ).trace;

const operationsOf = ({ events }: Trace): readonly OperationEvent[] =>
  events.filter((event) => event.kind === "operation").filter(({ setup }) => !setup);
const messagesOf = ({ events }: Trace): readonly MessageEvent[] => events.filter((event) => event.kind === "message");

/** The texts of the messages that led to one, from the first. */
function chainTo(id: number | undefined, trace: Trace): readonly string[] {
  const message = messagesOf(trace).find((each) => each.id === id);
  return message === undefined
    ? []
    : [...chainTo(message.after, trace), `${message.text} ${message.from}→${message.to}`];
}

describe("causes in a trace", () => {
  it("lead from an operation over the messages that it caused to its answer", async () => {
    const trace = await traceOf(async ({ session }) => session("london").open(Wallet, "ann").balance.write(7));
    const [write] = operationsOf(trace);
    expect(write?.requests).toMatchObject([{ region: "london", kind: "commit" }]);
    const [request] = write?.requests ?? [];
    expect(request?.takenUs).toBeGreaterThan(write?.atUs ?? 0);
    expect(request?.answeredUs).toBeLessThan(write?.endUs ?? 0);
    const serving = messagesOf(trace).filter(({ operations }) => operations.includes(write?.id ?? -1));
    const notice = serving.find(({ text, to }) => text === "commit" && to === "london");
    expect(chainTo(notice?.id, trace)).toEqual([
      "forward london→tokyo",
      "append tokyo→london",
      "acknowledgement london→tokyo",
      "commit tokyo→london",
    ]);
    expect(new Set(serving.map(({ text }) => text))).toEqual(
      new Set(["forward", "append", "acknowledgement", "commit"]),
    );
    // Whatever came first from the leader with the new commit index: the notice, or a heartbeat that was on its way.
    const answer = messagesOf(trace).find(({ id }) => id === request?.answeredAfter);
    expect(answer).toMatchObject({ from: "tokyo", to: "london", deliveredUs: request?.answeredUs });
  });

  it("are none for what replicas do of themselves", async () => {
    const trace = await traceOf(async ({ sleep }) => sleep(500));
    const beats = messagesOf(trace).filter(({ text, sentUs }) => text === "heartbeat" && sentUs > 0);
    expect(beats.length).toBeGreaterThan(0);
    for (const beat of beats) expect(beat).toMatchObject({ after: undefined, operations: [] });
  });

  it("name the operation whose change a message carries, whoever asked for the message", async () => {
    const trace = await traceOf(async ({ session, sleep }) => {
      await session("nyc").open(Wallet, "ann").views.increment();
      await sleep(3_000);
    });
    const [increment] = operationsOf(trace);
    const carrying = messagesOf(trace).filter(({ operations }) => operations.includes(increment?.id ?? -1));
    expect(carrying.map(({ text, to }) => `${text} ${to}`)).toEqual(
      expect.arrayContaining(["operation london", "operation tokyo"]),
    );
  });

  it("tell what an update and a transaction ask: reads, then one commit", async () => {
    const trace = await traceOf(async ({ session }) => {
      const nyc = session("nyc");
      await nyc.open(Wallet, "ann").limit.update((limit) => limit + 1);
      await nyc.open(Wallet, "ann").pay(nyc.open(Wallet, "bob"), 5);
    });
    const kinds = operationsOf(trace).map(({ cell, requests }) => [cell, ...requests.map(({ kind }) => kind)]);
    expect(kinds).toEqual([
      ["ann.limit", "read", "commit"],
      ["ann.balance", "read", "commit"],
      ["bob.balance", "read", "commit"],
    ]);
    const [, first, second] = operationsOf(trace);
    expect(second?.requests[1]).toEqual(first?.requests[1]);
  });

  it("attribute what operations in flight together ask", async () => {
    const trace = await traceOf(async ({ session }) => {
      const ann = session("nyc").open(Wallet, "ann");
      await Promise.all([ann.seen.write(1), ann.seen.write(2), ann.note.write("x"), ann.seen.read()]);
    });
    for (const { requests, operation } of operationsOf(trace))
      expect(requests.map(({ kind }) => kind)).toEqual([operation === "read" ? "read" : "commit"]);
  });

  it("has setup before 0", async () => {
    const trace = await traceOf(async ({ sleep }) => sleep(10));
    const written = trace.events.find((event) => event.kind === "operation");
    expect(written).toMatchObject({ setup: true, cell: "ann.balance" });
    expect((written as OperationEvent).endUs).toBeLessThanOrEqual(0);
    expect((written as OperationEvent).requests[0]?.takenUs).toBeLessThan(0);
    expect(messagesOf(trace)[0]?.sentUs).toBeLessThan(0);
  });
});
