import { type Command, hostProtocolVersion, type Job } from "../../../runtime/src/host/protocol.js";
import { Child, type ChildEnd, type ChildOptions, type CommandOptions, type Inspector } from "./child.js";

export interface ChildrenOptions extends Omit<ChildOptions, "job" | "inspector"> {
  readonly code: string;
  readonly fileName: string;
  /** So many commands are performed at a time. */
  readonly processes: number;
  readonly signal?: AbortSignal | undefined;
}

export interface AfreshOptions extends CommandOptions {
  readonly isUrgent?: boolean;
  /** Shows what was found, and takes no longer than a schedule: it is performed even where all else has been stopped. */
  readonly isLast?: boolean;
}

/** The child processes of one program. Each performs many commands: starting one takes as long as a hundred schedules. */
export class Children {
  readonly processes: number;
  private readonly job: Job;
  private readonly idle: Child[] = [];
  private readonly started: Child[] = [];
  /** Of those that were started, the ones that a stop leaves alone. */
  private readonly lasting = new Set<Child>();
  private readonly waiting: (() => void)[] = [];
  private spare: Promise<Child> | undefined;
  private free: number;

  constructor(private readonly options: ChildrenOptions) {
    const { code, fileName, processes } = options;
    this.job = { protocol: hostProtocolVersion, code, fileName };
    this.processes = processes;
    this.free = processes;
    options.signal?.addEventListener("abort", this.stop, { once: true });
  }

  /** Starts one ahead of the first urgent command, which then need not wait for it. */
  prepare(): void {
    this.spare ??= this.start();
  }

  /** In a process that may have performed others before. */
  perform(command: Command, options?: CommandOptions): Promise<ChildEnd> {
    return this.inTurn(async () => {
      const child = this.idle.pop() ?? (await this.start());
      const end = await child.perform(command, options);
      if (child.isAlive) this.idle.push(child);
      return end;
    });
  }

  /** In a process of its own, in which nothing has run before; what `isUrgent` does not wait for its turn. */
  performAfresh(
    command: Command,
    { isUrgent = false, isLast = false, ...options }: AfreshOptions = {},
  ): Promise<ChildEnd> {
    const perform = async () => {
      const child = await ((isUrgent && this.takeSpare()) || this.start({}, isLast));
      const end = await child.perform(command, options);
      child.close();
      return end;
    };
    return isUrgent || isLast ? perform() : this.inTurn(perform);
  }

  /** In a process for a debugger, of the same program as that is to see it. */
  async performDebugged(
    command: Command,
    { code, fileName, ...inspector }: Inspector & Pick<Job, "code" | "fileName">,
  ): Promise<ChildEnd> {
    const child = await this.start({ job: { ...this.job, code, fileName }, inspector });
    const end = await child.perform(command);
    child.close();
    return end;
  }

  /** Lets all of them end. None outlives the promise. */
  async close(): Promise<void> {
    this.options.signal?.removeEventListener("abort", this.stop);
    await this.spare;
    for (const child of this.started) child.close();
    await Promise.all(this.started.map(({ closed }) => closed));
  }

  private takeSpare(): Promise<Child> | undefined {
    const { spare } = this;
    this.spare = undefined;
    return spare;
  }

  private readonly stop = (): void => {
    for (const child of this.started) if (!this.lasting.has(child)) child.stop();
  };

  private async start(differing: Partial<ChildOptions> = {}, isLast = false): Promise<Child> {
    const child = await Child.start({ ...this.options, job: this.job, ...differing });
    this.started.push(child);
    if (isLast) this.lasting.add(child);
    else if (this.options.signal?.aborted === true) child.stop();
    return child;
  }

  private async inTurn(perform: () => Promise<ChildEnd>): Promise<ChildEnd> {
    if (this.free > 0) this.free--;
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
    try {
      if (this.options.signal?.aborted === true) return { kind: "cancelled", last: undefined };
      return await perform();
    } finally {
      const next = this.waiting.shift();
      if (next === undefined) this.free++;
      else next();
    }
  }
}
