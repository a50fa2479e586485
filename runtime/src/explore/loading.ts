import { Prng } from "../simulation/prng.js";
import type { VirtualHost } from "../simulation/virtual-globals/index.js";
import type { Run, RunOptions } from "./schedule.js";
import { errorFinding } from "./violation.js";

export const outsideMessage = "the code reached outside the simulation";

/** The world while modules are evaluated: time stands still, timers wait for the run to begin. */
export class Loading implements VirtualHost {
  readonly errors: Error[] = [];
  readonly timers: { readonly run: () => void; readonly delayUs: number }[] = [];
  private readonly prng: Prng;

  constructor(seed: number) {
    this.prng = Prng.seeded(seed, "modules");
  }

  readonly nowUs = (): number => 0;
  readonly random = (): number => this.prng.fraction();
  readonly forbidden = (_what: string, error: Error): void => {
    this.errors.push(error);
  };
  readonly setTimer = (run: () => void, delayUs: number): number => -this.timers.push({ run, delayUs });
  readonly clearTimer = (id: number): void => {
    if (id < 0) this.timers.splice(-id - 1, 1, { run: () => {}, delayUs: 0 });
  };

  failed(error: unknown, options: RunOptions, why = "the module could not be evaluated"): Run {
    const errors = this.errors.length > 0 ? this.errors : [error];
    const what = this.errors.length > 0 ? outsideMessage : why;
    return {
      seed: options.seed,
      findings: errors.slice(0, 1).map((one) => errorFinding(one, what, options.isUserFile)),
      vacuous: `${why}.`,
      unknown: undefined,
      calls: [],
      judgements: new Map(),
      figures: [],
      faultsFired: new Map(),
      simulatedUs: 0,
      mergedFields: [],
      measurements: undefined,
      digest: "not evaluated",
      trace: undefined,
      decisions: undefined,
    };
  }
}
