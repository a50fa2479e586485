import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { encodeHistory } from "../../../runtime/src/history/jsonl.js";
import { parseTimeline } from "../../../runtime/src/history/timeline.js";
import { root } from "../../../test/tidy/source-files.js";
import { verifyDocumentSchema } from "../documents/verify.js";
import { createProject, type Project } from "../simulate/testing/project.js";
import { faultline as runFaultline, type Surroundings } from "./testing/faultline.js";

// Whole processes on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

let project: Project;

/** Regions stand at the beginning of a line. */
const timelineOf = (text: string) => parseTimeline(text.replace(/^ +/gm, ""));

const fresh = encodeHistory(
  timelineOf(
    `
    balance: register 100
    nyc     [balance.write(70)]
    london                             [balance.read() = 70]
  `,
  ),
);

const stale = encodeHistory(
  timelineOf(`
    balance: register 100
    views: counter @eventual
    nyc     [balance.write(70)]  [views.increment()]
    london                                             [balance.read() = 100]
  `),
);

beforeAll(async () => {
  project = await createProject();
  project.write("fresh.jsonl", fresh);
  project.write("stale.jsonl", stale);
});

afterAll(() => project.remove());

const verified = (parameters: readonly string[], surroundings: Omit<Surroundings, "cwd"> = {}) =>
  runFaultline(["verify", ...parameters], { ...surroundings, cwd: project.root });

const documentOf = async (...parameters: readonly string[]) => {
  const { code, stdout, stderr } = await verified([...parameters, "--format", "json"]);
  expect(stderr).toBe("");
  return { code, document: verifyDocumentSchema.parse(JSON.parse(stdout)) };
};

describe("faultline verify", () => {
  it("finds nothing wrong with what happened as on one copy", async () => {
    const { code, document } = await documentOf("fresh.jsonl");
    expect(code).toBe(0);
    expect(document).toMatchObject({ verdict: "valid", level: "linearizable", operations: 2, anomalies: [] });
  });

  it("shows a stale read with the operations that show it, and the level at which it is none", async () => {
    const { code, stdout } = await verified(["stale.jsonl"]);
    expect(code).toBe(1);
    await expect(stdout).toMatchFileSnapshot("__snapshots__/verify-stale-read.txt");
    const { document } = await documentOf("stale.jsonl");
    expect(document).toMatchObject({ verdict: "invalid", level: "linearizable", operations: 3 });
    expect(document.anomalies).toMatchObject([{ name: "stale-read", operations: [0, 2] }]);
    expect(document.domains.map(({ level, verdict }) => [level, verdict])).toEqual([
      ["linearizable", "invalid"],
      ["eventual", "valid"],
    ]);
  });

  it("reads what was packed with gzip, and of what was cut off what is there", async () => {
    const packed = gzipSync(stale);
    writeFileSync(join(project.root, "whole.jsonl.gz"), packed);
    writeFileSync(join(project.root, "half.jsonl.gz"), packed.subarray(0, packed.length - 12));
    expect((await documentOf("whole.jsonl.gz")).document).toMatchObject({ verdict: "invalid", operations: 3 });
    expect((await documentOf("half.jsonl.gz")).document.recording).toMatchObject({ isCutOff: true });
  });

  it("judges by another level if asked", async () => {
    const { code, document } = await documentOf("stale.jsonl", "--level", "sequential");
    expect(code).toBe(0);
    expect(document).toMatchObject({ verdict: "valid", level: "sequential" });
  });

  it("cannot tell from what clients saw whether replicas converge", async () => {
    const { code, document } = await documentOf("stale.jsonl", "--level", "eventual");
    expect(code).toBe(3);
    expect(document.reason).toContain("a history cannot tell");
  });

  it("reads up to where a killed process stopped writing, says so, and holds nothing against anybody", async () => {
    project.write("cut-off.jsonl", stale.slice(0, -20));
    const { code, stdout } = await verified(["cut-off.jsonl"]);
    expect(code).toBe(0);
    expect(stdout).toContain("The recording ends in the midst");
    project.write("cut-off.jsonl", `${stale}{"id":`);
    const second = await verified(["cut-off.jsonl"]);
    expect(second.code).toBe(3);
    expect(second.stdout).toContain("that is no anomaly yet");
  });

  it("widens intervals by what clocks may differ", async () => {
    const facts = { startedAt: "2026-01-01T00:00:00.000Z", sampleRatio: 1, redacted: false, maxClockSkewMs: 1_000 };
    const recording = { ...facts, isCutOff: false };
    const history = timelineOf(`
      balance: register 100
      nyc     [balance.write(70)]
      london                       [balance.read() = 100]
    `);
    project.write("skewed.jsonl", encodeHistory({ ...history, recording }));
    expect((await documentOf("skewed.jsonl")).document.verdict).toBe("valid");
    project.write("skewed.jsonl", encodeHistory({ ...history, recording: { ...recording, maxClockSkewMs: 1 } }));
    expect((await documentOf("skewed.jsonl")).document.verdict).toBe("invalid");
  });

  it("draws the history", async () => {
    const { code } = await verified(["stale.jsonl", "--html", "out.html"]);
    expect(code).toBe(1);
    const page = readFileSync(join(project.root, "out.html"), "utf8");
    expect(page).toContain("stale-read");
    expect(page).toContain("balance");
  });

  it("stops when its time is over, and says what it knows", async () => {
    const wide = Array.from({ length: 60 }, (_, i) => `r${i}  [x.write(${i % 7}); y.write(${i % 5})----]`);
    const reads = Array.from({ length: 6 }, (_, i) => `q${i}   [x.read() = ${i}; y.read() = ${(i * 3) % 5}----------]`);
    const text = [
      "x: register 0",
      "y: register 0",
      ...wide,
      ...reads,
      "z                [x.read() = 9----------]",
    ].join("\n");
    project.write("hard.jsonl", encodeHistory(timelineOf(text)));
    const { code, stdout } = await verified(["hard.jsonl", "--timeout", "1", "--format", "json"]);
    expect(code).toBe(3);
    expect(verifyDocumentSchema.parse(JSON.parse(stdout)).reason).toBe("It was stopped by --timeout.");
  });

  it.each([
    [["missing.jsonl"], "There is no file missing.jsonl."],
    [["."], ". is a folder."],
    [["fresh.gz"], "fresh.gz is not packed with gzip, as its name says."],
    [["fresh.jsonl", "--level", "strong"], "It has to be one of none, eventual, causal"],
    [["fresh.jsonl", "--input", "jepsen"], "--input jepsen is not in this release yet."],
    [["fresh.jsonl", "--input", "csv"], 'There is no input "csv".'],
    [["fresh.jsonl", "--model", "kv"], "--model kv is not in this release yet."],
    [["fresh.jsonl", "--format", "xml"], "It has to be pretty or json."],
    [["fresh.jsonl", "--html", "no/out.html"], "There is no folder"],
    [["bad.jsonl"], "bad.jsonl is no history that can be read. Line 2: "],
    [["package.json"], "package.json is no history that can be read. Line 1: "],
  ])("refuses %j", async (parameters, message) => {
    project.write("bad.jsonl", fresh.replace('"ok"', '"maybe"'));
    project.write("fresh.gz", fresh);
    const { code, stderr, stdout } = await verified(parameters);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(message);
  });
});

