import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import connect, { type Client } from "chrome-remote-interface";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createProject, type Project } from "../simulate/testing/project.js";
import { type Finished, faultline } from "./testing/faultline.js";

// Whole processes on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const source = [
  'import { Eventual, Replicated, register } from "@faultline/runtime";',
  'import { partition, scenario } from "@faultline/runtime/simulation";',
  "",
  "interface Gift { readonly amount: number }",
  "",
  "@Replicated()",
  "export class Purse {",
  "  @Eventual() readonly coins = register(0);",
  "  constructor(readonly id: string) {}",
  "  /** Called more often than it is stopped in. */",
  "  async put(gift: Gift): Promise<void> {",
  "    const worth: number = gift.amount;",
  // Comparisons that are returned are looked into, which makes the line longer that is run; not the one that is debugged.
  "    const isWorth = () => worth >= 0; await this.coins.update((now) => now + worth); isWorth();",
  "  }",
  "}",
  'const cut = partition([["nyc"], ["london", "tokyo"]], { fromMs: 50, untilMs: 900 });',
  'export const gifts = scenario("gifts", { regions: ["nyc", "london", "tokyo"], faults: [cut] }, async ({ session, sleep, converged }) => {',
  '  const purse = session("nyc").open(Purse, "purse");',
  "  await purse.put({ amount: 4 });",
  "  await sleep(2_000);",
  '  converged("no gift is lost", async (each) => (await each.open(Purse, "purse").coins.read()) === 7);',
  '  const give = async (region: string, amount: number) => session(region).open(Purse, "purse").put({ amount });',
  '  await Promise.all([give("nyc", 1), give("tokyo", 2)]);',
  "});",
];
const line = (text: string): number => source.findIndex((each) => each.includes(text)) + 1;

let project: Project;

beforeAll(async () => {
  project = await createProject();
  project.write("purse.ts", source.join("\n"));
});

afterAll(() => {
  project.remove();
});

/** Starts a replay, and answers once it says where to attach. */
function inspected(parameters: readonly string[]): { readonly url: Promise<string>; readonly end: Promise<Finished> } {
  let found: (url: string) => void = () => {};
  const url = new Promise<string>((resolve) => {
    found = resolve;
  });
  const end = faultline(["replay", ...parameters], {
    cwd: project.root,
    onOutput: (text) => {
      const address = /Waiting for a debugger at (ws:\S+)/.exec(text)?.[1];
      if (address !== undefined) found(address);
    },
  });
  return { url, end };
}

/** A debugger, which knows the user's sources by the program's own map. */
class Debugger {
  private readonly maps = new Map<string, TraceMap>();

  private constructor(private readonly client: Client) {}

  static async attach(url: string): Promise<Debugger> {
    const client = await connect({ target: url, local: true });
    const attached = new Debugger(client);
    client.Debugger.scriptParsed(({ scriptId, sourceMapURL = "" }) => {
      const [, data] = sourceMapURL.split("base64,");
      if (data !== undefined) attached.maps.set(scriptId, new TraceMap(Buffer.from(data, "base64").toString("utf8")));
    });
    await client.Runtime.enable();
    await client.Debugger.enable({});
    return attached;
  }

  /** Lets it run to where it stops next. */
  async next(proceed: "begin" | "resume") {
    const paused = this.client.Debugger.paused();
    await (proceed === "begin" ? this.client.Runtime.runIfWaitingForDebugger() : this.client.Debugger.resume({}));
    const [frame] = (await paused).callFrames;
    if (frame === undefined) throw new Error("it stopped nowhere");
    const { scriptId, lineNumber, columnNumber = 0 } = frame.location;
    const map = this.maps.get(scriptId);
    if (map === undefined) throw new Error(`${frame.functionName} has no source map`);
    const { source: file, line: at } = originalPositionFor(map, { line: lineNumber + 1, column: columnNumber });
    const evaluate = async (expression: string): Promise<unknown> => {
      const { callFrameId } = frame;
      const { result } = await this.client.Debugger.evaluateOnCallFrame({
        callFrameId,
        expression,
        returnByValue: true,
      });
      return result.value;
    };
    return { file, line: at, within: frame.functionName, evaluate };
  }

