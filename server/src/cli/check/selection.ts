import type { Finding } from "../../documents/finding.js";
import { Baseline, staleText } from "./baseline.js";
import { isAsked, type Request } from "./options.js";
import { counted } from "./results.js";
import { sinceRevision } from "./since.js";
import { SourceTexts } from "./source-texts.js";

export interface Selected {
  readonly findings: readonly Finding[];
  /** What people should know about those that are not among them. */
  readonly remarks: readonly string[];
}

/** Which of the findings are reported: those that `--since` and `--baseline` leave. */
export class Selection {
  constructor(private readonly request: Request) {}

  /** As the files on disk are now. May write the baseline. */
  of(findings: readonly Finding[]): Selected {
    const recent = this.#recent(findings);
    const { baseline } = this.request;
    if (baseline === undefined) return { findings: recent, remarks: [] };
    const texts = new SourceTexts();
    const source = (file: string): string => texts.of(file);
    const isChecked = (file: string): boolean => isAsked(this.request, file);
    const { name, file, isUpdated } = baseline;
    const known = Baseline.read(file, source, { mayBeBroken: isUpdated });
    if (known === undefined || isUpdated) {
      Baseline.write(file, source, findings, known?.entriesOutside(isChecked) ?? []);
      const remark = `${counted(findings.length, "finding")} ${findings.length === 1 ? "is" : "are"} known in ${name} from now on.`;
      return { findings: [], remarks: [remark] };
    }
    const stale = known.stale(findings, isChecked);
    const remarks = stale.length === 0 ? [] : [staleText(stale, name)];
    return { findings: inBoth(known.without(findings), recent), remarks };
  }

  /** Before anything was fixed: findings that are known or older are not fixed either. */
  toFix(findings: readonly Finding[]): readonly Finding[] {
    const { baseline } = this.request;
    const recent = this.#recent(findings);
    if (baseline === undefined || baseline.isUpdated) return recent;
    const texts = new SourceTexts();
    const known = Baseline.read(baseline.file, (file) => texts.of(file));
    return known === undefined ? recent : inBoth(known.without(findings), recent);
  }

  #recent(findings: readonly Finding[]): readonly Finding[] {
    const { since, root } = this.request;
    return since === undefined ? findings : sinceRevision(findings, since, root);
  }
}

function inBoth(some: readonly Finding[], others: readonly Finding[]): readonly Finding[] {
  const set = new Set(others);
  return some.filter((each) => set.has(each));
}
