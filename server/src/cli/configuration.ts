import { existsSync, readFileSync } from "node:fs";
import { relative, sep } from "node:path";
import process from "node:process";
import {
  type ConfigurationProblem,
  Configurations,
  configurationSchema,
  type FileConfiguration,
} from "../configuration/index.js";
import { UsageError } from "./exit.js";

export { usualSchedules } from "../configuration/index.js";

/** What is configured for a file. The analyzer is not loaded for it. */
export async function configurationOf(file: string): Promise<FileConfiguration> {
  const { rules } = await import("../rules/index.js");
  const textOf = (at: string): string | undefined => (existsSync(at) ? readFileSync(at, "utf8") : undefined);
  const configurations = new Configurations(configurationSchema(rules), textOf);
  const configuration = configurations.of(file);
  refuseProblems(configurations.problems);
  return configuration;
}

/** A command that goes by a configuration cannot do what was meant if it cannot be read. */
export function refuseProblems(problems: readonly ConfigurationProblem[]): void {
  if (problems.length === 0) return;
  const lines = problems.map(({ file, range, message, help }) => {
    const name = relative(process.cwd(), file).split(sep).join("/");
    return `${name}:${range.start.line}:${range.start.column}  ${message} ${help}`.trimEnd();
  });
  const [first = "", ...others] = lines;
  throw new UsageError(
    others.length === 0 ? first : `The configuration cannot be used.\n\n${lines.join("\n")}`,
    "Nothing was done. Mend the configuration, or take out what is wrong.",
  );
}
