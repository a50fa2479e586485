import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { simulateDocumentSchema } from "../documents/simulate.js";
import { simulate, UnusableInputError } from "./index.js";
import type { SimulateOptions, SimulateResult } from "./simulate.js";
import { createProject, type Project, scenarioFile } from "./testing/project.js";

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

/** Simulates a file of this text, a few schedules of it, with a deadline that a test can wait for. */
async function run(text: string, options: Partial<SimulateOptions> = {}): Promise<SimulateResult> {
  const file = project.write(`case-${files++}.ts`, text);
  const limits = { deadlineMs: 30_000, ...options.limits };
  const result = await simulate({ file, cwd: project.root, schedules: 5, seed: 1, ...options, limits });
  simulateDocumentSchema.parse(result.document);
  return result;
}

const only = ({ document }: SimulateResult) => {
  expect(document.runs).toHaveLength(1);
  const [single] = document.runs;
  if (single === undefined) throw new Error("no run");
  return single;
};

/** The source line that a violation points at. */
function lineAt(text: string, result: SimulateResult): string | undefined {
  const line = only(result).violations[0]?.location?.range.start.line;
  return line === undefined ? undefined : text.split("\n")[line - 1]?.trim();
}

async function refused(promise: Promise<unknown>): Promise<UnusableInputError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof UnusableInputError))
    throw new Error(`expected a refusal, got ${String(error)}`, { cause: error });
  return error;
}

