import { dollars, figure } from "../../../runtime/src/advice/figures.js";
import { compareLevels } from "../../../runtime/src/levels.js";
import { levelName } from "../rules/words.js";
import type { AuditCandidate, AuditedDataset, AuditedStore, AuditSavings, AuditSummary } from "./audit.js";

interface Placed {
  readonly store: AuditedStore;
  readonly dataset: AuditedDataset;
}

/** "Identify one dataset that could use weaker consistency", and the one that most needs the opposite. */
export function summaryOf(stores: readonly AuditedStore[]): AuditSummary {
  const all = stores.flatMap((store) => store.datasets.map((dataset) => ({ store, dataset })));
  const of = (kind: AuditedDataset["verdict"]["kind"]): Placed[] =>
    all.filter(({ dataset }) => dataset.verdict.kind === kind);
  const [weaker] = of("could be weaker").sort((a, b) => gain(b) - gain(a));
  const [stronger] = of("must be stronger").sort((a, b) => lack(b) - lack(a));
  return {
    weaker: weaker === undefined ? null : candidate(weaker),
    stronger: stronger === undefined ? null : candidate(stronger),
    needsAnalysis: of("NEEDS_ANALYSIS").length,
  };
}

/** What is declared can be changed where it stands, and tried by simulation: that comes first. */
function gain({ store, dataset: { verdict } }: Placed): number {
  const { usdPerMillionOperations = 0, writeMs = 0, readMs = 0 } = verdict.saves ?? {};
  return (store.kind === "class" ? 1_000_000 : 0) + usdPerMillionOperations * 1_000 + writeMs + readMs;
}

/** By how much the kind of data asks for, then by how far it is from that. */
function lack({ dataset }: Placed): number {
  const { weakest } = dataset.classification;
  return weakest === null ? 0 : compareLevels(weakest, "none") * 10 + compareLevels(weakest, dataset.level ?? "none");
}

function candidate({ store, dataset }: Placed): AuditCandidate {
  const { verdict, level, location, name } = dataset;
  const command = store.kind === "class" ? `faultline compare ${location.file}#${store.name}` : null;
  const change = `${levelName(level ?? "none")} → ${levelName(verdict.level ?? "none")}`;
  const saved = verdict.saves === null ? "" : `, ${savingsText(verdict.saves)}`;
  return {
    store: store.name,
    dataset: name ?? "",
    location,
    text: [`${change}${saved}.`, verdict.because, ...(store.kind === "class" ? [] : [labelling(dataset)])].join(" "),
    command,
  };
}

/** A level that nobody wrote down is one that neither `check` nor a simulation can judge by. */
const labelling = ({ levelBasis }: AuditedDataset): string =>
  levelBasis === "declared"
    ? "Its label says so: change both, or neither."
    : "No label says it yet: with one (@faultline/runtime/label) check judges by it.";

/** "saves $1.99 for a million operations and 144 ms a write" */
export function savingsText({ usdPerMillionOperations, writeMs, readMs }: AuditSavings): string {
  const waits = [
    ...(writeMs > 0 ? [`${figure(writeMs)} ms a write`] : []),
    ...(readMs > 0 ? [`${figure(readMs)} ms a read`] : []),
  ];
  return ["saves ", [`${dollars(usdPerMillionOperations)} a million operations`, ...waits].join(", ")].join("");
}
