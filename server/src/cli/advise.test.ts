import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { levels } from "../../../runtime/src/levels.js";
import { adviseDocumentSchema } from "../documents/advise.js";
import { createProject, type Project } from "../simulate/testing/project.js";
import { faultline as runFaultline, type Surroundings } from "./testing/faultline.js";

// Whole processes on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const root = fileURLToPath(new URL("../../../", import.meta.url));

let project: Project;

/** Each field is one case: known and simulated, known and never written, unknown, a preference that is too strong. */
const shop = `import { counter, Eventual, Invariant, Linearizable, Replicated, register, set } from "@faultline/runtime";

@Replicated()
export class Shop {
  @Eventual() readonly stock = register(1);
  @Linearizable() readonly theme = register("light");
  @Eventual() readonly prices = register(10);
  @Linearizable() readonly blob = set<string>();
  constructor(readonly id: string) {}

  async sell(): Promise<void> {
    await this.stock.update((left) => {
      if (left === 0) throw new Error("sold out");
      return left - 1;
    });
  }

  async dress(theme: "light" | "dark"): Promise<void> {
    await this.theme.write(theme);
  }

  async price(): Promise<number> {
    return await this.prices.read();
  }

  @Invariant("nothing is sold that is not there")
  async inStock(): Promise<boolean> {
    return (await this.stock.read()) >= 0;
  }
}
`;

const unjudged = `import { counter, Eventual, Linearizable, Replicated, register, Transaction } from "@faultline/runtime";

@Replicated()
export class Page {
  /** The balance of the wallet. */
  @Eventual() readonly left = register(0);
  @Linearizable() readonly likes = counter();
  @Eventual() readonly views = counter();
  constructor(readonly id: string) {}

  @Transaction()
  async tip(): Promise<void> {
    await this.left.update((left) => left + 1);
    await this.likes.increment();
  }

  async view(): Promise<void> {
    await this.views.increment();
  }
}
`;

/** Wrong at every level: nothing keeps it from going below zero. */
const overdrawn = `import { Invariant, Linearizable, Replicated, register } from "@faultline/runtime";

@Replicated()
export class Till {
  @Linearizable() readonly cash = register(0);
  constructor(readonly id: string) {}

  async take(): Promise<void> {
    await this.cash.update((cash) => cash - 1);
  }

  @Invariant("there is no debt")
  async solvent(): Promise<boolean> {
    return (await this.cash.read()) >= 0;
  }
}
`;

beforeAll(async () => {
  project = await createProject();
  project.write("shop.ts", shop);
  project.write("page.ts", unjudged);
  project.write("till.ts", overdrawn);
  project.write("noisy.ts", unjudged.replace("await this.views", 'console.log("begun");\n    await this.views'));
  project.write(
    "scenario.ts",
    `import { scenario } from "@faultline/runtime/simulation";
     import { Shop } from "./shop";
     export { Shop };
     export const sale = scenario("a sale", { regions: ["nyc"] }, async ({ session }) => {
       await session("nyc").open(Shop, "a").sell();
     });`,
  );
});

afterAll(() => {
  project.remove();
});

const advised = (parameters: readonly string[], surroundings: Omit<Surroundings, "cwd"> = {}) =>
  runFaultline(["advise", ...parameters], { ...surroundings, cwd: project.root });

