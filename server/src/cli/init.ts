import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import type { Command } from "commander";
import { configurationFile, configurationSchema, packageFile, readConfiguration } from "../configuration/index.js";
import { rules } from "../rules/index.js";

const scenarioFile = "first.scenario.ts";

export function registerInit(program: Command): void {
  program
    .command("init")
    .summary("write a configuration and a first scenario")
    .description(`Writes ${configurationFile} and ${scenarioFile} into the working directory. What is there is kept.`)
    .action(initCommand);
}

function initCommand(): void {
  const root = process.cwd();
  const said = [
    isConfiguredByPackage(root)
      ? `kept   the configuration in ${packageFile}`
      : write(root, configurationFile, configurationText(root)),
    write(root, scenarioFile, scenarioText),
  ];
  const next = [
    "npx faultline check                        finds consistency anti-patterns",
    `npx faultline simulate ${scenarioFile}   runs the scenario while the network splits`,
  ];
  process.stdout.write(`${[...said, "", ...next].join("\n")}\n`);
}

function write(root: string, name: string, text: string): string {
  const file = join(root, name);
  if (existsSync(file)) return `kept   ${name}`;
  writeFileSync(file, text);
  return `wrote  ${name}`;
}

function isConfiguredByPackage(root: string): boolean {
  const file = join(root, packageFile);
  return (
    existsSync(file) && readConfiguration(file, readFileSync(file, "utf8"), configurationSchema(rules)) !== undefined
  );
}

/** Editors other than ours complete a configuration by the schema that it names, where this package is installed. */
function configurationText(root: string): string {
  const isInstalled = existsSync(join(root, "node_modules/faultline"));
  return [
    "{",
    ...(isInstalled ? ['  "$schema": "./node_modules/faultline/dist/schemas/configuration.schema.json",'] : []),
    '  "regions": ["nyc", "london", "tokyo"],',
    '  "schedules": 1000,',
    '  "severities": {}',
    "}",
    "",
  ].join("\n");
}

const scenarioText = `import { counter, Eventual, Replicated } from "@faultline/runtime";
import { partition, scenario } from "@faultline/runtime/simulation";

@Replicated()
export class Page {
  @Eventual() readonly views = counter();
}

/** Tokyo is cut off for five seconds while visitors come to both sides. */
export const viewsInASplit = scenario(
  "no view is lost while the network is split",
  {
    regions: ["nyc", "london", "tokyo"],
    faults: [partition([["nyc", "london"], ["tokyo"]], { fromMs: 100, untilMs: 5_000 })],
  },
  async ({ session, sleep, converged }) => {
    const nyc = session("nyc").open(Page, "home");
    const tokyo = session("tokyo").open(Page, "home");
    await nyc.views.increment();
    await sleep(1_000);
    await Promise.all([nyc.views.increment(), tokyo.views.increment()]);
    converged("all three are counted", async (session) => (await session.open(Page, "home").views.read()) === 3);
  },
);
`;
