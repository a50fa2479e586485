import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import process from "node:process";
import type { Answer, Command, HostMessage, Job, Opening } from "../../../runtime/src/host/protocol.js";
import { bootstrap } from "./bootstrap.js";
import { sandboxCommand } from "./sandbox.js";
import type { Limits } from "./simulate.js";

export type ScheduleMessage = Extract<HostMessage, { kind: "schedule" }>;

export interface ChildOptions {
  /** The text of the runtime's `dist/host.js`. */
  readonly host: string;
  readonly job: Job;
  readonly limits: Limits;
  /** What user code prints. */
  readonly onOutput?: ((text: string) => void) | undefined;
  /** Where a debugger is to attach; 0 is any port that is free. */
  readonly inspector?: Inspector | undefined;
}

export interface Inspector {
  readonly port: number;
  /** It waits for a debugger at this address, for as long as that takes. */
  readonly onReady: (url: string) => void;
}

export interface CommandOptions {
  /** In the place of the usual one, after a request to stop: what it knows takes longer to put together. */
  readonly patienceMs?: number;
  /** Before a schedule, from time to time. */
  readonly onSchedule?: ((progress: ScheduleMessage) => void) | undefined;
  /** Once the child has begun; differs from its limits where a schedule is known that does not end. */
  readonly deadlineMs?: number | undefined;
}

/** How a command ended, and the last schedule that was announced. */
export type ChildEnd = { readonly last: ScheduleMessage | undefined } & (
  | { readonly kind: "answered"; readonly answer: Answer }
  | { readonly kind: "deadline" | "memory" | "cancelled" }
  | { readonly kind: "died"; readonly detail: string }
);

/** After a request to stop: time for the child to hand in what it knows. */
const patienceMs = 500;
/** A process may take this long to start, which is not the program's doing: far more than it takes on a busy machine. */
const startMs = 10_000;
const memoryCheckMs = 250;
const outputKept = 8_192;

const running = new Set<Child>();

// None outlives the process that started it.
process.on("exit", () => {
  for (const child of running) child.close();
});

/** A process of its own in which user code runs: one command at a time, until one of them ends it or it is closed. */
export class Child {
  /** Settles when the process has ended and all that it printed has been passed on. */
  readonly closed: Promise<void>;
  private readonly token = `${randomUUID()} `;
  private request: Request | undefined;
  private verdict: "deadline" | "memory" | "cancelled" | undefined;
  private death: ChildEnd | undefined;
  private hasBegun = false;
  private output = "";
  private isDying = false;

  static async start(options: ChildOptions): Promise<Child> {
    const { command, args, env } = await sandboxCommand(options.limits.heapLimitMb, options.inspector?.port);
    const child = spawn(command, [...args, "--eval", bootstrap], { env, stdio: ["pipe", "pipe", "pipe"] });
    return new Child(child, options);
  }

  private constructor(
    private readonly child: ChildProcess,
    private readonly options: ChildOptions,
  ) {
    running.add(this);
    this.closed = new Promise((resolve) => {
      child.on("error", (error) => this.end(null, error.message));
      child.on("close", (code, signal) => {
        this.end(code, signal);
        resolve();
      });
      child.on("error", () => resolve());
    });
    this.listen();
    const { host, job } = options;
    const opening: Opening = { token: this.token, hostBytes: Buffer.byteLength(host) };
    // A child that is killed early does not read to the end.
    child.stdin?.on("error", () => {});
    child.stdin?.write(`${JSON.stringify(opening)}\n${host}${JSON.stringify(job)}\n`);
  }

  /** Whether it can be given another command. */
  get isAlive(): boolean {
    return this.death === undefined && this.verdict === undefined;
  }

  perform(command: Command, options: CommandOptions = {}): Promise<ChildEnd> {
    if (this.death !== undefined) return Promise.resolve(this.death);
    const { limits } = this.options;
    return new Promise((resolve) => {
      this.request = {
        options,
        last: undefined,
        watchdog: this.watch(Math.max(limits.deadlineMs, this.hasBegun ? 0 : startMs)),
        memoryWatch: setInterval(() => void this.checkMemory(), memoryCheckMs),
        resolve,
      };
      this.child.stdin?.write(`${JSON.stringify(command)}\n`);
    });
  }

  /** Ends it. What it printed before is still passed on. */
  close(): void {
    this.child.kill("SIGKILL");
  }

