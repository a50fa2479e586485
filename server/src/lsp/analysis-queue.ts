import type { Pace } from "../analysis/index.js";
import type { Session } from "./session.js";

/** How long a burst of key strokes may be gathered before it is analysed all the same. */
const longestWaitMs = 50;

/** How long files that nobody looks at are judged before messages are read again. */
const turnMs = 10;

/** Who types is not disturbed: files that nobody looks at are judged once this long nothing has been typed. */
const pauseMs = 150;

type Change = "buffer" | "closed" | "disk";

/**
 * Changes that wait for analysis. Messages that are already queued when a change arrives are read first, so that a burst of
 * key strokes costs one analysis; a lone key stroke waits for one turn of the event loop. Open files come first, the rest
 * of the workspace follows in turns: nobody who opens a file waits until all others have been judged.
 */
export class AnalysisQueue {
  readonly #pending = new Map<string, Change>();
  #scheduled = false;
  #generation = 0;
  #waitingSince = 0;
  #isContinuing = false;
  #typedAt = Number.NEGATIVE_INFINITY;
  readonly #whenComplete: (() => void)[] = [];

  constructor(private readonly session: Session) {}

  changed(file: string, change: Change): void {
    this.#pending.set(file, change);
    if (change === "buffer") this.#typedAt = performance.now();
    this.schedule();
  }

  schedule(): void {
    this.#generation += 1;
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#waitingSince = performance.now();
    this.#waitOneTurn();
  }

  /** Files move between analyses when workspace folders come and go. */
  reopenAll(): void {
    for (const file of this.session.documents.buffers().keys()) this.#pending.set(file, "buffer");
    this.schedule();
  }

  /**
   * Analyses what is pending, at once: a request is answered for the text that its sender sees. Judges the open files, and
   * those named.
   */
  settle(...files: readonly string[]): void {
    const { workspace, documents } = this.session;
    const pending = [...this.#pending];
    this.#pending.clear();
    try {
      for (const [file, change] of pending) {
        const text = documents.text(file);
        for (const analysis of workspace.concernedBy(file)) {
          if (change === "disk") analysis.changedOnDisk(file);
          else if (text !== undefined) analysis.open(file, text);
          else analysis.close(file);
        }
      }
      const typed = pending.filter(([, change]) => change === "buffer").map(([file]) => file);
      this.#refresh({ first: [...documents.buffers().keys(), ...files], hasTime: () => false }, new Set(typed));
    } catch (error) {
      this.session.report("The analysis failed", error);
    }
    this.#continue();
  }

  /** Until every file has been judged as it is now. */
  complete(): Promise<void> {
    this.settle();
    return new Promise((resolve) => {
      this.#whenComplete.push(resolve);
      this.#continue();
    });
  }

  #refresh(pace: Pace, typed: ReadonlySet<string>): void {
    const { workspace, diagnostics } = this.session;
    diagnostics.accept(workspace.refresh(pace), typed);
  }

  #continue(): void {
    if (this.session.workspace.isComplete) {
      for (const resolve of this.#whenComplete.splice(0)) resolve();
    } else if (!this.#isContinuing) {
      this.#isContinuing = true;
      const restMs = this.#typedAt + pauseMs - performance.now();
      if (restMs > 0 && this.#whenComplete.length === 0) setTimeout(() => this.#takeTurn(), restMs);
      else setImmediate(() => this.#takeTurn());
    }
  }

  #takeTurn(): void {
    this.#isContinuing = false;
    const now = performance.now();
    const end = now + turnMs;
    const isTyped = now < this.#typedAt + pauseMs && this.#whenComplete.length === 0;
    try {
      // What was typed meanwhile goes first, and is followed by another turn.
      if (!this.#scheduled && !isTyped) this.#refresh({ first: [], hasTime: () => performance.now() < end }, new Set());
    } catch (error) {
      this.session.report("The analysis failed", error);
    }
    if (!this.#scheduled) this.#continue();
  }

  #waitOneTurn(): void {
    const generation = this.#generation;
    // The reader hands out one message a turn, and does so after the immediates that were there before it.
    setImmediate(() =>
      setImmediate(() => {
        const quiet = generation === this.#generation;
        if (!quiet && performance.now() - this.#waitingSince < longestWaitMs) return this.#waitOneTurn();
        this.#scheduled = false;
        this.settle();
      }),
    );
  }
}