  async resume(): Promise<void> {
    await this.client.Debugger.resume({});
  }
}

describe("faultline replay --inspect", () => {
  it("stops in the user's source at each operation that races, with virtual time standing still", async () => {
    const { url, end } = inspected(["purse.ts#gifts", "--seed", "3", "--inspect"]);
    const debug = await Debugger.attach(await url);
    const first = await debug.next("begin");
    expect({ file: first.file, line: first.line, within: first.within }).toEqual({
      file: pathToFileURL(join(project.root, "purse.ts")).href,
      line: line("this.coins.update"),
      within: "put",
    });
    const worth = [await first.evaluate("worth")];
    const atMs = await first.evaluate("Date.now()");
    // Asking takes real time: many rounds over the network of this machine.
    for (let round = 0; round < 20; round++) expect(await first.evaluate("Date.now()")).toBe(atMs);

    const second = await debug.next("resume");
    expect(second.line).toBe(line("this.coins.update"));
    worth.push(await second.evaluate("worth"));
    // Not the first call of all, which put in 4.
    expect(worth.sort()).toEqual([1, 2]);
    await debug.resume();

    const { code, stdout } = await end;
    expect(code).toBe(1);
    expect(stdout).toMatch(/^✗ no gift is lost[\s\S]*It stops at purse\.ts:13\. Virtual time stands still/);
    expect(stdout.trimEnd().split("\n").at(-1)).toBe("The schedule has run to its end.");
  });

  it("stops at the line that threw where no operation is to blame", async () => {
    const failing = source.map((text) => text.replace("await sleep(2_000);", 'throw new Error("out of coins");'));
    project.write("failing.ts", failing.join("\n"));
    const { url, end } = inspected(["failing.ts#gifts", "--seed", "3", "--inspect"]);
    const debug = await Debugger.attach(await url);
    const stopped = await debug.next("begin");
    expect(failing[(stopped.line ?? 0) - 1]).toContain("out of coins");
    await debug.resume();
    expect((await end).stdout).toContain("out of coins");
  });

  it("does so for a trace that was saved, at a port that was chosen", async () => {
    const kept = await faultline(["replay", "purse.ts#gifts", "--seed", "3", "--save", "purse.json"], {
      cwd: project.root,
    });
    expect(kept.code).toBe(1);
    const { url, end } = inspected(["purse.json", "--inspect", "0"]);
    const debug = await Debugger.attach(await url);
    expect((await debug.next("begin")).line).toBe(line("this.coins.update"));
    expect((await debug.next("resume")).line).toBe(line("this.coins.update"));
    await debug.resume();
    expect((await end).code).toBe(1);
  });

  it("waits for a debugger until it is told to stop", async () => {
    const { code, stdout } = await faultline(["replay", "purse.ts#gifts", "--seed", "3", "--inspect"], {
      cwd: project.root,
      interruptOn: "Waiting for a debugger",
    });
    expect(code).toBe(1);
    expect(stdout.trimEnd().split("\n").at(-1)).toBe("Stopped.");
  });

  it("says what is in the way when another program has the port", async () => {
    const { url, end } = inspected(["purse.ts#gifts", "--seed", "3", "--inspect"]);
    const { port } = new URL(await url);
    const refused = await faultline(["replay", "purse.ts#gifts", "--seed", "3", "--inspect", port], {
      cwd: project.root,
    });
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain(`See whether something else listens at port ${port}`);
    const debug = await Debugger.attach(`ws://127.0.0.1:${port}${new URL(await url).pathname}`);
    await debug.next("begin");
    await debug.next("resume");
    await debug.resume();
    expect((await end).code).toBe(1);
  });
});
