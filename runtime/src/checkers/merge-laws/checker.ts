import { failingCase } from "./generated.js";
import { brokenBy, isHeld, type Law, lawsOf, type MergeLaw, type ValueInvariant } from "./laws.js";
import { type Encoded, encoded, type MergeFunction, Misbehaviour, TriedMerge } from "./merge.js";
import { arePlausible } from "./plausible.js";
import { distinct, type Shape, shapeOf } from "./shape.js";

export type { MergeLaw, ValueInvariant } from "./laws.js";
export type { MergeFunction } from "./merge.js";

export interface MergeLawsInput {
  /** What the merge belongs to, as people know it: `alice.tags`, `Account.tags`. */
  readonly label: string;
  readonly merge: MergeFunction;
  /** Values that occurred: what the cell began with and what was written. Others are made up in their likeness. */
  readonly values: readonly unknown[];
  readonly invariant?: ValueInvariant | undefined;
  /** The same seed gives the same verdict. */
  readonly seed: number;
  /** How many cases are made up for each law; 300 unless told. */
  readonly cases?: number;
}

export type MergeLawsVerdict =
  /** No case was found that breaks a law: evidence, no proof. */
  | { readonly outcome: "valid" }
  | { readonly outcome: "invalid"; readonly violations: readonly MergeLawViolation[] }
  | { readonly outcome: "unknown"; readonly reason: string };

export interface MergeLawViolation {
  readonly law: MergeLaw;
  /** One sentence with the values. */
  readonly message: string;
  /** The smallest case found that breaks it. */
  readonly values: readonly unknown[];
  /** Whether all of them occurred, or came of merging such; otherwise some were made up. */
  readonly occurred: boolean;
}

/**
 * Decides whether a merge gives all replicas the same value in whatever order and however often they merge, by trying it:
 * on the values that occurred and what becomes of them, and on made-up values of the same shape. See checker.md.
 */
export function checkMergeLaws(input: MergeLawsInput): MergeLawsVerdict {
  const { label, invariant } = input;
  const occurred = distinct(input.values).slice(0, maxOccurred).map(encoded);
  if (occurred.length < 2)
    return { outcome: "unknown", reason: `Only one value of ${label} occurred: nothing was there to merge.` };
  const merge = new TriedMerge(input.merge);
  const tried = reachedFrom(occurred.filter(isShort).slice(0, maxCombined), merge);
  const reached = tried.filter((value) => isAllowed(value, invariant));
  const known = [...occurred, ...reached].filter((value) => isAllowed(value, invariant));
  const shape = shapeOf(known.map(({ value }) => value));
  const violations: MergeLawViolation[] = [];
  for (const law of lawsOf(invariant)) {
    const found = smallestCase(law, merge, { ...input, reached, shape });
    if (found !== undefined) violations.push(violationOf(law, found, label, known));
    // What is no function of two values breaks the other laws as well, which would say nothing new.
    if (found !== undefined && law.name === "pure") break;
  }
  return violations.length === 0 ? { outcome: "valid" } : { outcome: "invalid", violations };
}

/** Enough to tell what the values look like. */
const maxOccurred = 64;
/** So few that all triples can be tried of what they lead to. */
const maxCombined = 6;
const maxReached = 10;
/** In characters. What takes long to merge takes too long a thousand times; short values are made up in its likeness. */
const maxLength = 1000;
const defaultCases = 300;

interface Domain extends MergeLawsInput {
  readonly reached: readonly Encoded[];
  readonly shape: Shape;
}

interface BrokenCase {
  readonly values: readonly Encoded[];
  readonly clause: string;
}

/** Values that occurred, and what merging them gives: what a replica shows, and a client writes again. */
function reachedFrom(occurred: readonly Encoded[], merge: TriedMerge): readonly Encoded[] {
  const reached = new Map(occurred.map((value) => [value.text, value]));
  for (const a of occurred) {
    for (const b of occurred) {
      if (reached.size >= maxReached) break;
      try {
        const merged = merge.apply(a, b);
        if (isShort(merged)) reached.set(merged.text, merged);
      } catch (error) {
        if (!(error instanceof Misbehaviour)) throw error;
      }
    }
  }
  return [...reached.values()];
}

const isShort = ({ text }: Encoded): boolean => text.length <= maxLength;

/** Of what is found among the values that were reached and among those made up, the smaller. */
function smallestCase(law: Law, merge: TriedMerge, domain: Domain): BrokenCase | undefined {
  const { shape, seed, cases = defaultCases, invariant } = domain;
  const found = tuplesOf(domain.reached, law.arity).flatMap((values) => caseOf(law, merge, values));
  const made = failingCase({ shape, arity: law.arity, seed, cases }, (given) => {
    if (!given.every((a, i) => given.slice(i + 1).every((b) => arePlausible(shape, a, b)))) return "skipped";
    const values = given.map(encoded);
    if (!values.every((value) => isAllowed(value, invariant))) return "skipped";
    return brokenBy(law, merge, values) !== undefined;
  });
  if (made !== undefined) found.push(...caseOf(law, merge, made.map(encoded)));
  return found.reduce<BrokenCase | undefined>(
    (smallest, next) => (smallest === undefined || sizeOf(next) < sizeOf(smallest) ? next : smallest),
    undefined,
  );
}

function tuplesOf(values: readonly Encoded[], arity: number): readonly (readonly Encoded[])[] {
  let tuples: readonly (readonly Encoded[])[] = [[]];
  for (let i = 0; i < arity; i++) tuples = tuples.flatMap((tuple) => values.map((value) => [...tuple, value]));
  return tuples;
}

function caseOf(law: Law, merge: TriedMerge, values: readonly Encoded[]): readonly BrokenCase[] {
  const clause = brokenBy(law, merge, values);
  return clause === undefined ? [] : [{ values, clause }];
}

function violationOf(
  { name }: Law,
  { values, clause }: BrokenCase,
  label: string,
  known: readonly Encoded[],
): MergeLawViolation {
  const texts = new Set(known.map(({ text }) => text));
  return {
    law: name,
    message: `\`merge\` of \`${label}\` ${clause}.`,
    values: values.map(({ value }) => value),
    occurred: values.every(({ text }) => texts.has(text)),
  };
}

/** A value that breaks the invariant is none that a merge would have to deal with. */
const isAllowed = (value: Encoded, invariant: ValueInvariant | undefined): boolean =>
  invariant === undefined || isHeld(invariant.holds, value);

const sizeOf = ({ values }: BrokenCase): number => values.reduce((size, { text }) => size + text.length, 0);
