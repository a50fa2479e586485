import path from "node:path";
import { compareLevels, type Level, strongest } from "../../../../runtime/src/levels.js";
import type { CellEffect, FileModel, Site } from "../../analysis/model.js";
import { type StateEffect, stateOf } from "../../analysis/states.js";
import type { FlowStep, ValueFlow } from "../../analysis/value-flows.js";
import type { Problem, Report, Rule } from "../rule.js";
import { levelName, list } from "../words.js";

/** A flow from a read to something at a stronger level than the read had. */
export interface WeakFlow {
  readonly flow: ValueFlow;
  readonly read: StateEffect;
  /** The write, or the strongest write of the transaction that a `throw` takes back. */
  readonly write: StateEffect;
  readonly level: Level;
}

/** All that goes wrong at one place: several reads may reach one write. */
export interface WeakPlace {
  readonly kind: "value" | "guard";
  /** The weakest read first. */
  readonly flows: readonly [WeakFlow, ...WeakFlow[]];
}

/** Each place once a kind: where a value reaches a write, it does not matter any more under which condition it does. */
function weakPlaces(model: FileModel): readonly WeakPlace[] {
  const all = model.flows.flatMap((flow) => weakFlow(flow) ?? []);
  const decided = new Set(all.filter(({ flow }) => flow.to.kind === "write").map(({ flow }) => originIn(flow)));
  const byValue = new Set(all.filter(({ flow }) => flow.kind === "value").map(({ flow }) => targetKey(flow)));
  const places = new Map<string, WeakFlow[]>();
  for (const weak of all) {
    // What comes after a `throw` tells of it already.
    if (weak.flow.to.kind === "throw" && decided.has(originIn(weak.flow))) continue;
    if (weak.flow.kind === "guard" && byValue.has(targetKey(weak.flow))) continue;
    const key = `${weak.flow.kind} ${placeKey(weak.flow)}`;
    const known = places.get(key);
    if (known === undefined) places.set(key, [weak]);
    else known.push(weak);
  }
  return [...places.values()].flatMap((flows) => placeOf(flows) ?? []);
}

function weakFlow(flow: ValueFlow): WeakFlow | undefined {
  const { from, to } = flow;
  if (from.kind !== "read" || flow.isValidated) return undefined;
  const writes = to.kind === "write" ? [to.effect] : to.writes;
  const stronger = writes.filter((write) => compareLevels(from.effect.level, stateOf(write).level) < 0);
  const level = stronger.map((write) => stateOf(write).level).reduce(strongest, "none");
  const write = stronger.find((each) => stateOf(each).level === level);
  return write && { flow, read: from.effect, write, level };
}

function originIn({ from, within }: ValueFlow): string {
  return `${within?.id ?? ""} ${from.id}`;
}

function placeKey({ site }: ValueFlow): string {
  const { start, end } = site.range;
  return `${start.line}:${start.column}-${end.line}:${end.column}`;
}

function targetKey(flow: ValueFlow): string {
  return `${placeKey(flow)} ${flow.to.id}`;
}

function placeOf(flows: readonly WeakFlow[]): WeakPlace | undefined {
  const [first, ...others] = [...flows].sort((a, b) => compareLevels(a.read.level, b.read.level));
  return first && { kind: first.flow.kind, flows: [first, ...others] };
}

/** A rule about the places of one kind; both say the same, each with its own first sentence. */
export function weakPlaceRule(
  kind: WeakPlace["kind"],
  rule: Omit<Rule, "check">,
  message: (place: WeakPlace) => string,
): Rule {
  return {
    ...rule,
    check(model, report) {
      for (const place of weakPlaces(model)) if (place.kind === kind) report(problem(place, message(place), report));
    },
  };
}

