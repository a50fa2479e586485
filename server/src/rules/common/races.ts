import { compareLevels, isAtLeast, type Level } from "../../../../runtime/src/levels.js";
import type { Fixes } from "../../analysis/fixes/fixes.js";
import type { CellEffect, FileModel, Method, Site } from "../../analysis/model.js";
import { type StateEffect, stateOf } from "../../analysis/states.js";
import type { ValueFlow } from "../../analysis/value-flows.js";
import type { Fix } from "../../documents/finding.js";
import { levelName } from "../words.js";
import { kindOf } from "./stores.js";

/** A read on which a write rests, and between the two of which somebody else may write. */
export interface Race {
  readonly flow: ValueFlow;
  readonly read: StateEffect;
  readonly write: StateEffect;
  /** Of what is written. */
  readonly level: Level;
}

interface Races {
  readonly lostUpdates: readonly Race[];
  readonly checksThenActs: readonly Race[];
  readonly writeSkews: readonly Race[];
}

const known = new WeakMap<FileModel, Races>();

/**
 * The races of a file, each write once: an invariant over two cells says most about it, and a value that is written back
 * more than the condition under which it is.
 */
export function racesOf(model: FileModel): Races {
  const found = known.get(model) ?? findRaces(model);
  known.set(model, found);
  return found;
}

function findRaces(model: FileModel): Races {
  const all = model.flows.flatMap((flow) => raceOf(flow) ?? []);
  if (all.length === 0) return { lostUpdates: [], checksThenActs: [], writeSkews: [] };
  const locked = new Set(model.flows.filter(isLock).map(targetKey));
  const told = new Set<string>();
  const onePerWrite = (races: readonly Race[]): readonly Race[] =>
    races.filter(({ flow }) => {
      const key = targetKey(flow);
      if (told.has(key) || locked.has(key)) return false;
      told.add(key);
      return true;
    });
  const writeSkews = onePerWrite(strongest(all.filter((race) => isWriteSkew(race, model))));
  const lostUpdates = onePerWrite(all.filter((race) => isLostUpdate(race) && isUnprotected(model, race)));
  const checksThenActs = onePerWrite(all.filter((race) => isCheckThenAct(model, race) && isUnprotected(model, race)));
  return { lostUpdates, checksThenActs, writeSkews };
}

/**
 * What is read at a weaker level than the write has, whoever else writes, is told by the rules about that. Of what another
 * method has left in a field nobody can tell whether it was read for this write.
 */
function raceOf(flow: ValueFlow): Race | undefined {
  const { from, to } = flow;
  if (from.kind !== "read" || to.kind !== "write" || flow.isValidated || flow.isKept) return undefined;
  const { level } = stateOf(to.effect);
  return compareLevels(from.effect.level, level) < 0 ? undefined : { flow, read: from.effect, write: to.effect, level };
}

/** Who does not win a compare-and-set, or a name in another cell by `update`, does not get as far as the write. */
function isLock({ kind, from, sameCell }: ValueFlow): boolean {
  if (kind !== "guard" || from.kind !== "read" || from.effect.access !== "update" || sameCell) return false;
  return isAtLeast(stateOf(from.effect).level, "sequential");
}

function targetKey({ site, to }: ValueFlow): string {
  const { start, end } = site.range;
  return `${start.line}:${start.column}-${end.line}:${end.column} ${to.id}`;
}

function isLostUpdate({ flow, read, write }: Race): boolean {
  if (flow.kind !== "value" || !flow.sameObject || !flow.overwrites || flow.isMerged) return false;
  if ("store" in write) return write.action === "write" && flow.sameKey;
  if (write.cell.dataType === "register") return true;
  return write.cell.dataType === "map" && flow.sameKey && read.operation !== "has";
}

function isCheckThenAct(model: FileModel, race: Race): boolean {
  const { flow, read, write } = race;
  if (flow.kind !== "guard" || flow.condition?.test !== "absent" || !flow.sameObject || !flow.overwrites) return false;
  // What somebody else has put into a cache meanwhile is as good.
  if (flow.isMerged || kindOf(write) !== "database") return false;
  if ("store" in write) return write.action === "write" && (flow.sameKey || (isSearch(read) && isCreation(write)));
  if (write.cell.dataType === "register") return isClaimed(race, write.cell.initial);
  if ((!insertions.has(write.operation) && !flow.insideUpdate) || isToggle(model, race)) return false;
  return !keyed.has(read.operation) || flow.sameKey;
}

const insertions = new Set(["add", "put", "append"]);
const keyed = new Set(["has", "get"]);

/** `findUnique({ where: { email } })`, where keys are parts of an object. */
function isSearch({ operation }: StateEffect): boolean {
  return /^(?:find|exists|count|first|some)/i.test(operation);
}

function isCreation({ operation }: StateEffect): boolean {
  return /^(?:create|insert|add|save)/i.test(operation);
}

/** No number is the absence of one, and a flag that is raised twice is raised, unless whoever raises it does more. */
function isClaimed({ flow }: Race, initial: unknown): boolean {
  if (typeof initial === "number") return false;
  return typeof initial !== "boolean" || flow.condition?.isAlone === false;
}

