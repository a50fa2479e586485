import type { Diagnostic, Range, TextDocumentContentChangeEvent } from "vscode-languageserver/node";
import type { ReplayArguments } from "../protocol.js";

/** One violation on its source line. */
export interface PlacedViolation {
  readonly file: string;
  readonly diagnostic: Diagnostic;
  /** The first schedule that shows it. */
  readonly schedule: ReplayArguments & { readonly seed: number };
  /** All lines that the finding speaks of: when one of them is edited it may no longer be true. */
  readonly spans: readonly { readonly file: string; readonly range: Range }[];
}

/** What one scenario's last run found. */
export interface PlacedRun {
  readonly key: string;
  readonly placed: readonly PlacedViolation[];
}

export function scenarioKey(file: string, scenario: string): string {
  return `${file}#${scenario}`;
}

/**
 * Findings of simulations, which stay until the scenario runs again or one of the lines they speak of is edited. Edits
 * elsewhere move them.
 */
export class SimulationFindings {
  readonly #runs = new Map<string, readonly PlacedViolation[]>();

  /** Replaces what was known of a scenario; answers the files whose findings may differ. */
  set({ key, placed }: PlacedRun): ReadonlySet<string> {
    const before = this.#runs.get(key) ?? [];
    if (placed.length === 0) this.#runs.delete(key);
    else this.#runs.set(key, placed);
    return new Set([...before, ...placed].map(({ file }) => file));
  }

  of(file: string): readonly Diagnostic[] {
    return this.placedIn(file).map(({ diagnostic }) => diagnostic);
  }

  placedIn(file: string): readonly PlacedViolation[] {
    return [...this.#runs.values()].flat().filter((violation) => violation.file === file);
  }

  /** The first schedule that was found to fail of a target, or of any in a file. */
  seedOf(file: string, name: string | undefined): number | undefined {
    const isMeant = (key: string): boolean =>
      name === undefined ? key.startsWith(scenarioKey(file, "")) : key === scenarioKey(file, name);
    const found = [...this.#runs].find(([key]) => isMeant(key));
    return found?.[1][0]?.schedule.seed;
  }

  /** Follows an edit; answers the files whose findings may differ. */
  edit(file: string, changes: readonly TextDocumentContentChangeEvent[]): ReadonlySet<string> {
    const touched = new Set<string>();
    for (const [key, before] of this.#runs) {
      if (!before.some(({ spans }) => spans.some((span) => span.file === file))) continue;
      const after = changes.reduce<readonly PlacedViolation[]>(
        (placed, change) => placed.flatMap((violation) => follow(violation, file, change) ?? []),
        before,
      );
      for (const changed of this.set({ key, placed: after })) touched.add(changed);
    }
    return touched;
  }
}

function follow(
  violation: PlacedViolation,
  file: string,
  change: TextDocumentContentChangeEvent,
): PlacedViolation | undefined {
  const moved = (range: Range) => move(range, change);
  const spans = violation.spans.map((span) => (span.file === file ? { file, range: moved(span.range) } : span));
  if (spans.some(({ range }) => range === undefined)) return undefined;
  const range = violation.file === file ? moved(violation.diagnostic.range) : violation.diagnostic.range;
  if (range === undefined) return undefined;
  return { ...violation, spans: spans as PlacedViolation["spans"], diagnostic: { ...violation.diagnostic, range } };
}

/** Where a range is after an edit; undefined if the edit touches its lines. */
function move(range: Range, change: TextDocumentContentChangeEvent): Range | undefined {
  if (!("range" in change)) return undefined;
  const { start, end } = change.range;
  if (start.line > range.end.line) return range;
  const wholeLinesBefore = end.line === range.start.line && end.character === 0 && /(^|\n)$/.test(change.text);
  if (end.line >= range.start.line && !wholeLinesBefore) return undefined;
  const delta = change.text.split("\n").length - 1 - (end.line - start.line);
  const shift = ({ line, character }: Range["start"]) => ({ line: line + delta, character });
  return { start: shift(range.start), end: shift(range.end) };
}
