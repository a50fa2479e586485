import { type ChildProcess, type SpawnSyncReturns, spawn, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("../../server/bin/faultline.mjs", import.meta.url));

/** Runs the command line as it is built, in a folder, without colours unless the environment says otherwise. */
export function faultline(
  folder: string,
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): SpawnSyncReturns<string> {
  return spawnSync(process.execPath, [program, ...words], { ...optionsFor(folder, environment), encoding: "utf8" });
}

/** A command that stays, with what it has printed so far. */
export class RunningCommand {
  readonly #child: ChildProcess;
  #printed = "";
  #waiting = (): void => {};

  constructor(folder: string, words: readonly string[]) {
    this.#child = spawn(process.execPath, [program, ...words], optionsFor(folder, {}));
    const take = (chunk: Buffer): void => {
      this.#printed += chunk.toString();
      this.#waiting();
    };
    this.#child.stdout?.on("data", take);
    this.#child.stderr?.on("data", take);
  }

  /** What was printed since the last call, once it matches. */
  async until(pattern: RegExp): Promise<string> {
    while (!pattern.test(this.#printed))
      await new Promise<void>((resolve, reject) => {
        this.#waiting = resolve;
        this.#child.once("exit", () => reject(new Error(`It ended before it printed ${pattern}:\n${this.#printed}`)));
      });
    const printed = this.#printed;
    this.#printed = "";
    return printed;
  }

  /** As Ctrl-C does; answers the exit code. */
  async interrupt(): Promise<number | null> {
    const ended = new Promise<number | null>((resolve) => this.#child.once("exit", resolve));
    this.#child.kill("SIGINT");
    return ended;
  }
}

function optionsFor(
  cwd: string,
  environment: Readonly<Record<string, string>>,
): { cwd: string; env: NodeJS.ProcessEnv } {
  return { cwd, env: { ...process.env, NO_COLOR: "1", ...environment } };
}
