import type { ExploreReport } from "../../../runtime/src/explore/report.js";
import { blockSize, Tally, type TallyData } from "../../../runtime/src/explore/tally.js";
import type { Command } from "../../../runtime/src/host/protocol.js";
import type { ChildEnd, ScheduleMessage } from "./child.js";
import type { Children } from "./children.js";
import type { SimulateOptions, SimulateProgress } from "./simulate.js";

/** Schedules that one process runs before it asks for more. */
export interface BlockRange {
  readonly seed: number;
  readonly schedules: number;
}

type ExploreCommand = Extract<Command, { readonly kind: "explore" }>;

export interface ExplorationOptions {
  readonly children: Children;
  /** What to explore, and under what; its seeds are those of the blocks. */
  readonly command: Omit<ExploreCommand, "kind" | "seed" | "schedules" | "isAudible" | "isCareful">;
  readonly blocks: readonly BlockRange[];
  /** Wall time of one schedule. */
  readonly deadlineMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Omit<SimulateProgress, "target" | "total">) => void) | undefined;
  /** The schedule with this seed violates something and none before it does: said at once, if it is one of the first. */
  readonly onFirst?: ((seed: number) => void) | undefined;
  /** All schedules before some seed are known, and this is what they violate. */
  readonly onViolations?: ((found: Omit<Exploration, "end">) => void) | undefined;
}

export interface Exploration {
  readonly report: ExploreReport;
  /** Of the first schedule that shows each violation, by seed. */
  readonly digests: Readonly<Record<string, string>>;
  /** Why there is no more: the first block that was not explored to its end. Undefined if all were. */
  readonly end: Exclude<ChildEnd, { readonly kind: "answered" }> | Refusal | undefined;
}

type Refusal = Extract<ChildEnd, { readonly kind: "answered" }>;

/** The blocks of a run, or of its share of them. */
export function blocksOf({
  seed,
  schedules,
  shard,
}: Pick<SimulateOptions, "seed" | "schedules" | "shard">): BlockRange[] {
  const { index, count } = shard ?? { index: 1, count: 1 };
  const blocks: BlockRange[] = [];
  for (let done = (index - 1) * blockSize; done < schedules; done += count * blockSize)
    blocks.push({ seed: seed + done, schedules: Math.min(blockSize, schedules - done) });
  return blocks;
}

export const askedOf = (options: Pick<SimulateOptions, "seed" | "schedules" | "shard">): number =>
  blocksOf(options).reduce((sum, { schedules }) => sum + schedules, 0);

/** So many blocks are worth the start of a process at once; others are started when it has turned out to take long. */
const blocksPerStart = 4;
const hesitationMs = 300;

/** Explores blocks in parallel. The result is that of one process after the other, however many there are. */
export function explore(options: ExplorationOptions): Promise<Exploration> {
  return new Explorer(options).run();
}

class Explorer {
  private readonly tally = new Tally();
  private readonly results: (BlockResult | undefined)[];
  private readonly progress: { readonly done: number; readonly violated: number }[];
  private first: SimulateProgress["first"];
  private next = 0;
  /** The first block that is known to end the run; those after it are not needed. */
  private last = Number.POSITIVE_INFINITY;
  /** Blocks that are in the tally: all before this one. */
  private counted = 0;

  constructor(private readonly options: ExplorationOptions) {
    this.results = options.blocks.map(() => undefined);
    this.progress = options.blocks.map(() => ({ done: 0, violated: 0 }));
  }

  async run(): Promise<Exploration> {
    const { children, blocks } = this.options;
    const most = Math.min(children.processes, blocks.length);
    // Where the first failing schedule is to be seen at once, others that start are in its way: it mostly is in the first block.
    const worthwhile = this.options.onFirst === undefined ? Math.floor(blocks.length / blocksPerStart) : 1;
    const atOnce = Math.min(most, Math.max(1, worthwhile));
    const workers = Array.from({ length: atOnce }, () => this.work());
    const hesitation = setTimeout(() => {
      for (let i = atOnce; i < most; i++) workers.push(this.work());
    }, hesitationMs);
    // Those that are added meanwhile are awaited too.
    for (let i = 0; i < workers.length; i++) await workers[i];
    clearTimeout(hesitation);
    this.addWhatIsKnown();
    return { ...this.found(), end: this.results.find((result) => result?.end !== undefined)?.end };
  }

