import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { simulateDocumentSchema } from "../documents/simulate.js";
import { preview, simulate, UnusableInputError } from "./index.js";
import type { SimulateOptions, SimulateResult } from "./simulate.js";
import { createProject, type Project } from "./testing/project.js";

// Child processes on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let project: Project;
let files = 0;

beforeAll(async () => {
  project = await createProject();
});

afterAll(() => {
  project.remove();
});

const imports = [
  'import { Causal, Eventual, Invariant, Linearizable, Replicated, Workload, counter, log, register, replicated } from "@faultline/runtime";',
  'import { scenario } from "@faultline/runtime/simulation";',
].join("\n");

const budget = `
@Replicated()
export class Budget {
  @Causal() readonly left = counter(10);
  constructor(readonly id: string) {}
  async spend(amount: 1 | 2 | 5) {
    if ((await this.left.read()) < amount) return;
    await this.left.decrement(amount);
  }
  @Invariant("never overspent", { when: "converged" })
  async notOverspent() { return (await this.left.read()) >= 0; }
}`;

const visits = `
@Replicated()
export class Visits {
  @Eventual() readonly count = counter();
  constructor(readonly id: string) {}
  async visit(times: number = 3) { if (times > 20) return; await this.count.increment(1); }
}`;

function optionsOf(text: string, options: Partial<SimulateOptions> = {}): SimulateOptions {
  const file = project.write(`case-${files++}.ts`, `${imports}${text}`);
  return { file, cwd: project.root, schedules: 40, seed: 1, ...options };
}

async function run(text: string, options: Partial<SimulateOptions> = {}): Promise<SimulateResult> {
  const result = await simulate(optionsOf(text, options));
  simulateDocumentSchema.parse(result.document);
  return result;
}

const namesOf = ({ document }: SimulateResult): readonly string[] =>
  document.runs.map(({ target }) => target.replace(/^.*#/, ""));

const only = ({ document }: SimulateResult) => {
  expect(document.runs).toHaveLength(1);
  const [single] = document.runs;
  if (single === undefined) throw new Error("no run");
  return single;
};

async function refused(promise: Promise<unknown>): Promise<string> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof UnusableInputError))
    throw new Error(`expected a refusal, got ${String(error)}`, { cause: error });
  return error.message;
}