function problem(place: WeakPlace, message: string, report: Report): Problem {
  const [first] = place.flows;
  const reads = distinct(place.flows.map(({ read }) => read));
  const names = [...new Set(reads.map(nameOf))];
  const level = place.flows.map((each) => each.level).reduce(strongest, "none");
  const cells = reads.filter((read): read is CellEffect => "cell" in read);
  return {
    at: first.flow.site,
    message,
    why: consequence(place, first),
    help: `Read ${list(names)} at ${levelName(level)}, or say with \`endorse(value, reason)\` why an old value is good enough.`,
    related: passage(first),
    fixes: [
      cells.length === reads.length ? report.fixes.readStronger(cells, level) : undefined,
      report.fixes.endorse(reads.map(({ site }) => site)),
    ],
  };
}

function distinct(reads: readonly StateEffect[]): readonly StateEffect[] {
  return reads.filter((read, index) => reads.findIndex(({ site }) => isSamePlace(site, read.site)) === index);
}

function isSamePlace(a: Site, b: Site): boolean {
  return (
    a.file === b.file && a.range.start.line === b.range.start.line && a.range.start.column === b.range.start.column
  );
}

export function nameOf(effect: StateEffect): string {
  return `\`${stateOf(effect).name}\``;
}

/** "`cached` (eventual)", "`balance` (linearizable), read at eventual" */
export function readLabel({ read, flow }: WeakFlow): string {
  const { level } = stateOf(read);
  const own = `${nameOf(read)} (${levelName(level)})`;
  const at = level === read.level ? own : `${own}, read at ${levelName(read.level)}`;
  const isElsewhere = flow.isKept || flow.path.some(({ kind }) => kind === "returned");
  return !isElsewhere ? at : `${at}${at === own ? ", read" : ""} in ${place(read.site)}`;
}

/** "`balance` (linearizable)", "`stock` (linearizable) and `orders` (sequential) through `book()`" */
export function writesLabel({ flows }: WeakPlace): string {
  const [{ flow }] = flows;
  const labels = list([...new Set(flows.map(({ write }) => `${nameOf(write)} (${levelName(stateOf(write).level)})`))]);
  return flow.call === undefined || flow.to.kind === "throw" ? labels : `${labels} through \`${flow.call}()\``;
}

function place({ file, range }: Site): string {
  return `${path.basename(file)}:${range.start.line}`;
}

const shortcomings: Readonly<Record<Level, string>> = {
  none: "is whatever this node happens to have, and need not be what any other node has",
  eventual: "may miss what others have already written",
  causal: "may miss what others are writing at the same time",
  sequential: "may be older than what others have already read",
  linearizable: "is current",
};

function consequence({ kind }: WeakPlace, first: WeakFlow): string {
  const read = nameOf(first.read);
  const write = nameOf(first.write);
  const old = `What is read of ${read} ${shortcomings[first.read.level]}`;
  if (kind === "value")
    return first.flow.sameCell
      ? `${old}. Written back, it undoes what has changed since, and nothing tells it from a current value.`
      : `${old}. Once it is in ${write}, everybody takes it for ${levelName(first.level)}, and the mistake stays.`;
  return first.flow.to.kind === "throw"
    ? `${old}: the transaction is given up, or not, on a state that is past.`
    : `${old}: ${write} changes, or does not, on a state that is past, and no later merge takes that back.`;
}

const stepTexts: Readonly<Record<FlowStep["kind"], string>> = {
  read: "it is read here",
  returned: "this call gives it on",
  passed: "it is passed on here",
  kept: "it is kept here",
  condition: "it decides here",
  call: "the write is reached by this call",
  write: "the write happens here",
  throw: "the transaction is given up here",
};

/** Where the read is, and all that brings it to where the finding is. */
export function passage({ flow, read }: Pick<WeakFlow, "flow" | "read">): NonNullable<Problem["related"]> {
  return flow.path
    .filter(({ site }) => !isSamePlace(site, flow.site))
    .map(({ kind, site }) => ({
      at: site,
      message: kind === "read" ? `${nameOf(read)} is read at ${levelName(read.level)} here` : stepTexts[kind],
    }));
}