describe("what an application records", () => {
  const program = (body: string) => `
    import { deployment, Linearizable, open, Replicated, register } from "${join(root, "runtime/src/index.ts")}";
    @Replicated()
    class Account {
      @Linearizable() readonly balance = register(100);
      constructor(readonly id: string) {}
    }
    const recording = deployment.record({ file: "history.jsonl" });
    const alice = open(Account, "alice");
    await alice.balance.update((balance) => balance - 30);
    await alice.balance.read();
    ${body}
  `;

  const ran = async (body: string) => {
    project.write("program.ts", program(body));
    const tsx = join(root, "node_modules/tsx/dist/cli.mjs");
    return promisify(execFile)(process.execPath, [tsx, "program.ts"], { cwd: project.root }).then(
      () => 0,
      ({ code, signal }: { readonly code: number | null; readonly signal: string | null }) => signal ?? code,
    );
  };

  it.each([
    ["when it stops recording", "await recording.stop();", 0],
    ["when the process just ends", "", 0],
    ["when it exits in the midst", "process.exit(3);", 3],
    ["when it fails", 'throw new Error("oh");', 1],
  ])("is whole %s", async (_, body, exitCode) => {
    expect(await ran(body)).toBe(exitCode);
    const { code, document } = await documentOf("history.jsonl");
    expect(code).toBe(0);
    expect(document).toMatchObject({ verdict: "valid", operations: 2, recording: { isCutOff: false } });
  });

  it("is read up to where it was killed", async () => {
    const written = `
      const { readFileSync } = await import("node:fs");
      while (readFileSync("history.jsonl", "utf8").split("\\n").length < 4) await new Promise((next) => setImmediate(next));
      process.kill(process.pid, "SIGKILL");
    `;
    expect(await ran(written)).not.toBe(0);
    const { code, document } = await documentOf("history.jsonl");
    expect(code).toBe(0);
    expect(document).toMatchObject({ verdict: "valid", recording: { isCutOff: true } });
  });
});
