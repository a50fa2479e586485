import type { Level } from "../../../runtime/src/levels.js";
import type { FieldClassification } from "../advise/advise.js";

/** `audit --format json`. */
export interface AuditDocument {
  readonly schema: 1;
  /** How many were looked at. */
  readonly files: number;
  /** How many were left, where it was interrupted. */
  readonly unseenFiles: number;
  /** What waiting is reckoned for. */
  readonly regions: { readonly names: readonly string[]; readonly areDefault: boolean };
  readonly stores: readonly AuditedStore[];
  /** What several clients at once, or a crash in between, make of the code: wherever no annotation is. */
  readonly risks: readonly AuditRisk[];
  readonly summary: AuditSummary;
}

export interface AuditedStore {
  /** "Cart", or "Redis, by `redis`". */
  readonly name: string;
  readonly kind: "class" | "store";
  /** What it gives without anybody asking; null for a class, whose fields say it. */
  readonly gives: { readonly level: Level | null; readonly reason: string } | null;
  readonly datasets: readonly AuditedDataset[];
}

export interface AuditedDataset {
  /** The field, the table, the key, the topic; null where the code does not say it where it is used. */
  readonly name: string | null;
  /** "counter", "model", "key" */
  readonly kind: string;
  /** Where it is declared, or first used. */
  readonly location: AuditLocation;
  /** How many places use it: null for fields, where it is declared. */
  readonly uses: { readonly reads: number; readonly writes: number } | null;
  /** Null: nothing in the code says it. */
  readonly level: Level | null;
  readonly levelBasis: "declared" | "default" | "asked for" | "unknown";
  readonly classification: FieldClassification;
  readonly verdict: AuditVerdict;
}

export interface AuditLocation {
  readonly file: string;
  readonly line: number;
}

export interface AuditVerdict {
  readonly kind: "could be weaker" | "must be stronger" | "fits" | "level unknown" | "no level" | "NEEDS_ANALYSIS";
  /** The level to try, where there is one. */
  readonly level: Level | null;
  readonly because: string;
  readonly saves: AuditSavings | null;
}

/** Of a weaker level beside the present one; from the region from which it takes longest. */
export interface AuditSavings {
  readonly usdPerMillionOperations: number;
  readonly writeMs: number;
  readonly readMs: number;
}

export interface AuditRisk {
  readonly kind: "lost update" | "dual write";
  readonly message: string;
  readonly location: AuditLocation;
}

export interface AuditSummary {
  /** The one that gains most, and how to try it. */
  readonly weaker: AuditCandidate | null;
  readonly stronger: AuditCandidate | null;
  /** How many nobody can judge by their names. */
  readonly needsAnalysis: number;
}

export interface AuditCandidate {
  readonly store: string;
  readonly dataset: string;
  readonly location: AuditLocation;
  readonly text: string;
  /** What tries it; null where only a person can. */
  readonly command: string | null;
}
