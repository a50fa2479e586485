import { XMLParser, XMLValidator } from "fast-xml-parser";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import * as z from "zod";
import { createProject, type Project, scenarioFile } from "../../simulate/testing/project.js";
import { faultline } from "../testing/faultline.js";

// Whole processes on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let project: Project;

beforeAll(async () => {
  project = await createProject();
  const violated = scenarioFile(
    'await check("a < b & \\u0007\\ud800]]>", async () => (await page.views.read()) === 2);',
  );
  project.write("my bank.ts", `${violated}\n${held}`);
  const value = "]]><skipped/>]]><skipped/>";
  project.write(
    "nasty.ts",
    scenarioFile(
      `await page.title.write("${value}"); await check("${value}", async () => (await page.title.read()) === "");`,
    ),
  );
  project.write("stuck.ts", scenarioFile("await new Promise(() => {});"));
});

afterAll(() => {
  project.remove();
});

const held = [
  'export const held = scenario("holds", { regions: ["nyc"] }, async ({ session, check }) => {',
  '  const page = session("nyc").open(Page, "other");',
  "  await page.views.increment();",
  '  await check("one", async () => (await page.views.read()) === 1);',
  "});",
].join("\n");

/**
 * As strict as Jenkins, which refuses what is not in its schema: junit-10.xsd of its xunit-plugin. Of that, what a report
 * without reruns may have; all that is not named is not allowed.
 */
const text = z.string().optional();
const count = z.string().regex(/^\d+$/);
const seconds = z.string().regex(/^\d*(\.\d*)?$/);
const problem = z.strictObject({ message: text, type: text, "#text": text });
const testCase = z.strictObject({
  ...{ name: z.string(), classname: text, group: text, time: text },
  ...{ skipped: problem.optional(), failure: problem.optional(), error: problem.optional() },
  ...{ "system-out": text, "system-err": text },
});
const suite = z.strictObject({
  ...{ name: z.string(), tests: count, failures: count, errors: count, skipped: count.optional() },
  time: seconds.optional(),
  ...{ group: text, timestamp: text, hostname: text, id: text, package: text, file: text, log: text, url: text },
  properties: z.strictObject({ property: z.array(z.strictObject({ name: z.string(), value: z.string() })) }).optional(),
  testcase: z.array(testCase),
  ...{ "system-out": text, "system-err": text },
});
const reportSchema = z.strictObject({
  testsuites: z.strictObject({
    ...{ name: text, time: seconds.optional(), tests: count, failures: count, errors: count },
    testsuite: z.array(suite),
  }),
});

async function report(parameters: readonly string[]) {
  const { code, stdout, stderr } = await faultline(
    ["simulate", ...parameters, "--schedules", "3", "--format", "junit"],
    { cwd: project.root },
  );
  expect(stderr).toBe("");
  expect(XMLValidator.validate(stdout)).toBe(true);
  const lists = new Set(["testsuite", "testcase", "property"]);
  const parser = new XMLParser({
    ...{ ignoreAttributes: false, attributeNamePrefix: "", parseAttributeValue: false, ignoreDeclaration: true },
    isArray: (name: string) => lists.has(name),
  });
  return { code, ...reportSchema.parse(parser.parse(stdout)).testsuites };
}

describe("faultline simulate --format junit", () => {
  it("is a suite a file, a case a target, and a failure with its story and how to see it again", async () => {
    const { code, testsuite, ...sums } = await report(["my bank.ts"]);
    expect(code).toBe(1);
    expect(sums).toEqual({ name: "faultline simulate", tests: "2", failures: "1", errors: "0" });
    expect(testsuite.map(({ name }) => name)).toEqual(["my bank.ts"]);
    const [violated, holds] = testsuite[0]?.testcase ?? [];
    expect(holds).toMatchObject({ name: "held", classname: "my bank.ts" });
    expect(holds?.failure).toBeUndefined();
    expect(violated?.name).toBe("main");
    expect(testsuite[0]?.properties?.property).toEqual([
      { name: "main.seed", value: "1" },
      { name: "main.schedules", value: "3" },
      { name: "main.reproduce", value: "npx faultline replay 'my bank.ts#main' --seed 1" },
      { name: "held.seed", value: "1" },
      { name: "held.schedules", value: "3" },
    ]);
    expect(violated?.failure?.type).toBe("invariant");
    // What XML has no form for is marked as such.
    expect(violated?.failure?.message).toBe("a < b & \ufffd\ufffd]]>: violated in 3 of 3 schedules");
    expect(violated?.failure?.["#text"]).toMatch(
      /expected {2}2\n {2}observed {2}1[\s\S]*home\.views[\s\S]*Replay {2}npx/,
    );
  });

  it("stays what it is, whatever values say", async () => {
    const { testsuite } = await report(["nasty.ts"]);
    const [violated] = testsuite[0]?.testcase ?? [];
    expect(violated?.skipped).toBeUndefined();
    expect(violated?.failure?.["#text"]?.match(/]]><skipped\/>]]><skipped\/>/g)?.length).toBeGreaterThan(2);
  });

  it("has an error where nobody knows whether it holds", async () => {
    const { code, testsuite, ...sums } = await report(["stuck.ts"]);
    expect(code).toBe(3);
    expect(sums).toMatchObject({ tests: "1", failures: "0", errors: "1" });
    expect(testsuite[0]?.testcase[0]?.error).toMatchObject({
      type: "unknown",
      message: expect.stringContaining("never ended") as string,
    });
  });
});

describe("in continuous integration", () => {
  const simulated = (parameters: readonly string[], env: Readonly<Record<string, string>>) =>
    faultline(["simulate", ...parameters, "--schedules", "3"], { cwd: project.root, env });
  const command = "npx faultline replay 'my bank.ts#main' --seed 1 --faults none";

  it("the last line is the one command that shows the first violation again", async () => {
    const { stdout, stderr } = await simulated(["my bank.ts", "--faults", "none"], { CI: "true" });
    expect(stderr).toBe("");
    expect(stdout.trimEnd().split("\n").at(-1)).toBe(command);
  });

  it("also beside a document, which stays one", async () => {
    const { stdout, stderr } = await simulated(["my bank.ts", "--faults", "none", "--format", "json"], { CI: "1" });
    expect(JSON.parse(stdout)).toMatchObject({ schema: 1 });
    expect(stderr.trimEnd().split("\n").at(-1)).toBe(command);
  });

  it("nothing is to be shown again where all holds, and at a desk the report says it", async () => {
    const holds = await simulated(["my bank.ts#held"], { GITHUB_ACTIONS: "true" });
    expect(holds.stdout).not.toContain("again");
    const atDesk = await simulated(["my bank.ts"], { CI: "false" });
    expect(atDesk.stdout).not.toContain("To see the first violation again");
  });
});
