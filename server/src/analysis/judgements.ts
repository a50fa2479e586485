import type { Finding } from "../documents/finding.js";
import type { Pace } from "./analysis.js";
import { remembered } from "./remembered.js";

export interface Judged {
  readonly findings: readonly Finding[];
  /** Other files whose functions were read for it. */
  readonly consulted: ReadonlySet<string>;
}

/** What was found in each file, and which files still have to be judged again. */
export class Judgements {
  readonly #waiting = new Set<string>();
  readonly #findings = new Map<string, readonly Finding[]>();
  readonly #reported = new Map<string, string>();
  /** Judged since the last report. */
  readonly #judged = new Set<string>();
  /** Files whose findings mention a place in the key, or were read from functions in it: they change with it. */
  readonly #mentionedBy = new Map<string, Set<string>>();
  readonly #mentions = new Map<string, ReadonlySet<string>>();

  /** `judge` answers undefined for a file that nothing can be found in. */
  constructor(private readonly judge: (file: string) => Judged | undefined) {}

  get areComplete(): boolean {
    return this.#waiting.size === 0;
  }

  /** What was found in them may be another thing now. */
  forget(files: Iterable<string>): void {
    for (const file of files) this.#waiting.add(file);
  }

  of(file: string): readonly Finding[] {
    if (this.#waiting.has(file)) this.#settle(file);
    return this.#findings.get(file) ?? [];
  }

  has(file: string): boolean {
    return this.#findings.has(file);
  }

  mentioning(file: string): ReadonlySet<string> {
    return this.#mentionedBy.get(file) ?? new Set();
  }

  /** Found by somebody else, for a file that is not judged here. */
  set(file: string, findings: readonly Finding[]): void {
    this.#findings.set(file, findings);
    this.#judged.add(file);
  }

  /** Judges what waits, all of it unless there is a pace to keep. */
  proceed(pace: Pace | undefined): void {
    for (const file of pace?.first ?? []) if (this.#waiting.has(file)) this.#settle(file);
    for (const file of this.#waiting) {
      if (pace?.hasTime() === false) return;
      this.#settle(file);
    }
  }

  /** Findings that differ from those that were reported last. */
  report(): ReadonlyMap<string, readonly Finding[]> {
    const changed = new Map<string, readonly Finding[]>();
    for (const file of this.#judged) {
      const findings = this.#findings.get(file) ?? [];
      const text = findings.length === 0 ? undefined : JSON.stringify(findings);
      if (text === this.#reported.get(file)) continue;
      if (text === undefined) this.#reported.delete(file);
      else this.#reported.set(file, text);
      changed.set(file, findings);
    }
    this.#judged.clear();
    return changed;
  }

  #settle(file: string): void {
    this.#waiting.delete(file);
    this.#judged.add(file);
    const judged = this.judge(file);
    if (judged === undefined) {
      this.#findings.delete(file);
      return;
    }
    this.#findings.set(file, judged.findings);
    this.#mention(file, judged);
  }

  #mention(file: string, { findings, consulted }: Judged): void {
    for (const mentioned of this.#mentions.get(file) ?? []) this.#mentionedBy.get(mentioned)?.delete(file);
    const mentioned = new Set(consulted);
    for (const finding of findings) {
      for (const place of [...finding.related, ...finding.fixes.flatMap((fix) => fix.edits)]) mentioned.add(place.file);
    }
    mentioned.delete(file);
    this.#mentions.set(file, mentioned);
    for (const each of mentioned) remembered(this.#mentionedBy, each, () => new Set()).add(file);
  }
}
