import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { globSync } from "tinyglobby";
import { root, runScript, seconds } from "./run.js";

interface Part {
  readonly name: string;
  readonly script: string;
  /** What the result depends on; a change in any of them builds the part again. */
  readonly inputs: readonly string[];
  /** One file that a finished build leaves behind. */
  readonly output: string;
}

const shared = ["package-lock.json", "tsconfig.json"];
const runtimeInputs = ["runtime/{package,tsconfig*}.json", "runtime/src/**/*.ts", "!**/*.test.ts"];
const serverInputs = [
  "server/{package,tsconfig*}.json",
  "server/bin/**",
  "server/src/**",
  "!**/*.test.ts",
  "!**/*.fixture",
];

/** In the order in which they need one another. */
const parts: readonly Part[] = [
  {
    name: "runtime",
    script: "scripts/build-runtime.ts",
    inputs: [...shared, ...runtimeInputs, "scripts/build-runtime.ts"],
    output: "runtime/dist/index.js",
  },
  {
    name: "server",
    script: "scripts/build-server.ts",
    inputs: [
      ...shared,
      ...runtimeInputs,
      ...serverInputs,
      "docs/schemas/*.json",
      "scripts/build-server.ts",
      "scripts/build-diagram.ts",
    ],
    output: "server/dist/main.js",
  },
  {
    name: "client",
    script: "scripts/build-client.ts",
    inputs: [
      ...shared,
      ...runtimeInputs,
      ...serverInputs,
      "client/{package,tsconfig*}.json",
      "client/src/**",
      "docs/schemas/*.json",
      "scripts/build-client.ts",
      "scripts/build-diagram.ts",
    ],
    output: "client/dist/extension.js",
  },
];

/** Broken code is no bug of these scripts: `bootstrap.mjs` prints the message without a stack. */
class BuildError extends Error {
  override readonly name = "BuildError";
}

/** Builds the parts whose inputs changed since they were last built. Throws a `BuildError` when one cannot be built. */
export async function build(): Promise<void> {
  const started = performance.now();
  const built: string[] = [];
  for (const part of parts) {
    if (await buildPart(part)) built.push(part.name);
  }
  if (built.length > 0) console.log(`Built ${built.join(", ")} in ${seconds(started)}.`);
}

async function buildPart(part: Part): Promise<boolean> {
  const stamp = join(root, ".cache/build", part.name);
  const digest = digestOf(part.inputs);
  const isFresh = existsSync(join(root, part.output)) && existsSync(stamp) && readFileSync(stamp, "utf8") === digest;
  if (isFresh) return false;
  // Gone before the build starts, so that a build that fails half-way is never taken for a fresh one.
  rmSync(stamp, { force: true });
  const { status } = await runScript(part.script);
  if (status !== 0)
    throw new BuildError(`The ${part.name} could not be built (${part.script} ended with ${status}): see above.`);
  if (!existsSync(join(root, part.output)))
    throw new BuildError(`${part.script} ended well but left no ${part.output}.`);
  mkdirSync(join(root, ".cache/build"), { recursive: true });
  writeFileSync(stamp, digest);
  return true;
}

/** By content and not by time: a checkout gives every file a new time. */
function digestOf(patterns: readonly string[]): string {
  const hash = createHash("sha256");
  for (const file of globSync(patterns, { cwd: root, onlyFiles: true }).sort()) {
    hash
      .update(file)
      .update("\0")
      .update(readFileSync(join(root, file)))
      .update("\0");
  }
  return hash.digest("hex");
}
