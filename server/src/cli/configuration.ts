import { relative, sep } from "node:path";
import process from "node:process";
import type { ConfigurationProblem } from "../configuration/index.js";
import { UsageError } from "./exit.js";

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
    "Nothing was done. Every key and its values: docs/configuration.md.",
  );
}
