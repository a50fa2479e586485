import { execFile } from "node:child_process";
import process from "node:process";
import { promisify } from "node:util";

export interface SandboxCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/**
 * How to start `node` so that user code cannot harm by accident: no files, no threads, no other processes, no network
 * where the system can take it away, an empty environment, a bounded heap. It is no defence against malice.
 */
export async function sandboxCommand(heapLimitMb: number): Promise<SandboxCommand> {
  wrapper ??= findWrapper();
  const node = [process.execPath, `--max-old-space-size=${heapLimitMb}`, "--no-warnings", ...permissionFlags()];
  const [command = process.execPath, ...args] = [...(await wrapper), ...node];
  return {
    command,
    args,
    env: { TZ: "UTC", ...(process.versions["electron"] === undefined ? {} : { ELECTRON_RUN_AS_NODE: "1" }) },
  };
}

function permissionFlags(): readonly string[] {
  return ["--permission", "--experimental-permission"]
    .filter((flag) => process.allowedNodeEnvironmentFlags.has(flag))
    .slice(0, 1);
}

let wrapper: Promise<readonly string[]> | undefined;

/** A network namespace of its own, and an end with the parent's end; each where the system allows it. */
async function findWrapper(): Promise<readonly string[]> {
  if (process.platform !== "linux") return [];
  const [isolated, bound] = await Promise.all([
    firstThatWorks([
      ["unshare", "--net", "--map-root-user"],
      ["unshare", "--net"],
    ]),
    firstThatWorks([["setpriv", "--pdeathsig", "KILL"]]),
  ]);
  return [...isolated, ...bound];
}

async function firstThatWorks(commands: readonly (readonly string[])[]): Promise<readonly string[]> {
  for (const [command = "", ...args] of commands) {
    const works = await run(command, [...args, "true"], { timeout: 2_000 }).then(
      () => true,
      () => false,
    );
    if (works) return [command, ...args];
  }
  return [];
}

const run = promisify(execFile);
