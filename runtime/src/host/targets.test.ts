import { describe, expect, it } from "vitest";
import { exploreScenario } from "../explore/explore.js";
import type { WorkloadShape } from "../explore/workload/shape.js";
import * as runtime from "../index.js";
import * as simulation from "../simulation/index.js";
import { compileProgram } from "./program.js";
import { evaluation, targetsOf } from "./targets.js";

const code = `
const { Replicated, Eventual, register, replicated } = require("@faultline/runtime");
const { scenario } = require("@faultline/runtime/simulation");

let opened = 0;
class Till {
  constructor(id) { this.id = id; this.coins = register(0); opened++; }
  async put(count) { await this.coins.write(count); }
  async opened() { await this.coins.read(); if (opened > 20) throw new Error("a module variable outlived a schedule"); }
}
Eventual()(Till.prototype, "coins");
Replicated()(Till);
class Plain { constructor(id) { this.id = id; } }

exports.Till = Till;
exports.branch = replicated(Till, { create: (id) => new Till(id) });
exports.Plain = Plain;
exports.visit = scenario("a visit", {}, async () => {});
exports.number = 5;
`;
const program = () =>
  compileProgram(code, "till.ts", { "@faultline/runtime": runtime, "@faultline/runtime/simulation": simulation });

const shape = (target: string): WorkloadShape => ({
  target,
  methods: [
    {
      name: "put",
      parameters: [{ name: "count", values: { kind: "number", near: [] }, isOptional: false, isRest: false }],
    },
    { name: "opened", parameters: [] },
  ],
});

const explored = (target: string, workload?: WorkloadShape, regions?: readonly string[]) => {
  const choice = { target, seed: 1, ...(workload && { workload }), ...(regions && { regions }) };
  const evaluate = evaluation(program(), choice);
  return exploreScenario({ target, seed: 1, schedules: 20, evaluate, faults: "none", isUserFile: () => false });
};

describe("what a program exports", () => {
  it("can be run if it is a scenario, a replicated class, or how one is made", () => {
    expect(targetsOf(program())).toEqual({
      kind: "targets",
      scenarios: [{ name: "visit", title: "a visit" }],
      classes: [
        { name: "Till", className: "Till" },
        { name: "branch", className: "Till" },
      ],
    });
  });
});

describe("a workload for an export", () => {
  it("calls it, with the modules evaluated afresh for every schedule", async () => {
    for (const target of ["Till", "branch"]) {
      const { report } = await explored(target, shape(target));
      expect([report.outcome, report.reason, report.violations]).toEqual(["holds", null, []]);
      const [opened] = report.operations.filter(({ name }) => name === "opened");
      expect(opened?.fail).toBe(0);
    }
  });

  it("runs in the regions that are configured", async () => {
    const { report } = await explored("Till", shape("Till"), ["paris", "dublin"]);
    expect(new Set(report.operations.map(({ region }) => region))).toEqual(new Set(["paris", "dublin"]));
  });

  it("is refused for what is not there, and nothing was run", async () => {
    await expect(explored("Shop", shape("Shop"))).rejects.toThrow("exports no replicated class named Shop");
    await expect(explored("Plain", shape("Plain"))).rejects.toThrow("exports no replicated class named Plain");
    await expect(explored("nothing")).rejects.toThrow("exports no scenario named nothing");
  });
});