describe("a class that no scenario opens", () => {
  it("that breaks its invariant", async () => {
    const result = await run(budget, { schedules: 200 });
    const single = only(result);
    expect(single).toMatchObject({
      target: expect.stringMatching(/^case-\d+\.ts#Budget$/),
      outcome: "violated",
      violations: [{ kind: "invariant", name: "never overspent" }],
    });
    expect(single.operations.map(({ name }) => name)).toContain("spend");
    expect(result.text).toMatch(/Calls +spend\(amount: 1 \| 2 \| 5\)\n/);
    expect(result.text).toContain(`npx faultline replay ${single.target} --seed`);
    const seed = single.violations[0]?.seed ?? 0;
    const file = `${project.root}/${single.target.replace(/#.*/, "")}`;
    const again = await simulate({ file, name: "Budget", cwd: project.root, schedules: 1, seed });
    expect(only(again).violations).toEqual([expect.objectContaining({ seed, count: 1 })]);
  });

  it("that holds, under random faults", async () => {
    const single = only(await run(visits));
    expect(single).toMatchObject({ outcome: "holds", vacuous: 0 });
    expect(single.faultsFired["partition"]).toBeGreaterThan(0);
  });

  it("without faults where none are asked for", async () => {
    expect(only(await run(visits, { faults: "none" })).faultsFired).toEqual({});
  });

  it("is called with other classes, exported or not", async () => {
    project.write(
      "ledger.ts",
      `${imports}
@Replicated()
class Ledger {
  @Eventual() readonly posted = counter();
  constructor(readonly id: string) {}
}
export type { Ledger };
`,
    );
    const single = only(
      await run(`
import type { Ledger } from "./ledger.js";
@Replicated()
class Journal { @Eventual() readonly lines = log<string>(); constructor(readonly id: string) {} }
@Replicated()
export class Account {
  @Linearizable() readonly balance = register(100);
  constructor(readonly id: string) {}
  async post(ledger: Ledger, journal: Journal, line: string) {
    await ledger.posted.increment();
    await journal.lines.append(line);
  }
}`),
    );
    expect(single).toMatchObject({ outcome: "holds", reason: null });
    expect(single.operations).toContainEqual(expect.objectContaining({ name: "post", ok: expect.any(Number) }));
  });

  it("is made by what replicated() says", async () => {
    const result = await run(`
class Mailer { sent = 0; send() { this.sent++; } }
@Replicated()
export class Inbox {
  @Eventual() readonly mails = log<string>();
  constructor(readonly id: string, private readonly mailer: Mailer) {}
  async deliver(mail: string) { this.mailer.send(); await this.mails.append(mail); }
}
export const inboxes = replicated(Inbox, { create: (id) => new Inbox(id, new Mailer()) });`);
    expect(namesOf(result)).toEqual(["inboxes"]);
    expect(only(result).outcome).toBe("holds");
  });

  it("is named by its own name where replicated() makes it", async () => {
    const text = `
@Replicated()
export class Inbox {
  @Eventual() readonly mails = log<string>();
  constructor(readonly id: string, private readonly limit: number) {}
  async deliver(mail: string) { await this.mails.append(mail); }
}
export const inboxes = replicated(Inbox, { create: (id) => new Inbox(id, 3) });`;
    expect(namesOf(await run(text, { name: "Inbox", schedules: 5 }))).toEqual(["inboxes"]);
  });
});

describe("a file", () => {
  const opened = `
export const first = scenario("opens the budget", { regions: ["nyc", "london"] }, async ({ session, check }) => {
  await check("ten", async () => (await session("nyc").open(Budget, "a").left.read()) === 10);
});`;

  it("means its scenarios and the classes that none of them opens", async () => {
    const result = await run(`${budget}${visits}${opened}`, { schedules: 5 });
    expect(namesOf(result)).toEqual(["first", "Visits"]);
  });

  it("and a class's name means that class, whoever opens it", async () => {
    expect(namesOf(await run(`${budget}${visits}${opened}`, { schedules: 5, name: "Budget" }))).toEqual(["Budget"]);
    expect(namesOf(await run(`${budget}${visits}${opened}`, { schedules: 5, name: "Visits" }))).toEqual(["Visits"]);
  });

  it("whose scenarios are made by a function for a class", async () => {
    const text = `${budget}
const reads = (type: new (id: string) => Budget) =>
  scenario("reads", { regions: ["nyc"] }, async ({ session, check }) => {
    await check("ten", async () => (await session("nyc").open(type, "a").left.read()) === 10);
  });
export const made = reads(Budget);`;
    expect(namesOf(await run(text, { schedules: 5 }))).toEqual(["made"]);
  });

  it("exports one class twice, and an abstract one", async () => {
    const text = `${visits}
export { Visits as Alias };
@Replicated()
export abstract class Never { @Eventual() readonly n = counter(); constructor(readonly id: string) {} abstract f(): void; }`;
    expect(namesOf(await run(text, { schedules: 5 }))).toEqual(["Visits"]);
  });

  it("exports a class of another file", async () => {
    project.write("visits.ts", `${imports}${visits}`);
    const result = await run('\nexport { Visits as Seen } from "./visits.js";', { schedules: 5 });
    expect(namesOf(result)).toEqual(["Seen"]);
    expect(only(result).outcome).toBe("holds");
  });

  it("is read from unsaved buffers", async () => {
    const options = optionsOf("this is not saved (");
    const buffers = new Map([[options.file, `${imports}${visits}`]]);
    expect(namesOf(await simulate({ ...options, buffers, schedules: 5 }))).toEqual(["Visits"]);
  });

  it("judges no promise that nobody has waited for", async () => {
    const text = budget.replace("(await this.left.read()) >=", "(this.left.read() as unknown as number) >=");
    expect(only(await run(text, { schedules: 3 })).violations[0]).toMatchObject({
      name: "never overspent",
      observed: "a promise: `await` is missing",
    });
  });
});

describe("what cannot be generated", () => {
  const impossible = `
@Replicated()
export class Feed {
  @Eventual() readonly posts = log<string>();
  constructor(readonly id: string) {}
  async subscribe(topic: string, options: { onPost: () => void }) { options.onPost(); await this.posts.append(topic); }
}`;

  it("is named with what to write, and other targets run", async () => {
    const result = await run(`${impossible}${visits}`, { schedules: 5 });
    expect(namesOf(result)).toEqual(["Feed", "Visits"]);
    const [feed, other] = result.document.runs;
    expect(other?.outcome).toBe("holds");
    expect(feed).toMatchObject({ outcome: "unknown", schedules: 0 });
    expect(feed?.reason).toMatch(
      /`Feed\.subscribe`.*`subscribe\(options\.onPost\)`.*\(\) => void.*@Workload\(\{ args/s,
    );
  });

  it("need not be where @Workload says what to call it with", async () => {
    const text = impossible.replace("async sub", '@Workload({ args: [["a", { onPost: () => {} }]] }) async sub');
    expect(only(await run(text, { schedules: 5 })).outcome).toBe("holds");
  });

  it("for want of an identity alone says how one is made", async () => {
    const text = visits.replace("readonly id: string", "readonly id: string, readonly mailer: { send(): void }");
    const single = only(await run(text, { schedules: 5 }));
    expect(single.outcome).toBe("unknown");
    expect(single.reason).toContain("its constructor needs `mailer`");
    expect(single.reason).toContain("replicated(Visits, {");
  });

  it("is refused where the class is no target", async () => {
    const text = visits.replace("@Replicated()\nexport ", "");
    expect(await refused(run(text))).toMatch(/no target: it exports neither a scenario nor a class with @Replicated/);
    expect(await refused(run(text, { name: "Visits" }))).toContain("which is not @Replicated()");
    expect(await refused(run(visits.replace("export ", ""), { name: "Visits" }))).toMatch(
      /for Visits, which .* does not export.*\n.*Export it: export class Visits \{ … \}\./s,
    );
    expect(await refused(run(visits.replace("@Replicated()\n", "")))).toContain(
      "Put @Replicated() on `Visits`, which is exported without it.",
    );
    expect(await refused(run(visits.replace("export ", "")))).toContain("Export `Visits`: export class Visits { … }.");
    expect(await refused(run(`${visits}${budget}`, { name: "Other" }))).toContain("It has Visits, Budget.");
  });
});

describe("the page on workloads", () => {
  const page = readFileSync(new URL("../../../docs/workloads.md", import.meta.url), "utf8");
  const [account = "", feed = ""] = [...page.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code = ""]) => code);
  const [shown = ""] = [...page.matchAll(/^```text\n([\s\S]*?)^```/gm)].map(([, text = ""]) => text);

  it("shows what the preview prints", async () => {
    const file = project.write("src/account.ts", account);
    expect(await preview({ file, cwd: project.root, schedules: 1, seed: 1 })).toBe(shown);
  });

  it("shows code that can be called", async () => {
    for (const [name, code] of Object.entries({ account, feed })) {
      const file = project.write(`src/${name}.ts`, code);
      expect(only(await simulate({ file, cwd: project.root, schedules: 40, seed: 1 })).outcome).toBe("holds");
    }
  });
});

describe("a preview", () => {
  it("says what would be called with what, and runs nothing", async () => {
    const text = `${budget}
@Replicated()
export class Account {
  @Linearizable() readonly balance = register(100);
  constructor(readonly id: string) {}
  async transfer(to: Account, amount: number, note?: string) { if (amount > 50) throw new Error("too much"); }
  @Workload({ weight: 3, args: [[1], [2]] }) async odd(callback: () => void) {}
  @Workload({ weight: 0 }) async rare() {}
}`;
    const shown = await preview(optionsOf(text));
    expect(shown.replace(/case-\d+/g, "case")).toMatchInlineSnapshot(`
      "case.ts#Budget   Budget, called as its signatures allow
        spend(amount: 1 | 2 | 5)

      case.ts#Account   Account, called as its signatures allow
        transfer(to: an Account, amount: number near 50, 100, note?: text)
        odd(…) with [[1], [2]], 3 times as often
        rare() never
      "
    `);
  });
});
