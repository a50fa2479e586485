import { isAtLeast } from "../../../../runtime/src/levels.js";
import { type StateAct, type StateEffect, type StatePair, type StateSequence, stateOf } from "../../analysis/states.js";
import { levelName } from "../words.js";

/** What a store, or a cell beside one, serves for. */
export type StoreKind = "database" | "cache" | "broker" | "search index";

/** A send is a message whatever it is sent to; all else is told by the store. */
export function kindOf(effect: StateEffect): StoreKind {
  if ("store" in effect) return effect.action === "send" ? "broker" : (effect.store.role ?? "database");
  const { cell } = effect;
  const isCache = cell.annotation?.mechanism?.name === "cache" || (isWeak(effect) && /cache/i.test(cell.name));
  return isCache ? "cache" : "database";
}

export function isWeak(effect: StateEffect): boolean {
  return !isAtLeast(stateOf(effect).level, "causal");
}

export function writes({ access }: StateEffect): boolean {
  return access === "write" || access === "update";
}

/** Locks, sessions and limits live in caches too, and are copies of nothing. */
export function isOfItsOwn({ text }: StateAct): boolean {
  return /(?:lock|lease|mutex|semaphore|session|token|nonce|otp|idempot|limit|throttl|presence|online)/i.test(text);
}

/** "`db` (linearizable)" */
export function labelled(effect: StateEffect): string {
  const { name, level } = stateOf(effect);
  return `\`${name}\` (${levelName(level)})`;
}

export function nameOf(effect: StateEffect): string {
  return `\`${stateOf(effect).name}\``;
}

/** "`place`", or what runs where no function has a name. */
export function subjectOf({ name }: StateSequence): string {
  return name === undefined ? "This code" : `\`${name}\``;
}

/** " through `save()`", empty where the operation stands there itself. */
export function through(act: StateAct): string {
  return act.kind === "call" ? ` through \`${act.name}()\`` : "";
}

/** The first pair of each second act, so that each place is told once. */
export function onePerPlace(pairs: readonly StatePair[]): readonly StatePair[] {
  return pairs.filter((pair, index) => pairs.findIndex((each) => each.second.site === pair.second.site) === index);
}
