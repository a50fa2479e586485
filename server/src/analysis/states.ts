import type { Level } from "../../../runtime/src/levels.js";
import type { Access, CallSite, Cell, CellEffect, LevelAnnotation, Site } from "./model.js";

/** A store that a label gives a level: a client of a database, a cache, a queue, a repository. */
export interface Store {
  /** Of the field or variable that holds it. */
  readonly name: string;
  /** The class of the field. */
  readonly owner: string | undefined;
  readonly level: Level;
  /** Where the label is a decorator. */
  readonly annotation: LevelAnnotation | undefined;
  /** Its name. */
  readonly site: Site;
  /** The type or class of the client as written, and the package it is imported from. */
  readonly client: { readonly name: string | undefined; readonly from: string | undefined };
  /** What it serves for, where its name or its type says so. */
  readonly role: StoreRole | undefined;
}

/** What an operation does to a store, as far as its name, its SQL or its command tells. */
export type StoreAction = "read" | "write" | "update" | "delete" | "send" | "commit" | "unknown";

export type StoreRole = "cache" | "broker" | "search index";

/** An operation on a labelled store, directly or through calls. */
export interface StoreEffect {
  readonly store: Store;
  /** The call that tells what happens: `insert` in `db.insert(orders).values(order)`. */
  readonly operation: string;
  readonly action: StoreAction;
  /** Where it is unknown, rules that need to know stay silent. */
  readonly access: Access | "unknown";
  readonly level: Level;
  /** A failure is caught before it reaches the method's caller. */
  readonly handled: boolean;
  readonly site: Site;
  /** Calls between the method and the operation, outermost first. */
  readonly through: readonly CallSite[];
}

/** What happens to replicated state, be it a cell or a labelled store. */
export type StateEffect = CellEffect | StoreEffect;

/** What an effect is on, at the level that it has for whoever calls. */
export function stateOf(effect: StateEffect): {
  readonly state: Cell | Store;
  readonly name: string;
  readonly level: Level;
} {
  const state = "cell" in effect ? effect.cell : effect.store;
  return { state, name: state.name, level: "cell" in effect ? effect.cellLevel : effect.store.level };
}
