import type { Level } from "../../../runtime/src/levels.js";
import type { StoreClient } from "./extract/stores.js";
import type { Access, CallSite, Cell, CellEffect, LevelAnnotation, Method, Site } from "./model.js";

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
  readonly client: StoreClient;
  /** Made with a time to live for whatever is put into it. */
  readonly expiresByDefault: boolean;
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
  /** The weakest level of the methods on the way, the first one's included. */
  readonly methodLevel: Level | undefined;
  /** A failure is caught before it reaches the method's caller. */
  readonly handled: boolean;
  /** It is given a time to live, a version, or a condition under which it happens at all. */
  readonly isBounded: boolean;
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

/** One thing that a function does to state, at the place in its own body where it or a call that leads to it stands. */
export interface StateAct {
  readonly kind: "operation" | "call";
  /** `insert`, or the callee's name. */
  readonly name: string;
  readonly site: Site;
  /** The names and literals in the call. */
  readonly text: string;
  readonly effect: StateEffect;
}

/** Two things that one run of a function can both do. */
export interface StatePair {
  readonly first: StateAct;
  readonly second: StateAct;
  /** Neither waits for the other, as in `Promise.all`. */
  readonly isTogether: boolean;
  /** When the second fails, something is done about the first. */
  readonly isCompensated: boolean;
  /** What the first does is not committed until after the second: the transaction around both, or the commit. */
  readonly uncommittedUntil: Site | undefined;
  /** What the first gives is among what the second is given. */
  readonly passesOn: boolean;
  /** Whether they are given a common value; undefined where one of them is given nothing that varies. */
  readonly sharesKey: boolean | undefined;
  /** What one is given beside its key, which comes first, is among what the other is given. */
  readonly sharesValue: { readonly first: boolean; readonly second: boolean };
}

/** What one function does to labelled stores or to cells named as a cache, and to others beside them, in source order. */
export interface StateSequence {
  /** The method, where it is one. */
  readonly method: Method | undefined;
  /** Of the nearest function that has one. */
  readonly name: string | undefined;
  /** A saga, or the compensation of one. */
  readonly isSaga: boolean;
  /** The names and literals in it, for words that tell what no type does: of an outbox, of a lock. */
  readonly text: string;
  readonly acts: readonly StateAct[];
  /** Of different states. */
  readonly pairs: readonly StatePair[];
}
