import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { perfettoSchema } from "../perfetto/index.js";
import { createProject, type Project, scenarioFile } from "../simulate/testing/project.js";
import { faultline } from "./testing/faultline.js";

// Whole processes on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let project: Project;

beforeAll(async () => {
  project = await createProject();
  project.write("holds.ts", scenarioFile('await check("one", async () => (await page.views.read()) >= 0);'));
  project.write("violated.ts", scenarioFile('await check("two", async () => (await page.views.read()) === 2);'));
});

afterAll(() => {
  project.remove();
});

it("writes the first failing schedule for the viewers of traces", async () => {
  const run = ["simulate", "holds.ts", "violated.ts", "--schedules", "5", "--perfetto", "out.json"];
  const { code, stderr } = await faultline(run, { cwd: project.root });
  expect([code, stderr]).toEqual([1, "wrote out.json\n"]);
  const document = perfettoSchema.parse(JSON.parse(readFileSync(`${project.root}/out.json`, "utf8")));
  expect(document.otherData["target"]).toMatch(/^violated\.ts#/);
  const operation = document.traceEvents.find((event) => event.ph === "X" && event.cat === "operation");
  expect(operation).toMatchObject({ args: { place: expect.stringMatching(/^violated\.ts:\d+$/) } });
});

it("says that there is nothing to write where nothing failed", async () => {
  const run = ["simulate", "holds.ts", "--schedules", "5", "--perfetto", "none.json"];
  const { code, stderr } = await faultline(run, { cwd: project.root });
  expect([code, stderr]).toEqual([0, "none.json was not written: there is no schedule to draw.\n"]);
});

it("writes the schedule of a seed that is replayed, also one in which everything holds", async () => {
  const run = ["replay", "holds.ts#main", "--seed", "3", "--perfetto", "replayed.json"];
  const { code, stderr } = await faultline(run, { cwd: project.root });
  expect([code, stderr]).toEqual([0, "wrote replayed.json\n"]);
  const document = perfettoSchema.parse(JSON.parse(readFileSync(`${project.root}/replayed.json`, "utf8")));
  expect(document.otherData).toMatchObject({ target: "holds.ts#main", seed: "3" });
});
