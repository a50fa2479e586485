import { existsSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import writeFileAtomic from "write-file-atomic";
import { type BaselineDocument, baselineDocumentSchema } from "../../documents/baseline.js";
import type { Finding } from "../../documents/finding.js";
import { UsageError } from "../exit.js";
import { contextOf } from "./context.js";
import { counted, nameIn } from "./results.js";

type KnownFinding = BaselineDocument["findings"][number];

type Source = (file: string) => string;

/** Findings that are known and not reported, in a file that is kept with the code. Paths are relative to that file. */
export class Baseline {
  private constructor(
    private readonly file: string,
    private readonly source: Source,
    private readonly known: readonly KnownFinding[],
  ) {}

  /** Undefined where there is no such file yet. */
  static read(file: string, source: Source, { mayBeBroken = false } = {}): Baseline | undefined {
    if (!existsSync(file)) return undefined;
    const parsed = baselineDocumentSchema.safeParse(jsonOf(readFileSync(file, "utf8")));
    if (parsed.success) return new Baseline(file, source, parsed.data.findings);
    if (mayBeBroken) return undefined;
    throw new UsageError(
      `${file} is no baseline that this version of faultline can read.`,
      "Write it anew with --update-baseline, or name the right file.",
    );
  }

  /** `kept` are entries of files that nobody looked at. */
  static write(file: string, source: Source, findings: readonly Finding[], kept: readonly KnownFinding[]): void {
    const entries = new Map<string, KnownFinding>();
    for (const entry of [...kept, ...findings.map((finding) => entryOf(finding, file, source))]) {
      const key = keyOf(entry);
      entries.set(key, { ...entry, count: entry.count + (entries.get(key)?.count ?? 0) });
    }
    const document: BaselineDocument = {
      schema: 1,
      findings: [...entries].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry),
    };
    writeFileAtomic.sync(file, `${JSON.stringify(document, null, 2)}\n`);
  }

  /** Findings beyond those that are known; of equal ones in a file the last are taken to be the new ones. */
  without(findings: readonly Finding[]): readonly Finding[] {
    const left = this.#counts();
    return findings.filter((finding) => {
      const key = keyOf(entryOf(finding, this.file, this.source));
      const count = left.get(key) ?? 0;
      left.set(key, count - 1);
      return count <= 0;
    });
  }

  /** Entries that stand for more findings than there are, with the number of those that are gone. */
  stale(findings: readonly Finding[], isChecked: (file: string) => boolean): readonly KnownFinding[] {
    const left = this.#counts();
    for (const finding of findings) {
      const key = keyOf(entryOf(finding, this.file, this.source));
      left.set(key, (left.get(key) ?? 0) - 1);
    }
    return this.known.flatMap((entry) => {
      const count = left.get(keyOf(entry)) ?? 0;
      return count > 0 && isChecked(this.#pathOf(entry)) ? [{ ...entry, count }] : [];
    });
  }

  entriesOutside(isChecked: (file: string) => boolean): readonly KnownFinding[] {
    return this.known.filter((entry) => !isChecked(this.#pathOf(entry)));
  }

  #pathOf(entry: KnownFinding): string {
    return resolve(dirname(this.file), entry.file);
  }

  #counts(): Map<string, number> {
    return new Map(this.known.map((entry) => [keyOf(entry), entry.count]));
  }
}

/** For people: what is known and gone. */
export function staleText(stale: readonly KnownFinding[], name: string): string {
  const number = stale.reduce((sum, { count }) => sum + count, 0);
  const places = stale.slice(0, 5).map(({ rule, file, code }) => `  ${file}: ${rule} at \`${code}\``);
  const more = stale.length > places.length ? [`  and ${stale.length - places.length} more`] : [];
  const [are, them] = number === 1 ? ["is", "it"] : ["are", "them"];
  const what = `${counted(number, "finding")} in ${name} ${are} gone from the code.`;
  return [`${what} Take ${them} out with --update-baseline:`, ...places, ...more].join("\n");
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // Said by the caller: it is no baseline.
  }
}

function entryOf(finding: Finding, baseline: string, source: Source): KnownFinding {
  const code = contextOf(finding, source(finding.file));
  return { rule: finding.rule, file: nameIn(dirname(baseline), finding.file), code, count: 1 };
}

function keyOf({ file, rule, code }: KnownFinding): string {
  return [file, rule, code].join("\0");
}