/** In or out in turn: `has` decides whether to delete as well, and twice in is in. */
function isToggle({ flows }: FileModel, { flow }: Race): boolean {
  return flows.some(
    ({ from, to, condition, sameObject }) =>
      from.id === flow.from.id &&
      sameObject &&
      condition?.test === "present" &&
      to.kind === "write" &&
      to.effect.operation === "delete",
  );
}

/** Causal transactions see one snapshot and are not compared with one another; below, nothing holds operations together. */
function isUnprotected(model: FileModel, { flow, write, level }: Race): boolean {
  if (isAtLeast(level, "sequential") && flow.within?.transaction === "always") return false;
  return "cell" in write || isBare(model, flow, write.isBounded);
}

/** A store has locks and transactions of its own, which the words of a function tell and its types do not. */
function isBare({ sequences }: FileModel, { within }: ValueFlow, isBounded: boolean): boolean {
  const around = within?.name === undefined ? [] : sequences.filter(({ name }) => name === within.name);
  return !isBounded && around.length > 0 && !around.some(({ text }) => ofItsOwn.test(text));
}

const ofItsOwn =
  /transact|(?:^|[^a-z])tx|trx|begin|lock|mutex|semaphore|serializ|unique|conflict|watch|multi|version|etag|revision|p2002|23505/i;

function isWriteSkew({ flow, read, write, level }: Race, model: FileModel): boolean {
  if (flow.within === undefined || flow.within.transaction === "never") return false;
  if (isAtLeast(level, "sequential") || isAtLeast(read.level, "sequential") || flow.sameObject) return false;
  if (!("cell" in read) || !("cell" in write)) return false;
  // Nobody can change behind its back what nobody changes.
  if (!read.cell.operations.some(({ access }) => access !== "read")) return false;
  return flow.invariants.length > 0 && !model.flows.some((other) => isWrittenBesides(flow, other));
}

/** Of two transactions that write what they read the later one meets the earlier: that is no skew. */
function isWrittenBesides({ from, within }: ValueFlow, other: ValueFlow): boolean {
  return other.from.id === from.id && other.within?.id === within?.id && other.sameObject;
}

/** The strongest writes of each transaction, and of each cell the first. */
function strongest(races: readonly Race[]): readonly Race[] {
  const first = new Map<string, Race>();
  for (const race of races) {
    const own = races.filter(({ flow }) => flow.within?.id === race.flow.within?.id);
    if (own.some(({ level }) => compareLevels(level, race.level) > 0)) continue;
    const key = `${race.flow.within?.id} ${stateOf(race.write).name}`;
    const known = first.get(key);
    if (known === undefined || isBefore(race.flow.site, known.flow.site)) first.set(key, race);
  }
  return [...first.values()];
}

function isBefore(a: Site, b: Site): boolean {
  return (a.range.start.line - b.range.start.line || a.range.start.column - b.range.start.column) < 0;
}

/** The method whose body a flow is in; several, where it has overloads or namesakes. */
export function methodsAround(model: FileModel, { within }: ValueFlow): readonly Method[] {
  return model.methods.filter(({ name, owner }) => name === within?.name && owner === within.owner);
}

/** " Not all callers are in a transaction.", where that is why one does not protect. */
export function aboutCallers({ within }: ValueFlow): string {
  return within?.transaction === "sometimes" ? " Not all callers are in a transaction." : "";
}

/** "Two calls of `reserve`" */
export function twoRuns({ within }: ValueFlow): string {
  return within?.name === undefined ? "two runs of this code" : `two calls of \`${within.name}\``;
}

/** "`place`", or what runs where no function has a name. */
export function subjectOf({ within }: ValueFlow): string {
  return within?.name === undefined ? "This code" : `\`${within.name}\``;
}

/** "`stock` (linearizable)" */
export function labelled(effect: StateEffect): string {
  const { name, level } = stateOf(effect);
  return `\`${name}\` (${levelName(level)})`;
}

/** " through `save()`", empty where the write stands there itself. */
export function throughCall({ call }: ValueFlow): string {
  return call === undefined ? "" : ` through \`${call}()\``;
}

/** `@Transaction()` where that protects: on the method itself, which does nothing that a transaction cannot hold together. */
export function transactionFix(model: FileModel, race: Race, fixes: Fixes): Fix | undefined {
  const [method, ...others] = methodsAround(model, race.flow);
  if (method === undefined || others.length > 0 || method.sideEffects.length > 0) return undefined;
  const effects = method.stateEffects.filter((effect): effect is CellEffect => "cell" in effect);
  if (effects.length < method.stateEffects.length) return undefined;
  const level = isAtLeast(race.level, "sequential") ? race.level : "linearizable";
  const cells = [...new Set(effects.map(({ cell }) => cell))];
  if (cells.some((cell) => cell.level !== race.level)) return undefined;
  const raised = race.level === level ? [] : cells;
  return method.transaction === undefined ? fixes.makeTransaction(method, raised, level) : fixes.raise(raised, level);
}
