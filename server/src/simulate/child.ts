import { type ChildProcess, spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import process from "node:process";
import type { HostMessage, Job } from "../../../runtime/src/host/protocol.js";
import { sandboxCommand } from "./sandbox.js";
import type { Limits } from "./simulate.js";

export interface ChildOptions {
  /** The text of the runtime's `dist/host.js`. */
  readonly host: string;
  readonly job: Job;
  readonly limits: Limits;
  readonly signal?: AbortSignal | undefined;
  /** Before each schedule. */
  readonly onSchedule?: (progress: ScheduleMessage) => void;
  /** What user code prints. */
  readonly onOutput?: ((text: string) => void) | undefined;
}

type ScheduleMessage = Extract<HostMessage, { kind: "schedule" }>;
export type Answer = Exclude<HostMessage, { kind: "hello" | "schedule" }>;

/** How the child ended, and the last schedule that it began. */
export type ChildEnd = { readonly last: ScheduleMessage | undefined } & (
  | { readonly kind: "answered"; readonly answer: Answer }
  | { readonly kind: "deadline" | "memory" | "cancelled" }
  | { readonly kind: "died"; readonly detail: string }
);

/** Starts a process of its own for one job. It never outlives the promise. */
export async function runChild(options: ChildOptions): Promise<ChildEnd> {
  const { command, args, env } = await sandboxCommand(options.limits.heapLimitMb);
  if (options.signal?.aborted === true) return { kind: "cancelled", last: undefined };
  const child = spawn(command, args, { env, stdio: ["pipe", "pipe", "pipe"] });
  return new Supervisor(child, options).ended;
}

/** After a request to stop: time for the child to hand in what it knows. */
const patienceMs = 500;
const memoryCheckMs = 250;
const outputKept = 8_192;

class Supervisor {
  readonly ended: Promise<ChildEnd>;
  private verdict: "deadline" | "memory" | "cancelled" | undefined;
  private answer: Answer | undefined;
  private last: ScheduleMessage | undefined;
  private output = "";
  private isDying = false;
  private readonly watchdog: NodeJS.Timeout;
  private readonly memoryWatch: NodeJS.Timeout;

  constructor(
    private readonly child: ChildProcess,
    private readonly options: ChildOptions,
  ) {
    this.watchdog = setTimeout(() => this.kill("deadline"), options.limits.deadlineMs);
    this.memoryWatch = setInterval(() => void this.checkMemory(), memoryCheckMs);
    options.signal?.addEventListener("abort", this.stop, { once: true });
    process.on("exit", this.killAtExit);
    this.ended = new Promise((resolve) => {
      child.on("close", (code, signal) => resolve(this.end(code, signal)));
      child.on("error", (error) => resolve(this.end(null, error.message)));
    });
    this.listen();
    const { host, job } = options;
    // A child that is killed early does not read to the end.
    child.stdin?.on("error", () => {});
    child.stdin?.end(`${host}\nmodule.exports.runHost(${JSON.stringify(job)});\n`);
  }

  private listen(): void {
    const { stdout, stderr } = this.child;
    let rest = "";
    stdout?.setEncoding("utf8").on("data", (chunk: string) => {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      this.watchdog.refresh();
      this.receive(lines);
    });
    stderr?.setEncoding("utf8").on("data", (chunk: string) => {
      this.output = (this.output + chunk).slice(-outputKept);
      this.forward(chunk);
    });
  }

  /** V8 prints pages of its own as it runs out of memory; the report says that in a sentence. */
  private forward(chunk: string): void {
    if (this.isDying) return;
    const dump = chunk.indexOf("<--- Last few GCs --->");
    this.isDying = dump >= 0;
    const text = this.isDying ? chunk.slice(0, dump).trimEnd() : chunk;
    if (text !== "") this.options.onOutput?.(text);
  }

  /** Progress comes a thousand lines a second: of those that arrive together only the last one matters. */
  private receive(lines: readonly string[]): void {
    const isProgress = (line: string) => line.startsWith('{"kind":"schedule"');
    for (const line of lines) {
      if (isProgress(line)) continue;
      const message = JSON.parse(line) as HostMessage;
      if (message.kind !== "hello" && message.kind !== "schedule") this.answer = message;
    }
    const latest = lines.findLast(isProgress);
    if (latest === undefined) return;
    this.last = JSON.parse(latest) as ScheduleMessage;
    this.options.onSchedule?.(this.last);
  }

  private readonly stop = (): void => {
    this.verdict ??= "cancelled";
    this.child.kill("SIGTERM");
    setTimeout(() => this.child.kill("SIGKILL"), patienceMs).unref();
  };

  private readonly killAtExit = (): void => {
    this.child.kill("SIGKILL");
  };

  private kill(verdict: "deadline" | "memory"): void {
    this.verdict ??= verdict;
    this.child.kill("SIGKILL");
  }

  /** Where the system tells (Linux), in pages of 4 KiB. */
  private async checkMemory(): Promise<void> {
    const statistics = await readFile(`/proc/${this.child.pid}/statm`, "utf8").catch(() => "");
    const residentMb = Number(statistics.split(" ")[1] ?? 0) / 256;
    if (residentMb > this.options.limits.memoryLimitMb) this.kill("memory");
  }

  private end(code: number | null, signal: string | null): ChildEnd {
    clearTimeout(this.watchdog);
    clearInterval(this.memoryWatch);
    this.options.signal?.removeEventListener("abort", this.stop);
    process.off("exit", this.killAtExit);
    const { last } = this;
    // An answer counts whatever came after it.
    if (this.answer !== undefined) return { kind: "answered", answer: this.answer, last };
    if (this.verdict !== undefined) return { kind: this.verdict, last };
    if (/heap out of memory|Allocation failed|Reached heap limit/.test(this.output)) return { kind: "memory", last };
    const how = signal === null ? `with code ${code}` : `by ${signal}`;
    return {
      kind: "died",
      last,
      detail: [`ended ${how} without an answer`, lastWords(this.output)].filter(Boolean).join(": "),
    };
  }
}

function lastWords(output: string): string {
  return output.trim().split("\n").slice(-12).join("\n");
}
