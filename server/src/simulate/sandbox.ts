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
export async function sandboxCommand(heapLimitMb: number, inspectorPort?: number): Promise<SandboxCommand> {
  wrapper ??= findWrapper();
  const node = [process.execPath, `--max-old-space-size=${heapLimitMb}`, "--no-warnings"];
  const { isolated, bound } = await wrapper;
  const [command = process.execPath, ...args] =
    inspectorPort === undefined
      ? [...isolated, ...bound, ...node, ...permissionFlags()]
      : [...bound, ...node, ...inspectorFlags(inspectorPort)];
  return {
    command,
    args,
    env: { TZ: "UTC", ...(process.versions["electron"] === undefined ? {} : { ELECTRON_RUN_AS_NODE: "1" }) },
  };
}

/**
 * A debugger has to reach the process, so its network is the machine's; and Node has no inspector where it has taken
 * rights away. What keeps user code from reaching out are then only the functions that stand in for Node's.
 */
const inspectorFlags = (port: number): readonly string[] => [
  `--inspect=127.0.0.1:${port}`,
  "--inspect-publish-uid=http", // the address is said by the host, once it is time to attach
];

function permissionFlags(): readonly string[] {
  return ["--permission", "--experimental-permission"]
    .filter((flag) => process.allowedNodeEnvironmentFlags.has(flag))
    .slice(0, 1);
}

let wrapper: ReturnType<typeof findWrapper> | undefined;

/** Commands for a network namespace of its own, and for an end with the parent's end; each where the system allows it. */
async function findWrapper(): Promise<{ readonly isolated: readonly string[]; readonly bound: readonly string[] }> {
  if (process.platform !== "linux") return { isolated: [], bound: [] };
  const [isolated, bound] = await Promise.all([
    firstThatWorks([
      ["unshare", "--net", "--map-root-user"],
      ["unshare", "--net"],
    ]),
    firstThatWorks([["setpriv", "--pdeathsig", "KILL"]]),
  ]);
  return { isolated, bound };
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