describe("a scenario", () => {
  it("that holds", async () => {
    const single = only(
      await run(scenarioFile('converged("one view", async (s) => (await s.open(Page, "home").views.read()) === 1);')),
    );
    expect(single).toMatchObject({
      target: expect.stringMatching(/^case-\d+\.ts#main$/),
      seed: 1,
      schedules: 5,
      outcome: "holds",
      reason: null,
    });
    expect(single.operations).toContainEqual(expect.objectContaining({ region: "nyc", ok: 5, fail: 0, info: 0 }));
  });

  it("that is violated says where, what was expected and what was there", async () => {
    const text = scenarioFile(
      'await check("two views", async () => (await page.views.read()) === 2 && (await page.views.read()) < 3);',
    );
    const result = await run(text);
    expect(only(result)).toMatchObject({
      outcome: "violated",
      violations: [{ kind: "invariant", name: "two views", seed: 1, count: 5, expected: "2", observed: "1" }],
    });
    expect([...result.traces.keys()]).toEqual([only(result).target]);
    expect(result.text).toContain(`npx faultline replay ${only(result).target} --seed 1`);
  });

  it("gives the same bytes twice", async () => {
    const text = scenarioFile(
      [
        "const seen = [Date.now(), Math.random(), performance.now(), crypto.randomUUID(), new Date().toLocaleString()];",
        "await new Promise((resolve) => setTimeout(resolve, Math.random() * 100));",
        "await page.title.write(JSON.stringify([...seen, Date.now()]));",
        'await check("never", async () => (await page.title.read()) === "");',
      ].join("\n"),
    );
    const file = project.write("twice.ts", text);
    const once = async () => {
      const { document, traces } = await simulate({ file, cwd: project.root, schedules: 3, seed: 7 });
      return JSON.stringify([document.runs.map((each) => ({ ...each, wallMs: 0 })), ...traces.values()]);
    };
    const first = await once();
    expect(first).toContain("[1767225600");
    expect(await once()).toBe(first);
  });

  it("is evaluated afresh for every schedule", async () => {
    const body = 'runs++;\nawait check("first", () => runs === 1);';
    expect(only(await run(scenarioFile(body, "let runs = 0;"))).outcome).toBe("holds");
  });

  it("whose state outlives a schedule is not deterministic, and said to be", async () => {
    const body =
      '(globalThis as any).runs = ((globalThis as any).runs ?? 0) + 1;\nawait check("first", () => (globalThis as any).runs < 3);';
    const single = only(await run(scenarioFile(body)));
    expect(single.outcome).toBe("unknown");
    expect(single.reason).toContain("not deterministic");
    expect(single.reason).toContain("seed 3");
  });

  it("is bundled from unsaved buffers, also those of files that do not exist yet", async () => {
    const file = project.write("saved.ts", "this is not TypeScript (");
    const text = scenarioFile(
      'await check("from a buffer", () => answer === 42);',
      'import { answer } from "./unsaved.js";',
    );
    const buffers = new Map([
      [file, text],
      [`${project.root}/unsaved.ts`, "export const answer: number = 42;"],
    ]);
    const result = await simulate({ file, cwd: project.root, schedules: 2, seed: 1, buffers });
    expect(only(result).outcome).toBe("holds");
  });

  it("sees types that decorators ask for", async () => {
    project.write(
      "nest/tsconfig.json",
      '{ "compilerOptions": { "experimentalDecorators": true, "emitDecoratorMetadata": true } }',
    );
    const before = [
      "const types: unknown[] = [];",
      "(Reflect as any).metadata = (key: string, value: unknown) => () => { if (key === 'design:paramtypes') types.push(value); };",
      "class Mailer {}",
      "const Injectable = () => (target: object) => {};",
      "@Injectable() class Service { constructor(readonly mailer: Mailer) {} }",
    ].join("\n");
    const text = scenarioFile('await check("types", () => types.some((list: any) => list[0] === Mailer));', before);
    const file = project.write("nest/service.ts", text);
    expect(only(await simulate({ file, cwd: project.root, schedules: 1, seed: 1 })).outcome).toBe("holds");
  });

  it("prints to the caller, once and not for every schedule", async () => {
    let output = "";
    await run(scenarioFile('console.log("hello"); process.stdout.write("there\\n");'), {
      schedules: 20,
      onOutput: (text) => (output += text),
    });
    expect(output).toBe("hello\nthere\n");
  });

  it("that is cancelled tells what is known by then", async () => {
    const abort = new AbortController();
    const single = only(
      await run(scenarioFile("await sleep(10);"), {
        schedules: 1_000_000,
        signal: abort.signal,
        onProgress: ({ done }) => done > 20 && abort.abort("by the test"),
      }),
    );
    expect(single.outcome).toBe("unknown");
    expect(single.reason).toMatch(/^Stopped by the test after \d+ schedules\.$/);
    expect(single.operations).not.toEqual([]);
  });
});

describe("code that does not end", () => {
  const impatient = { deadlineMs: 2_000 };
  const endless: Readonly<Record<string, string>> = {
    "a synchronous loop": "for (;;) {}",
    "a loop of microtasks": "for (;;) await null;",
    "virtual timers for ever": "for (;;) await sleep(1000);",
    "an interval that is awaited": "await new Promise(() => { setInterval(() => {}, 10); });",
  };
  for (const [what, body] of Object.entries(endless))
    it(`${what}: unknown, with the seed`, async () => {
      const single = only(
        await run(scenarioFile(`if (Math.random() >= 0) { ${body} }`), { seed: 40, limits: impatient }),
      );
      expect(single).toMatchObject({ outcome: "unknown", schedules: 0 });
      expect(single.reason).toContain("The schedule with seed 40 did not end within 2 s");
    });

  it("while it is evaluated: unknown", async () => {
    const single = only(await run(scenarioFile("", "for (;;) {}"), { limits: impatient }));
    expect(single).toMatchObject({ outcome: "unknown" });
    expect(single.reason).toContain("Evaluating the file did not end within 2 s");
  });

  it("waiting for what never comes: unknown, without waiting for the deadline", async () => {
    const single = only(await run(scenarioFile("await new Promise(() => {});"), { limits: { deadlineMs: 60_000 } }));
    expect(single.outcome).toBe("unknown");
    expect(single.reason).toContain("never ended");
  });

  it("after a violation: the violation counts", async () => {
    const body =
      '(globalThis as any).runs = ((globalThis as any).runs ?? 0) + 1;\nawait check("never", () => false);\nif ((globalThis as any).runs === 3) for (;;) {}';
    const single = only(await run(scenarioFile(body), { limits: impatient }));
    expect(single).toMatchObject({ outcome: "violated", schedules: 2, violations: [{ name: "never", count: 2 }] });
  });
});

describe("code that takes too much memory is stopped", () => {
  const limits = { heapLimitMb: 96, memoryLimitMb: 400, deadlineMs: 20_000 };
  it("on the heap, without the pages that V8 prints of it", async () => {
    const printed: string[] = [];
    const single = only(
      await run(scenarioFile("const kept: unknown[] = []; for (;;) kept.push(new Array(1000).fill(kept.length));"), {
        limits,
        onOutput: (text) => printed.push(text),
      }),
    );
    expect(printed.join("")).toBe("");
    expect(single.outcome).toBe("unknown");
    expect(single.reason).toContain("The schedule with seed 1 needed more than 96 MB of heap");
  });

  it("outside of the heap", async () => {
    const body = "const kept: unknown[] = []; for (;;) { kept.push(Buffer.alloc(16_000_000, 1)); await sleep(1); }";
    const single = only(await run(scenarioFile(body), { limits }));
    expect(single.outcome).toBe("unknown");
    expect(single.reason).toContain("or 400 MB in all");
  });
});

describe("code that reaches outside is a violation, at the line that does it", () => {
  const reaching: Readonly<Record<string, readonly [before: string, body: string]>> = {
    "process.exit": ["", "process.exit(0);"],
    "fs.readFileSync": ['import { readFileSync } from "node:fs";', 'readFileSync("package.json");'],
    "fs.promises.readFile": ['import { readFile } from "node:fs/promises";', 'await readFile("package.json");'],
    "net.connect": ['import net from "node:net";', 'net.connect(80, "127.0.0.1");'],
    "http.get": ['import { get } from "node:http";', 'get("http://127.0.0.1/");'],
    fetch: ["", 'await fetch("http://127.0.0.1/");'],
    "child_process.execSync": ['import { execSync } from "node:child_process";', 'execSync("true");'],
    "worker_threads.Worker": ['import { Worker } from "node:worker_threads";', 'new Worker("0", { eval: true });'],
  };
  for (const [what, [before, body]] of Object.entries(reaching)) {
    it(what, async () => {
      const text = scenarioFile(body, before);
      const result = await run(text);
      expect(only(result)).toMatchObject({ outcome: "violated", violations: [{ kind: "error", count: 5 }] });
      expect(only(result).violations[0]?.message).toContain(
        `\`${what}\` was called at ${only(result).target.replace(/#.*/, "")}:${text.split("\n").indexOf(body) + 1}:`,
      );
      expect(lineAt(text, result)).toBe(body);
    });
  }

  it("although it is caught", async () => {
    const body = 'try { readFileSync("package.json"); } catch {}';
    const result = await run(scenarioFile(body, 'import { readFileSync } from "node:fs";'));
    expect(only(result)).toMatchObject({ outcome: "violated", violations: [{ kind: "error", count: 5 }] });
  });

  it("while it is evaluated", async () => {
    const text = scenarioFile(
      "",
      'import { readFileSync } from "node:fs";\nconst text = readFileSync("package.json", "utf8");',
    );
    const result = await run(text);
    expect(only(result)).toMatchObject({ outcome: "violated", violations: [{ kind: "error", seed: 1 }] });
    expect(lineAt(text, result)).toBe('const text = readFileSync("package.json", "utf8");');
  });
});

describe("errors are violations", () => {
  it("thrown in the body", async () => {
    const text = scenarioFile("(undefined as any).property;");
    const result = await run(text);
    expect(only(result)).toMatchObject({ outcome: "violated", violations: [{ kind: "error", name: "TypeError" }] });
    expect(lineAt(text, result)).toBe("(undefined as any).property;");
    const { range, file } = only(result).violations[0]?.location ?? {};
    expect(result.text).toContain(`  at  ${file}:${range?.start.line}:${range?.start.column}\n`);
  });

  it("thrown without being errors", async () => {
    const result = await run(scenarioFile('throw "a text";'));
    expect(only(result)).toMatchObject({ outcome: "violated", violations: [{ kind: "error" }] });
    expect(only(result).violations[0]?.message).toContain('"a text"');
  });

  it("of promises that nobody handles", async () => {
    const text = scenarioFile('void Promise.reject(new Error("nobody hears"));\nawait sleep(1);');
    const result = await run(text);
    expect(only(result)).toMatchObject({ outcome: "violated", violations: [{ kind: "error", count: 5 }] });
    expect(lineAt(text, result)).toBe('void Promise.reject(new Error("nobody hears"));');
  });

  it("thrown in callbacks of timers and of ticks", async () => {
    for (const later of ["setTimeout", "queueMicrotask", "process.nextTick"]) {
      const result = await run(scenarioFile(`${later}(() => { throw new Error("later"); });\nawait sleep(5);`));
      expect(only(result), later).toMatchObject({ outcome: "violated", violations: [{ kind: "error" }] });
      expect(only(result).violations[0]?.message, later).toContain("later");
    }
  });
});

describe("what cannot be run is refused", () => {
  it("a file that is not there", async () => {
    const error = await refused(
      simulate({ file: `${project.root}/none.ts`, cwd: project.root, schedules: 1, seed: 1 }),
    );
    expect(error.message).toContain("There is no file none.ts.");
  });

  it("a file that does not parse, with the line", async () => {
    const error = await refused(run("export const a = 1;\nexport const b = = 2;\n"));
    expect(error.where).toMatch(/case-\d+\.ts:2:17/);
    expect(error.where).toContain("export const b = = 2;");
  });

  it("an import that leads nowhere", async () => {
    const error = await refused(run('import "./nowhere.js";\nexport const a = 1;'));
    expect(error.what).toContain("imports a module that cannot be found");
    expect(error.where).toContain("./nowhere.js");
    // What the compiler would have its own users do is not for ours.
    expect((await refused(run('import "nowhere";'))).message).not.toContain("external");
  });

  it("a file that is no code", async () => {
    const file = project.write("notes.md", "# Notes");
    const error = await refused(simulate({ file, cwd: project.root, schedules: 1, seed: 1 }));
    expect(error.what).toBe("notes.md is, or imports, a file that is not TypeScript or JavaScript.");
  });

  it("a file without a target", async () => {
    expect((await refused(run("export const a = 1;"))).what).toMatch(/exports neither a scenario nor a class/);
  });

  it("a name that the file does not have", async () => {
    const error = await refused(run(scenarioFile(""), { name: "nain" }));
    expect(error.message).toContain("has no target named nain");
    expect(error.message).toContain("It has main.");
    const more = "@Replicated() export class Cart {}\nexport class CartError extends Error {}";
    expect((await refused(run(scenarioFile("", more), { name: "nain" }))).message).toContain("It has main, Cart.");
  });

  it("a file that throws while it is evaluated, with the line", async () => {
    const error = await refused(run(scenarioFile("", 'throw new Error("at the top");')));
    expect(error.what).toContain("Error: at the top");
    expect(error.where).toMatch(/case-\d+\.ts:3:7/);
    const decorated = "@Replicated() class Wrong { @Eventual({ merge: 1 } as any) readonly x = register(0); }";
    expect((await refused(run(scenarioFile("", decorated)))).message).not.toContain(".simulated.cjs");
  });

  it("faults that do not exist", async () => {
    const error = await refused(run(scenarioFile(""), { faults: [{ fault: "earthquake", fromMs: 0 }] }));
    expect(error.what).toContain("earthquake");
    const early = await refused(run(scenarioFile(""), { faults: [{ fault: "crash", region: "nyc", fromMs: -5 }] }));
    expect(early.what).toContain("crash: fromMs is -5; it has to be a time in ms, 0 or more.");
  });

  it("a project without the runtime, or with one that does not fit", async () => {
    const other = await createProject();
    try {
      const file = other.write("main.ts", scenarioFile(""));
      const attempt = () => refused(simulate({ file, cwd: other.root, schedules: 1, seed: 1 }));
      other.write(
        "node_modules/@faultline/runtime/package.json",
        '{ "version": "9.0.0", "faultlineRuntime": { "hostProtocol": 9 } }',
      );
      expect((await attempt()).message).toMatch(
        /speaks host protocol 9, and this faultline speaks 2[\s\S]*npm install faultline@latest/,
      );
      other.unbuild();
      expect((await attempt()).what).toContain("is not built");
      other.uninstall();
      expect((await attempt()).help).toContain("npm install @faultline/runtime");
    } finally {
      other.remove();
    }
  });
});

describe("a class", () => {
  const file = [
    'import { Eventual, Replicated, counter } from "@faultline/runtime";',
    'import { scenario } from "@faultline/runtime/simulation";',
    "@Replicated() export class Page { @Eventual() readonly views = counter(); constructor(readonly id: string) {} }",
    "@Replicated() export class Cart { @Eventual() readonly items = counter(); constructor(readonly id: string) {} add() { return this.items.increment(); } }",
    "@Replicated() export class Idle { @Eventual() readonly items = counter(); constructor(readonly id: string) {} }",
    'const visit = (session: any) => session("nyc").open(Page, "p").views.increment();',
    'export const zebra = scenario("direct", {}, async ({ session }) => { await session("nyc").open(Cart, "c").items.increment(); });',
    'export const apple = scenario("through a function", {}, async ({ session }) => { await visit(session); });',
  ].join("\n");
  const targets = async (name?: string) => {
    const { document } = await run(file, name === undefined ? {} : { name });
    return document.runs.map(({ target }) => target.replace(/.*#/, ""));
  };

  it("by name means itself, and that is called as its signatures allow", async () => {
    expect(await targets("Cart")).toEqual(["Cart"]);
  });

  it("and a file means all of them, as they stand in it, and then the classes that none opens", async () => {
    expect(await targets()).toEqual(["zebra", "apple", "Idle"]);
  });
});
