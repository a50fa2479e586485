import type { Place, Step } from "./course.js";

/** Where two courses of one schedule part: the first step that differs. One of them may have ended before. */
export interface Parting {
  readonly recorded: Step | undefined;
  readonly now: Step | undefined;
}

/**
 * The first step in which the program does something else than it did, undefined if there is none. Where lines stand does
 * not matter; when something happens does, as others then see it earlier or later.
 */
export function partingOf(recorded: readonly Step[], now: readonly Step[]): Parting | undefined {
  const length = Math.max(recorded.length, now.length);
  for (let i = 0; i < length; i++) if (!isSame(recorded[i], now[i])) return { recorded: recorded[i], now: now[i] };
  return undefined;
}

const compared = [
  ...["kind", "does", "within", "operation", "level", "outcome"],
  ...["session", "region", "atUs", "endUs"],
] as readonly (keyof Step)[];

const isSame = (a: Step | undefined, b: Step | undefined): boolean => compared.every((key) => a?.[key] === b?.[key]);

/** A clause: when they part, what was recorded, what is done now, and in which line. */
export function describeParting({ recorded, now }: Parting): string {
  const at = Math.min(timeOf(recorded), timeOf(now));
  return `they part at ${seconds(at)}, where ${difference(recorded, now)}${placeText(now?.place ?? recorded?.place)}`;
}

function difference(recorded: Step | undefined, now: Step | undefined): string {
  if (recorded === undefined) return `the recording ends and the program goes on with ${said(now)}`;
  if (now === undefined) return `${said(recorded)} was recorded and the program does nothing more`;
  if (recorded.does !== now.does || recorded.within !== now.within) return differentDeed(recorded, now);
  const was = `${said(recorded)} was recorded`;
  if (recorded.outcome !== now.outcome)
    return `${said(recorded)} ${outcomes[recorded.outcome]} and now ${outcomes[now.outcome]}`;
  if (recorded.level !== now.level) return `${was} as ${recorded.level} and is now ${now.level}`;
  if (recorded.operation !== now.operation) return `${was} as ${recorded.operation} and is now ${now.operation}`;
  if (recorded.session !== now.session || recorded.region !== now.region)
    return `${was} in session ${recorded.session} (${recorded.region}) and is now done in session ${now.session} (${now.region})`;
  // Times that read alike would look as if nothing had changed.
  const digits = [3, 6].find((count) => times(recorded, count) !== times(now, count)) ?? 6;
  return `${was} from ${times(recorded, digits)} and is now from ${times(now, digits)}`;
}

function differentDeed(recorded: Step, now: Step): string {
  const does = now.kind === "call" ? "calls" : "does";
  if (recorded.within === undefined || recorded.within !== now.within)
    return `${said(recorded)} was recorded and the program now ${does} ${said(now)}`;
  return `\`${recorded.within}\` recorded \`${recorded.does}\` and now ${does} \`${changeOnly(recorded.does, now.does)}\``;
}

/** `100 → 60`, where the same cell was `100 → 70`. */
function changeOnly(recorded: string, now: string): string {
  const cell = now.slice(0, now.indexOf(" ") + 1);
  return cell !== "" && recorded.startsWith(cell) ? now.slice(cell.length) : now;
}

const said = (step: Step | undefined): string =>
  step === undefined ? "nothing" : `\`${step.does}\`${step.within === undefined ? "" : ` in \`${step.within}\``}`;

const outcomes: Readonly<Record<Step["outcome"], string>> = {
  ok: "succeeded",
  fail: "was refused",
  info: "was indeterminate",
  error: "threw",
  pending: "was never answered",
};

const timeOf = (step: Step | undefined): number =>
  step === undefined ? Number.POSITIVE_INFINITY : step.kind === "operation" ? (step.endUs ?? step.atUs) : step.atUs;

const times = ({ atUs, endUs }: Step, digits: number): string =>
  `${seconds(atUs, digits)} to ${endUs === undefined ? "no end" : seconds(endUs, digits)}`;

const seconds = (us: number, digits = 3): string => `${(us / 1_000_000).toFixed(digits)} s`;

const placeText = (place: Place | undefined): string => (place === undefined ? "" : ` (${place.file}:${place.line})`);