const document = async (parameters: readonly string[]) => {
  const { code, stdout, stderr } = await advised([...parameters, "--schedules", "30", "--format", "json"]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return adviseDocumentSchema.parse(JSON.parse(stdout));
};

describe("faultline advise", () => {
  it("writes a record of a sample (--update rewrites it)", async () => {
    const parameters = ["advise", "samples/bank-transfer/bank-transfer.ts#Account", "--availability", "99.9%"];
    const { code, stdout, stderr } = await runFaultline([...parameters, "--schedules", "40"], { cwd: root });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    await expect(stdout).toMatchFileSnapshot(join("__snapshots__", "advise-account.md"));
  });

  it("prints the same as a document, for the load and the regions that are asked about", async () => {
    const found = await document(["shop.ts#Shop", "--ops", "500", "--regions", "eu-central-1,dublin,paris"]);
    expect(found.target).toBe("shop.ts#Shop");
    expect(found.regions).toEqual({ names: ["eu-central-1", "dublin", "paris"], areDefault: false });
    expect(found.levels.map(({ level, usdPerMonth }) => [level, usdPerMonth])).toEqual([
      ["none", 12.96],
      ["eventual", 64.8],
      ["causal", 259.2],
      ["sequential", 648],
      ["linearizable", 2_592],
    ]);
    const [first] = found.levels.at(-1)?.latencies ?? [];
    expect(first?.region).toBe("eu-central-1");
    // Paris is nearer than Dublin.
    expect(first?.write.arithmetic).toContain("paris, is 478 km from eu-central-1");
    expect(found.simulation.levels.map(({ level }) => level)).toEqual(levels);

    const { fields } = found;
    const by = new Map(fields.map((each) => [each.field, each]));
    const decided = fields.map(({ field, annotated, simulated, decision }) => {
      const weakest = simulated.outcome === "sufficient" ? simulated.level : simulated.outcome;
      return [field, annotated, weakest, decision.level, decision.basis];
    });
    expect(decided).toEqual([
      ["stock", "eventual", "eventual", "sequential", "classification and simulation"],
      ["theme", "linearizable", "eventual", "eventual", "classification and simulation"],
      ["prices", "eventual", "untested", "eventual", "classification"],
      ["blob", "linearizable", "untested", null, "none"],
    ]);
    expect(by.get("stock")?.decision.disagreements).toEqual([
      expect.stringMatching(
        /^Simulation kept everything at eventual already, but stock goes wrong below sequential: two/,
      ),
      "The code says eventual now, which is too weak for what was found.",
    ]);
    expect(by.get("theme")?.candidates.map(({ verdict }) => verdict)).toEqual([
      "too weak",
      "chosen",
      "stronger than needed",
      "stronger than needed",
      "stronger than needed",
    ]);
    expect(by.get("blob")?.decision.reasoning.join(" ")).toContain("It stays linearizable until then.");
    expect(by.get("stock")?.location).toEqual({ file: "shop.ts", line: 5 });
  });

  it("follows the kind of data where no invariant was judged, and says what answers less often than was asked for", async () => {
    const { fields, simulation, levels: advice } = await document(["page.ts#Page", "--availability", "0.999"]);
    expect(simulation.judgesInvariants).toBe(false);
    expect(
      fields.map(({ field, classification, decision }) => [field, classification.category, decision.level]),
    ).toEqual([
      ["left", "money", "linearizable"],
      ["likes", "reaction", "linearizable"],
      ["views", "reaction", "eventual"],
    ]);
    expect(advice.map(({ isAvailableEnough }) => isAvailableEnough)).toEqual([true, true, true, false, false]);
    const [left, likes, views] = fields;
    expect(likes?.decision.reasoning.at(-1)).toMatch(
      /^By itself eventual would do, but one transaction changes it with `left`/,
    );
    expect(left?.decision.disagreements).toContainEqual(
      expect.stringMatching(/^99.9 % of the operations .* at linearizable expect 99 % .* Causal is the strongest/),
    );
    expect(views?.decision.disagreements).toEqual([]);
  });

  it("ends with 1 where even linearizable breaks something, and says that no level is the cure", async () => {
    const { code, stdout } = await advised(["till.ts#Till", "--schedules", "5"]);
    expect(code).toBe(1);
    expect(stdout).toContain(
      "Something breaks even with every field linearizable: `npx faultline simulate till.ts#Till`",
    );
    expect(stdout).toContain("no level is the cure: mend the code first.");
    expect(stdout).toContain("### Decision: linearizable");
  });

  it("keeps what is known on Ctrl-C, and says that it is not all", async () => {
    const { code, stdout } = await advised(["noisy.ts#Page", "--schedules", "10000000"], { interruptOn: "begun" });
    expect(code).toBe(3);
    expect(stdout).toContain("# Which consistency the fields of `Page` need");
    expect(stdout).toContain("could not judge it");
  });

  const wrong: readonly (readonly [parameters: string, says: RegExp])[] = [
    ["shop.ts", /names no class[\s\S]*file#Class/],
    ["shop.ts#Nobody", /no target named Nobody/],
    ["none.ts#Shop", /There is no file none\.ts/],
    ["scenario.ts#sale", /sale of scenario\.ts is a scenario[\s\S]*a class with @Replicated/],
    ["scenario.ts#Shop --schedules 1", /Shop of scenario\.ts declares no replicated field/],
    ["shop.ts#Shop --regions nyc,londn", /no region "londn"\. Did you mean london\?/],
    ["shop.ts#Shop --regions nyc,nyc", /nyc is named twice/],
    ["shop.ts#Shop --availability 99.9", /a share such as 0\.999, or per cent such as 99\.9%/],
    ["shop.ts#Shop --ops many", /whole number, 0 or more/],
    ["shop.ts#Shop --format yaml", /markdown or json/],
  ];
  for (const [parameters, says] of wrong)
    it(`refuses: faultline advise ${parameters}`, async () => {
      const { code, stdout, stderr } = await advised(parameters.split(" "));
      expect(stderr).toMatch(says);
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    });
});