  /** Ends it, and gives it a moment to hand in what it knows. */
  stop(): void {
    this.verdict ??= "cancelled";
    if (this.request === undefined) {
      this.close();
      return;
    }
    this.child.kill("SIGTERM");
    this.child.stdin?.end();
    setTimeout(() => this.close(), this.request.options.patienceMs ?? patienceMs).unref();
  }

  private listen(): void {
    const { stdout, stderr } = this.child;
    let rest: string[] = [];
    stdout?.setEncoding("utf8").on("data", (chunk: string) => {
      const lines = chunk.split("\n");
      // An answer may be megabytes long and come in many pieces.
      rest.push(lines[0] ?? "");
      if (lines.length === 1) return;
      lines[0] = rest.join("");
      rest = [lines.pop() ?? ""];
      this.receive(lines);
    });
    stderr?.setEncoding("utf8").on("data", (chunk: string) => {
      this.output = (this.output + chunk).slice(-outputKept);
      this.forward(chunk);
    });
  }

  private receive(lines: readonly string[]): void {
    for (const line of lines) {
      if (line.startsWith(this.token)) this.receiveMessage(JSON.parse(line.slice(this.token.length)) as HostMessage);
      else this.forward(`${line}\n`);
    }
  }

  private receiveMessage(message: HostMessage): void {
    const { request } = this;
    this.hasBegun = true;
    if (request === undefined) return;
    clearTimeout(request.watchdog);
    if (message.kind === "hello") {
      request.watchdog = this.watch(this.options.limits.deadlineMs);
      return;
    }
    if (message.kind === "debuggable") {
      // Nobody can say how long a person looks at a line.
      this.options.inspector?.onReady(message.url);
      return;
    }
    if (message.kind !== "schedule") {
      this.settle({ kind: "answered", answer: message, last: request.last });
      return;
    }
    request.watchdog = this.watch(request.options.deadlineMs ?? this.options.limits.deadlineMs);
    request.last = message;
    request.options.onSchedule?.(message);
  }

  /** V8 prints pages of its own as it runs out of memory; the report says that in a sentence. */
  private forward(chunk: string): void {
    if (this.isDying) return;
    const dump = chunk.indexOf("<--- Last few GCs --->");
    this.isDying = dump >= 0;
    const text = this.isDying ? chunk.slice(0, dump).trimEnd() : chunk;
    if (text !== "") this.options.onOutput?.(text);
  }

  private watch(deadlineMs: number): NodeJS.Timeout {
    return setTimeout(() => this.killFor("deadline"), deadlineMs);
  }

  private killFor(verdict: "deadline" | "memory"): void {
    this.verdict ??= verdict;
    this.close();
  }

  /** Where the system tells (Linux), in pages of 4 KiB. */
  private async checkMemory(): Promise<void> {
    const statistics = await readFile(`/proc/${this.child.pid}/statm`, "utf8").catch(() => "");
    const residentMb = Number(statistics.split(" ")[1] ?? 0) / 256;
    if (residentMb > this.options.limits.memoryLimitMb) this.killFor("memory");
  }

  private end(code: number | null, signal: string | null): void {
    running.delete(this);
    this.death ??= this.causeOfDeath(code, signal);
    this.settle({ ...this.death, last: this.request?.last });
  }

  private causeOfDeath(code: number | null, signal: string | null): ChildEnd {
    const last = undefined;
    if (this.verdict !== undefined) return { kind: this.verdict, last };
    if (/heap out of memory|Allocation failed|Reached heap limit/.test(this.output)) return { kind: "memory", last };
    const how = signal === null ? `with code ${code}` : `by ${signal}`;
    const detail = [`ended ${how} without an answer`, lastWords(this.output)].filter(Boolean).join(": ");
    return { kind: "died", last, detail };
  }

  private settle(end: ChildEnd): void {
    const { request } = this;
    if (request === undefined) return;
    this.request = undefined;
    clearTimeout(request.watchdog);
    clearInterval(request.memoryWatch);
    request.resolve(end);
  }
}

/** A command that has not been answered. */
interface Request {
  readonly options: CommandOptions;
  watchdog: NodeJS.Timeout;
  readonly memoryWatch: NodeJS.Timeout;
  last: ScheduleMessage | undefined;
  resolve(end: ChildEnd): void;
}

function lastWords(output: string): string {
  return output.trim().split("\n").slice(-12).join("\n");
}
