import type { Level } from "../levels.js";

/** What a mechanism promises, as data: the simulator judges by it, and whoever words a message quotes it. */
export interface Claims<Options = unknown> {
  /** The strongest level that this configuration provides. */
  claims(options: Options): Level;
  /** Why this configuration provides no more than it claims: a clause that follows a colon. */
  caveat?(options: Options): string | undefined;
  /** Which options give more, in order of preference: each what to do, and what that brings. */
  remedies?(options: Options): readonly OptionRemedy[];
  /** How far faults may go for the claim to hold. Within everything else it holds. */
  assumes?(options: Options): Assumptions | undefined;
}

export interface OptionRemedy {
  readonly text: string;
  /** What the text says to set, as data; absent where that is for a person to choose. */
  readonly options?: Readonly<Record<string, unknown>>;
}

/** What is only enough together: nothing as data where one of them is not. */
export function together(remedies: readonly OptionRemedy[]): OptionRemedy {
  const text = remedies.map((remedy) => remedy.text).join(", and ");
  if (remedies.some(({ options }) => options === undefined)) return { text };
  return { text, options: Object.fromEntries(remedies.flatMap(({ options = {} }) => Object.entries(options))) };
}

/** A mechanism's fault model, as far as it is narrower than "anything may crash, stop, be cut off or be late". */
export interface Assumptions {
  /** How much one clock may gain on another. */
  readonly driftRatio?: number;
  /** How far a clock may be off true time, in milliseconds. */
  readonly skewMs?: number;
  /** False: nobody is promoted while the old primary may have writes of its own. */
  readonly promotion?: false;
  /** What happens beyond that: a sentence. */
  readonly otherwise: string;
  readonly remedies: readonly OptionRemedy[];
}
