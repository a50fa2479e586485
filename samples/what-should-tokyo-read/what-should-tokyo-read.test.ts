import { readFileSync } from "node:fs";
import {
  checkCausal,
  checkLinearizable,
  checkSequential,
  type History,
  type HistoryEvent,
  type Verdict,
  verify,
} from "@faultline/runtime/checkers";
import { explore, scenario } from "@faultline/runtime/simulation";
import { describe, expect, it } from "vitest";
import { levels, observations, places } from "./what-should-tokyo-read.js";

type Level = keyof typeof levels;
type Judge = (history: History) => Verdict;

const unjudged: Judge = () => ({ outcome: "valid" });
const judges: readonly { readonly name: string; readonly level: Level; readonly judge: Judge }[] = [
  { name: "none", level: "none", judge: unjudged },
  { name: "eventual", level: "eventual", judge: unjudged },
  { name: "causal memory", level: "causal", judge: (history) => checkCausal(history, { model: "cm" }) },
  { name: "causal", level: "causal", judge: (history) => checkCausal(history) },
  { name: "sequential", level: "sequential", judge: (history) => checkSequential(history) },
  { name: "linearizable", level: "linearizable", judge: (history) => checkLinearizable(history) },
];

/** A cell, a client and when: while the writes are going on, or after both are acknowledged. */
interface Asked {
  readonly cell: string;
  readonly client: number;
  readonly after?: true;
}

const question = {
  concurrent: [{ cell: "x", client: 2 }],
  after: [{ cell: "x", client: 2, after: true }],
  twoObservers: [
    { cell: "x", client: 2 },
    { cell: "x", client: 2, after: true },
    { cell: "x", client: 3 },
    { cell: "x", client: 3, after: true },
  ],
  twoVariables: [
    { cell: "x", client: 2 },
    { cell: "y", client: 2 },
    { cell: "y", client: 3 },
    { cell: "x", client: 3 },
  ],
} satisfies Readonly<Record<string, readonly Asked[]>>;

/** All that could be read, whatever a level has to say to it. */
function outcomesOf(values: readonly number[], count: number): readonly (readonly number[])[] {
  if (count === 0) return [[]];
  return outcomesOf(values, count - 1).flatMap((shorter) => values.map((value) => [...shorter, value]));
}

/** New York and London write at 0 ms and are acknowledged at 100 ms; who reads after that begins at 200 ms. */
function historyOf(
  level: Level,
  writes: readonly (readonly [string, number])[],
  reads: readonly (Asked & Read)[],
): History {
  const cells = ["x", "y"].map((key) => ({
    key,
    label: key,
    type: "register" as const,
    level,
    domain: level,
    initial: 0,
  }));
  const clients = [...new Set(reads.map(({ client }) => client))];
  const events: Omit<HistoryEvent, "id">[] = writes.map(([cell, value], client) => ({
    ...during(client, [0, 100]),
    operations: [{ cell, level, operation: { name: "write", args: [value] }, result: undefined }],
  }));
  for (const client of clients) {
    const own = reads.filter((read) => read.client === client);
    for (const [i, { cell, value, after }] of own.entries()) {
      const startMs = after ? 200 : i * 50;
      events.push({
        ...during(client, [startMs, startMs + 49]),
        operations: [{ cell, level, operation: { name: "read", args: [] }, result: value }],
      });
    }
  }
  events.sort((a, b) => a.invokedUs - b.invokedUs || a.process - b.process);
  return { version: 1, cells, events: events.map((event, id) => ({ ...event, id })) };
}

interface Read {
  readonly value: number;
}

function during(client: number, [fromMs, untilMs]: readonly [number, number]) {
  const times = { invokedUs: fromMs * 1000, completedUs: untilMs * 1000 };
  return {
    process: client,
    session: client,
    region: String(client),
    ...times,
    status: "ok",
    transaction: false,
  } as const;
}

function allowed(judge: (typeof judges)[number], asked: readonly Asked[]): readonly string[] {
  const isFork = asked.some(({ cell }) => cell === "y");
  const writes = isFork
    ? ([
        ["x", 1],
        ["y", 1],
      ] as const)
    : ([
        ["x", 1],
        ["x", 2],
      ] as const);
  return outcomesOf(isFork ? [0, 1] : [0, 1, 2], asked.length)
    .filter((values) => {
      const reads = asked.map((read, i) => ({ ...read, value: values[i] as number }));
      const verdict = judge.judge(historyOf(judge.level, writes, reads));
      if (verdict.outcome === "unknown") throw new Error(`${judge.name} of ${values.join()}: ${verdict.reason}`);
      return verdict.outcome === "valid";
    })
    .map((values) => values.join());
}

async function shown(level: Level): Promise<ReadonlySet<string>> {
  const seen = new Set<string>();
  const body = scenario(level, { regions: places }, async (context) => {
    seen.add((await observations(context, levels[level])).join());
  });
  const report = await explore(body, { schedules: 300 });
  expect(report.violations).toEqual([]);
  return seen;
}

describe("what Tokyo may read", () => {
  const sets = judges.map((judge) => ({
    ...judge,
    concurrent: allowed(judge, question.concurrent),
    after: allowed(judge, question.after),
    twoObservers: allowed(judge, question.twoObservers),
    twoVariables: allowed(judge, question.twoVariables),
  }));
  const of = (name: string) => sets.find((each) => each.name === name) as (typeof sets)[number];
  const without = (weaker: string, stronger: string, asked: keyof typeof question) =>
    of(weaker)[asked].filter((outcome) => !of(stronger)[asked].includes(outcome));

  it("is less from level to level", () => {
    for (const [i, { name }] of sets.entries()) {
      for (const asked of Object.keys(question) as (keyof typeof question)[]) {
        if (i > 0) expect(without(name, sets[i - 1]?.name as string, asked)).toEqual([]);
      }
    }
  });

  it("is anything at none and eventual, which promise nothing of what a client is answered at a moment", () => {
    const history = historyOf("eventual", [["x", 1]], [{ cell: "x", client: 1, value: 7 }]);
    expect(verify(history, { level: "none" }).outcome).toBe("unknown");
    expect(verify(history, { level: "eventual" }).outcome).toBe("unknown");
  });

  it("tells levels apart where the README says", () => {
    expect(without("causal memory", "causal", "twoObservers")).toEqual(["1,2,2,1", "2,1,1,2"]);
    expect(without("causal", "sequential", "twoObservers")).toEqual([]);
    expect(without("causal", "sequential", "twoVariables")).toEqual(["1,0,1,0"]);
    expect(of("linearizable").after).toEqual(["1", "2"]);
    expect(of("linearizable").twoObservers.every((outcome) => outcome[2] === outcome[6])).toBe(true);
  });

  it("was never anything else in 300 schedules, and is what the README's table says", async () => {
    const rows: string[] = [];
    for (const { name, level, concurrent, after, twoObservers, twoVariables } of sets) {
      const simulated = name === "causal memory" ? undefined : await shown(level);
      for (const outcome of simulated ?? []) expect(twoObservers).toContain(outcome);
      const cells = [name, concurrent.join(" "), after.join(" "), twoObservers.length, twoVariables.length];
      rows.push(`| ${[...cells, simulated?.size ?? ""].join(" | ")} |`);
    }
    const page = readFileSync(new URL("./README.md", import.meta.url), "utf8");
    expect(page).toContain(rows.join("\n"));
  });
});
