import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("../../../bin/faultline.mjs", import.meta.url));

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Surroundings {
  readonly cwd: string;
  /** Sends Ctrl-C once the program has printed this. */
  readonly interruptOn?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Told of all that it has printed so far, whenever it prints. */
  readonly onOutput?: (stdout: string) => void;
  /** Whoever reads the output is gone before there is any. */
  readonly readerLeaves?: true;
  /** Whoever reads what it says beside its output is gone. */
  readonly listenerLeaves?: true;
  /** What it prints goes to this file. */
  readonly writesTo?: string;
}

/** Runs the command line as it is built, in a process of its own. */
export function faultline(parameters: readonly string[], surroundings: Surroundings): Promise<Finished> {
  const { cwd, interruptOn, readerLeaves, listenerLeaves, writesTo, onOutput, env: own = {} } = surroundings;
  // Test runners force colours on what they start, and may run where each change is tested; a desk does neither.
  const { FORCE_COLOR: _, CI: __, GITHUB_ACTIONS: ___, ...env } = process.env;
  const output = writesTo === undefined ? ("pipe" as const) : openSync(writesTo, "w");
  const child = spawn(process.execPath, [program, ...parameters], {
    cwd,
    env: { ...env, ...own },
    stdio: ["ignore", output, "pipe"],
  });
  if (typeof output === "number") closeSync(output);
  let stdout = "";
  let stderr = "";
  let isInterrupted = false;
  if (readerLeaves === true) child.stdout?.destroy();
  if (listenerLeaves === true) child.stderr?.destroy();
  const interruptIfDue = () => {
    if (isInterrupted || interruptOn === undefined || !`${stdout}${stderr}`.includes(interruptOn)) return;
    isInterrupted = true;
    child.kill("SIGINT");
  };
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    onOutput?.(stdout);
    interruptIfDue();
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    interruptIfDue();
  });
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, stdout, stderr })));
}
