import type { Explored, Part } from "./exploration.js";
import type { ShrunkSize } from "./shrinking.js";

/** What a worker is asked to do. */
export interface Job {
  readonly id: string;
  readonly part: Part;
  readonly seed: number;
  readonly schedules: number;
}

export interface Done {
  readonly job: Job;
  readonly explored: Explored;
  /** The schedule that shows the bug, made smaller. */
  readonly shrunk?: ShrunkSize & { readonly wallMs: number };
}
