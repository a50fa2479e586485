import type { Level } from "../../../../runtime/src/levels.js";
import type { Fix } from "../../documents/finding.js";
import type {
  Annotation,
  Cell,
  CellEffect,
  Construction,
  FloatingOperation,
  LevelAnnotation,
  LevelRead,
  LevelTarget,
  MechanismCall,
  Method,
  PlainField,
  Site,
  Step,
  StoreLabel,
  TimeLimit,
} from "../model.js";
import type { StateAct } from "../states.js";
import type { Suppression } from "../suppressions.js";
import type { ClockOrder } from "../view/clock-orders.js";
import type { MutableEvent } from "../view/event-members.js";
import type { Handler } from "../view/failures/handlers.js";
import type { Retry } from "../view/failures/retries.js";
import type { NewIdentity } from "../view/new-identities.js";
import type { ProjectionRead } from "../view/projection-reads.js";
import type { FoundImpurity } from "../view/pure-functions.js";
import type { StaleRead } from "../view/stale-reads.js";
import type { ReadThenWrite } from "./update-instead.js";

/** What rules can offer. Each gives undefined where the edit cannot be made without guessing. */
export interface Fixes {
  /** Gives cells a stronger level. */
  raise(cells: readonly Cell[], level: Level): Fix | undefined;
  /** Gives cells a weaker level. */
  weaken(cells: readonly Cell[], level: Level): Fix | undefined;
  /** Takes a label off a value that is no store. */
  unlabel(label: StoreLabel): Fix | undefined;
  /** Puts a level on a cell that has none. */
  give(cell: Cell, level: Level): Fix | undefined;
  /** Asks for another level where one is asked for; what belonged to the level alone goes with it. */
  relevel(annotation: LevelAnnotation, level: Level): Fix | undefined;
  /** Reads a cell at its own level: the `.at(…)` goes. */
  readAtOwnLevel(read: LevelRead): Fix | undefined;
  /** Makes a parameter of a constructor a private field. */
  parameterProperty(target: LevelTarget): Fix | undefined;
  /** Writes the method that a saga names, to be filled in. */
  compensation(method: Method): Fix | undefined;
  /** Says what becomes of a register's concurrent values: a function to be filled in, or the default in words. */
  chooseMerge(cell: Cell, choice: "function" | "lastWriterWins"): Fix | undefined;
  /** A random id in place of one that is counted, where it is a text. */
  randomIdentity(identity: NewIdentity): Fix | undefined;
  /** Counts in one order for all: what is counted and what is numbered are linearizable, in one transaction. */
  agreedSequence(identity: NewIdentity): Fix | undefined;
  /** Lets a delete win over what was put or updated at the same time. */
  removeWins(cell: Cell): Fix | undefined;
  /** Makes an unused register of a collection a `set()` or `map()`. */
  collection(cell: Cell): Fix | undefined;
  /** Sets options of a mechanism, where they stand in its call. */
  configure(call: MechanismCall, options: MechanismCall["options"], kind: Fix["kind"]): Fix | undefined;
  /** Leaves the `mechanism` option out, so that the level's own default provides it. */
  defaultMechanism(cells: readonly Cell[]): Fix | undefined;
  removeAnnotation(annotation: Annotation, title: string): Fix | undefined;
  removeAnnotations(annotations: readonly Annotation[], title: string): Fix | undefined;
  /** Splits a transaction: what `moved` does happens after the commit. `steps` is all that the transaction does. */
  moveAfterTransaction(method: Method, moved: readonly Step[], steps: readonly Step[]): Fix | undefined;
  /** Turns a transaction into a saga with a compensation to fill in, for what it changes. */
  saga(method: Method, changed: readonly { readonly name: string }[]): Fix | undefined;
  /** Undoes the first when the second fails, by a method to be filled in. */
  compensate(method: Method, first: StateAct, second: StateAct): Fix | undefined;
  /** Moves what is done too early behind what it has to wait for, or behind the end of the transaction around it. */
  runAfter(moved: StateAct, awaited: StateAct, until: Site | undefined): Fix | undefined;
  /** Lets an entry of a cache end by itself, where the client is known. */
  timeToLive(fill: StateAct): Fix | undefined;
  /** Turns a cell into `@Eventual() counter()`; a register's updates become increments. */
  eventualCounter(cell: Cell): Fix | undefined;
  /** Reads at a level at least: takes `.at(…)` away, raises cells that are weaker. */
  readStronger(reads: readonly CellEffect[], level: Level): Fix | undefined;
  /** Reads in the session that wrote, where the code has a name for its object there. */
  readInSameSession(stale: StaleRead): Fix | undefined;
  /** Raises a cell to causal; a session that is made after the write goes on from what the other has seen. */
  carryCausality(stale: StaleRead): Fix | undefined;
  /** Says of what is read at these places that it is good enough, for a reason to be filled in. */
  endorse(reads: readonly Site[]): Fix | undefined;
  /** One `update` in place of a read and a write, where the read is for nothing else; the cell is raised if it says so. */
  updateInstead(pair: ReadThenWrite, raiseTo: "linearizable" | undefined): Fix | undefined;
  /** Makes a register that is only added to a counter at its own level. */
  countInstead(cell: Cell, pairs: readonly ReadThenWrite[]): Fix | undefined;
  /** Makes a method a transaction, and gives cells the level at which one protects them. */
  makeTransaction(method: Method, raised: readonly Cell[], level: Level): Fix | undefined;
  /** One operation that inserts where nothing is, in place of a check and an insert. */
  insertIfAbsent(condition: Site, read: CellEffect, write: CellEffect): Fix | undefined;
  /** Waits for an operation where its promise was let go; in async functions only. */
  awaitOperation(floating: FloatingOperation): Fix | undefined;
  /** Reads the clock or draws a random value before the operation whose callback does so. */
  hoist(impurity: FoundImpurity): Fix | undefined;
  /** Makes a new value in place of changing the given one. */
  copyInput(impurity: FoundImpurity): Fix | undefined;
  /** `lastWriterWins` in place of a merge that keeps the value of the later time. */
  lastWriterWins(order: ClockOrder): Fix | undefined;
  /** Leaves the entries of a log in its own order. */
  keepLogOrder(order: ClockOrder): Fix | undefined;
  /** Writes another number of milliseconds, where one is written and not the name of one. */
  setTimeLimit(limit: TimeLimit, ms: number, title: string): Fix | undefined;
  /** `open(Account, id)` in place of `new Account(id)`, where it is clear which argument is the identity. */
  openInstead(construction: Construction): Fix | undefined;
  /** Turns a query into a command: its annotation, and the method's name. */
  makeCommand(query: Annotation, method: string): Fix | undefined;
  /** Lets nobody change the members of an event's type. */
  makeReadonly(event: MutableEvent): Fix | undefined;
  /** Reads the one cell of the same type that the command itself writes, in place of a read model. */
  readWriteModel(read: ProjectionRead): Fix | undefined;
  /** Turns a private field into a cell, where every use of it can be rewritten. */
  fieldToCell(field: PlainField): Fix | undefined;
  /** Throws an `IndeterminateError` again before the handler does anything else. */
  rethrowIndeterminate(handler: Handler): Fix | undefined;
  /** Ends a retry loop with an `IndeterminateError`. */
  leaveRetry(retry: Retry): Fix | undefined;
  /** Takes rules out of a suppression, or all of it where none are named. */
  removeSuppression(suppression: Suppression, rules: readonly string[] | undefined, kind: Fix["kind"]): Fix | undefined;
  /** Writes the word that silences the line below, where another was written; the comment goes above the code that it stood behind. */
  disableNextLine(suppression: Suppression): Fix | undefined;
  /** Names the rule that was meant. */
  renameInSuppression(suppression: Suppression, from: string, to: string): Fix | undefined;
}