  private async work(): Promise<void> {
    const { blocks, signal } = this.options;
    while (this.next < Math.min(blocks.length, this.last) && signal?.aborted !== true) {
      const index = this.next++;
      const range = blocks[index] as BlockRange;
      const result = await this.exploreBlock(index, range);
      this.results[index] = result;
      if (result.end !== undefined || this.isDecided(result.tally)) this.last = Math.min(this.last, index);
      this.count();
    }
  }

  private isDecided(tally: TallyData | undefined): boolean {
    if (tally === undefined) return false;
    return tally.isStuck || (this.options.command.untilViolated === true && tally.violated > 0);
  }

  /** Adds the blocks that have nothing unknown before them, in their order. */
  private count(): void {
    const before = this.tally.violated;
    for (; this.counted <= this.last; this.counted++) {
      const result = this.results[this.counted];
      if (result === undefined) break;
      if (result.tally !== undefined) this.tally.merge(result.tally);
    }
    if (this.tally.violated === before) return;
    const found = this.found();
    this.first ??= found.report.violations[0];
    this.options.onViolations?.(found);
  }

  private found(): Omit<Exploration, "end"> {
    const { blocks, command } = this.options;
    const report = this.tally.report({ target: command.target, seed: blocks[0]?.seed ?? 0 });
    return { report, digests: this.tally.digests };
  }

  /** After a cancellation blocks are missing; those behind the gap are known all the same. */
  private addWhatIsKnown(): void {
    if (this.last < this.results.length && this.results[this.last]?.end?.kind !== "cancelled") return;
    for (; this.counted < this.results.length; this.counted++) {
      const tally = this.results[this.counted]?.tally;
      if (tally !== undefined) this.tally.merge(tally);
    }
  }

  private async exploreBlock(index: number, range: BlockRange): Promise<BlockResult> {
    const { children, command, deadlineMs } = this.options;
    const ask = { kind: "explore", ...command, ...range, isAudible: index === 0 } as const;
    const onSchedule = (at: ScheduleMessage) => {
      // Said right after it: the one before is the first of all.
      if (index === 0 && at.violated === 1 && this.progress[0]?.violated === 0) this.options.onFirst?.(at.seed - 1);
      this.report(index, at);
    };
    const end = resultOf(await children.perform(ask, { onSchedule }));
    if (end.tally !== undefined) this.report(index, { done: end.tally.schedules, violated: end.tally.violated });
    if (end.end === undefined || end.end.kind === "answered" || end.end.kind === "cancelled") return end;
    // It says now and then where it is. Again, and saying so before each schedule, in a process that has run nothing else.
    const patience = end.end.kind === "deadline" ? { deadlineMs: Math.max(deadlineMs / 5, 2_000) } : {};
    const again = resultOf(await children.performAfresh({ ...ask, isAudible: false, isCareful: true }, patience));
    const done = again.end?.last?.done ?? 0;
    if (again.end === undefined || again.end.kind === "answered" || again.end.kind === "cancelled" || done === 0)
      return again;
    // What those before it showed is known to end.
    const before = resultOf(await children.performAfresh({ ...ask, schedules: done, isAudible: false }));
    return before.tally === undefined ? again : { tally: before.tally, end: again.end };
  }

  private report(index: number, at: { readonly done: number; readonly violated: number }): void {
    this.progress[index] = at;
    const sum = (of: "done" | "violated") => this.progress.reduce((total, each) => total + each[of], 0);
    this.options.onProgress?.({ done: sum("done"), violated: sum("violated"), first: this.first });
  }
}

/** What is known of a block, and what ended it before its time. */
interface BlockResult {
  readonly tally?: TallyData | undefined;
  readonly end?: Exploration["end"];
}

function resultOf(end: ChildEnd): BlockResult {
  if (end.kind !== "answered") return { end };
  return end.answer.kind === "explored" ? { tally: end.answer.tally } : { end };
}
