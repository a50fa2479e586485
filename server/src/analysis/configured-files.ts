import path from "node:path";
import type * as z from "zod";
import {
  type Configuration,
  type ConfigurationProblem,
  Configurations,
  type FileConfiguration,
} from "../configuration/index.js";
import type { Finding } from "../documents/finding.js";

/** What is configured for the files of an analysis. What is wrong with a configuration is a finding in its own file. */
export class ConfiguredFiles {
  readonly #configurations: Configurations;
  readonly #root: string;
  #misconfigured: ReadonlySet<string> = new Set();

  constructor(root: string, schema: z.ZodType<Configuration>, text: (file: string) => string | undefined) {
    this.#configurations = new Configurations(schema, text);
    this.#root = path.join(root, "_"); // Any file there: its configuration is told of even if no other file asks for it.
  }

  of(file: string): FileConfiguration {
    return this.#configurations.of(file);
  }

  /** Of all configurations that hold for any of these files. */
  problems(files: Iterable<string>): readonly ConfigurationProblem[] {
    for (const file of [this.#root, ...files]) this.#configurations.of(file);
    return this.#configurations.problems;
  }

  /** Some were written, deleted or moved. */
  reread(files: readonly string[]): void {
    this.#configurations.forget();
    for (const file of files) this.#configurations.of(file);
  }

  /** What is to be said of configurations now, and of those that are right by now: nothing. */
  findings(): ReadonlyMap<string, readonly Finding[]> {
    const found = new Map<string, Finding[]>();
    for (const file of this.#misconfigured) found.set(file, []);
    const problems = this.problems([]);
    for (const problem of problems) found.set(problem.file, [...(found.get(problem.file) ?? []), findingOf(problem)]);
    this.#misconfigured = new Set(problems.map(({ file }) => file));
    return found;
  }
}

function findingOf({ file, range, message, help }: ConfigurationProblem): Finding {
  const why = "Until this is right, the configuration holds as it last was.";
  return { rule: "configuration", severity: "error", file, range, message, why, help, related: [], fixes: [] };
}
