import { ts } from "ts-morph";
import type { Finding, Range } from "../documents/finding.js";
import type { Site } from "./model.js";
import { rangeBetween } from "./sites.js";

/** `// faultline-disable-next-line <rule> -- reason` and the like. */
export interface Suppression {
  /** The comment. */
  readonly site: Site;
  /** `faultline-disable` or `faultline-disable-next-line`, or what was written in their place. */
  readonly directive: string;
  /** It is one of the two: another word silences nothing. */
  readonly isUnderstood: boolean;
  /** Those that it names; none for all rules. */
  readonly rules: readonly string[];
  /** Undefined where nothing is said. */
  readonly reason: string | undefined;
  /** Findings that begin on these lines are meant, the last one included. */
  readonly lines: { readonly first: number; readonly last: number };
  /** The line of the next code. */
  readonly nextLine: number;
}

const verbs = "disable|ignore|suppress|skip|allow|silence|enable|expect-error|nocheck|off";
/** Where a comment may stand that is one, or was meant to be. */
const marks = new RegExp(`faultline[\\s:_-]{1,3}(?:${verbs})`, "gi");

/** After the mark come rules, then `--` and a reason. */
const directive = new RegExp(`^(?://|/\\*)\\s*(@?faultline-(?:${verbs})[\\w-]*)(?![\\w-])([\\s\\S]*)$`, "i");
/** `faultline: disable-next-line no-lost-update`: in words that are not joined, only a rule or nothing tells it from prose. */
const loose = new RegExp(
  `^(?://|/\\*)\\s*(@?faultline[\\s:_]{1,3}(?:${verbs})[\\w-]*)(?=\\s*(?:$|--|(?:no|require)-[a-z]))([\\s\\S]*)$`,
  "i",
);

/**
 * The comments of a file that silence findings: `// faultline-disable-next-line <rule>, <rule> -- reason` and
 * `/* faultline-disable <rule> -- reason`, in either form of comment. Text that only looks like one is none.
 */
export function suppressionsOf(tree: ts.SourceFile): readonly Suppression[] {
  const { text } = tree;
  const found: Suppression[] = [];
  let end = 0;
  for (const { index } of text.matchAll(marks)) {
    if (index < end) continue;
    const comment = commentAt(tree, index);
    const suppression = comment === undefined ? undefined : suppressionOf(tree, comment);
    if (suppression !== undefined) found.push(suppression);
    end = comment?.end ?? 0;
  }
  return found;
}

/** Whether a suppression is meant for a finding: by its place and its rule. What is said of itself it cannot silence. */
export function suppresses({ rules, lines, site }: Suppression, { rule, file, range }: Finding): boolean {
  const { line } = range.start;
  if (file !== site.file || line < lines.first || line > lines.last || beginAlike(range, site.range)) return false;
  return rules.length === 0 || rules.includes(rule);
}

/** What is said of suppressions is silenced by name only: one of all rules would silence that it gives no reason. */
export function isSuppressed(finding: Finding, suppressions: readonly Suppression[]): boolean {
  const isOfComment = isOfSuppression(finding, suppressions);
  return suppressions.some((each) => (each.rules.length > 0 || !isOfComment) && suppresses(each, finding));
}

/** Whether a finding speaks of a suppression, and not of code. */
export function isOfSuppression({ range }: Finding, suppressions: readonly Suppression[]): boolean {
  return suppressions.some(({ site }) => beginAlike(site.range, range));
}

function beginAlike(a: Range, b: Range): boolean {
  return a.start.line === b.start.line && a.start.column === b.start.column;
}

interface Comment {
  readonly start: number;
  readonly end: number;
  /** The token that it stands before. */
  readonly next: ts.Node;
}

/** The comment around a position; undefined in strings, templates, regular expressions and the text of JSX. */
function commentAt(tree: ts.SourceFile, position: number): Comment | undefined {
  let next: ts.Node = tree;
  for (;;) {
    const child = next.getChildren(tree).find((each) => each.pos <= position && position < each.end);
    if (child === undefined) break;
    next = child;
  }
  if (next === tree || position >= next.getStart(tree)) return undefined;
  const comments = [
    ...(ts.getLeadingCommentRanges(tree.text, next.pos) ?? []),
    ...(ts.getTrailingCommentRanges(tree.text, next.pos) ?? []),
  ];
  const comment = comments.find(({ pos, end }) => pos <= position && position < end);
  return comment === undefined ? undefined : { start: comment.pos, end: comment.end, next };
}

function suppressionOf(tree: ts.SourceFile, { start, end, next }: Comment): Suppression | undefined {
  const text = tree.text.slice(start, end).replace(/\*\/$/, "");
  const match = directive.exec(text) ?? loose.exec(text);
  if (match === null) return undefined;
  const [, word = "", rest = ""] = match;
  const [, ids = "", reason = ""] = /^([\s\S]*?)(?:(?:^|\s)--([\s\S]*))?$/.exec(rest) ?? [];
  const range = rangeBetween(tree, start, end);
  const nextLine = tree.getLineAndCharacterOfPosition(next.getStart(tree)).line + 1;
  return {
    site: { file: tree.fileName, range },
    directive: word,
    isUnderstood: word === wholeFile || word === oneLine,
    rules: ids.split(/[\s,]+/).filter((id) => id !== ""),
    reason: /[\p{L}\p{N}]/u.test(reason) ? reason.trim() : undefined,
    lines: reachOf(word, range, nextLine),
    nextLine,
  };
}

const wholeFile = "faultline-disable";
const oneLine = "faultline-disable-next-line";

/**
 * The next line is that of the next code, with the comments between: several suppressions may stand above one line. A word
 * that is neither directive reaches nothing.
 */
function reachOf(word: string, { start, end }: Range, nextLine: number): Suppression["lines"] {
  if (word === wholeFile) return { first: start.line, last: Number.POSITIVE_INFINITY };
  if (word !== oneLine) return { first: 1, last: 0 };
  return { first: end.line + 1, last: Math.max(end.line + 1, nextLine) };
}
