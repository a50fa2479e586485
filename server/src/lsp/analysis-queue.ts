import type { Session } from "./session.js";

/** How long a burst of key strokes may be gathered before it is analysed all the same. */
const longestWaitMs = 50;

type Change = "buffer" | "closed" | "disk";

/**
 * Changes that wait for analysis. Messages that are already queued when a change arrives are read first, so that a burst of
 * key strokes costs one analysis; a lone key stroke waits for one turn of the event loop.
 */
export class AnalysisQueue {
  readonly #pending = new Map<string, Change>();
  #scheduled = false;
  #generation = 0;
  #waitingSince = 0;

  constructor(private readonly session: Session) {}

  changed(file: string, change: Change): void {
    this.#pending.set(file, change);
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

  /** Analyses what is pending, at once: a request is answered for the text that its sender sees. */
  settle(): void {
    const { workspace, documents, diagnostics } = this.session;
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
      diagnostics.accept(workspace.refresh(), new Set(typed));
    } catch (error) {
      this.session.report("The analysis failed", error);
    }
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
