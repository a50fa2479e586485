import { styleText } from "node:util";
import { build } from "./incremental-build.js";
import { captureNode, type Finished, runScript, seconds } from "./run.js";

interface Check {
  readonly name: string;
  run(): Promise<Finished>;
}

export interface CheckOptions {
  /** Repair formatting, imports and generated files instead of complaining. */
  readonly write?: boolean;
  /** Leave out what `vitest run` covers as well, for a caller that runs it next. */
  readonly withoutTests?: boolean;
}

/** Runs every check, prints the output of those that fail, and says whether all passed. */
export async function check({ write = false, withoutTests = false }: CheckOptions = {}): Promise<boolean> {
  // The types of `@faultline/runtime`, as samples and users see them, are a product of the build.
  await build();
  const captured = { stdio: ["ignore", "pipe", "pipe"] as ["ignore", "pipe", "pipe"] };
  const checks: Check[] = [
    { name: "generated files", run: () => runScript("scripts/generate.ts", write ? [] : ["--check"], captured) },
    {
      name: "lint and format",
      run: () =>
        captureNode("node_modules/@biomejs/biome/bin/biome", [
          "check",
          "--error-on-warnings",
          ...(write ? ["--write"] : []),
        ]),
    },
    ...[".", "runtime", "server", "server/src/diagram", "client", "samples", "test"].map((project) => ({
      name: `types of ${project === "." ? "scripts" : project}`,
      run: () => captureNode("node_modules/typescript/bin/tsc", ["--noEmit", "-p", project]),
    })),
  ];
  if (!withoutTests) {
    checks.push({
      name: "import directions and tidiness",
      run: () => captureNode("node_modules/vitest/vitest.mjs", ["run", "test/tidy"]),
    });
  }

  let failed = 0;
  for (const { name, run } of checks) {
    const started = performance.now();
    const { status, output } = await run();
    if (status === 0) {
      console.log(`${styleText("green", "✓")} ${name} ${styleText("dim", seconds(started))}`);
      continue;
    }
    failed += 1;
    console.log(`${styleText("red", "✗")} ${name} ${styleText("dim", seconds(started))}\n${output}`);
  }
  return failed === 0;
}
