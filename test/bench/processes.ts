import { spawnSync } from "node:child_process";

export interface Sample {
  readonly wallMs: number;
  /** Time on the processor, of all threads. */
  readonly processorMs: number;
  readonly status: number | null;
  readonly output: string;
}

/** The last thing that the process does is to say what it used. */
const saysUsage = "data:text/javascript,process.on('exit',()=>console.error(JSON.stringify(process.cpuUsage())))";

/** Runs a program of Node to its end. */
export function measuredProcess(cwd: string, program: string, words: readonly string[]): Sample {
  const started = performance.now();
  const { stdout, stderr, status } = spawnSync(process.execPath, ["--import", saysUsage, program, ...words], {
    cwd,
    encoding: "utf8",
    maxBuffer: 2 ** 30,
  });
  const wallMs = performance.now() - started;
  const { user, system } = JSON.parse(stderr.trimEnd().split("\n").at(-1) ?? "") as NodeJS.CpuUsage;
  return { wallMs, processorMs: (user + system) / 1000, status, output: stdout };
}
