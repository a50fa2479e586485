import { type SpawnOptions, spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

export interface Finished {
  readonly status: number;
  /** Standard output and standard error as they came; empty when inherited. */
  readonly output: string;
}

/** Runs Node on a JavaScript file of this repository and lets it write to the terminal. */
export function runNode(
  file: string,
  parameters: readonly string[] = [],
  options: SpawnOptions = {},
): Promise<Finished> {
  return start([join(root, file), ...parameters], { stdio: "inherit", ...options });
}

/** The same for a TypeScript file. */
export function runScript(
  file: string,
  parameters: readonly string[] = [],
  options: SpawnOptions = {},
): Promise<Finished> {
  return start(["--import", "tsx", join(root, file), ...parameters], { stdio: "inherit", ...options });
}

/** Runs Node on a JavaScript file and keeps what it writes, for steps that print only when they fail. */
export function captureNode(
  file: string,
  parameters: readonly string[] = [],
  options: SpawnOptions = {},
): Promise<Finished> {
  return start([join(root, file), ...parameters], { stdio: ["ignore", "pipe", "pipe"], ...options });
}

/** No shell and no `npx`: both differ between systems, and each start of npm costs a third of a second. */
function start(parameters: readonly string[], options: SpawnOptions): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, parameters, { cwd: root, ...options });
    let output = "";
    const keep = (chunk: Buffer): void => {
      output += chunk.toString("utf8");
    };
    child.stdout?.on("data", keep);
    child.stderr?.on("data", keep);
    child.once("error", reject);
    child.once("close", (status) => resolve({ status: status ?? 1, output }));
  });
}

/** `1.2 s` */
export function seconds(sinceMs: number): string {
  return `${((performance.now() - sinceMs) / 1000).toFixed(1)} s`;
}
