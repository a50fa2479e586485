import type { Level } from "../../../runtime/src/levels.js";
import type { Regions } from "../configuration/index.js";
import type { Range } from "../documents/finding.js";
import type { Holding } from "./extract/holdings.js";
import type { Structure } from "./extract/structures.js";
import type { DataTypeName } from "./extract/values.js";
import type { IdleSuppression } from "./idle-suppressions.js";
import type { StateEffect, StateSequence, Store } from "./states.js";
import type { Suppression } from "./suppressions.js";
import type { ValueFlow } from "./value-flows.js";
import type { Claim } from "./view/claims.js";
import type { ClockOrder } from "./view/clock-orders.js";
import type { Deletion } from "./view/deletions.js";
import type { Endorsement } from "./view/endorsements.js";
import type { EventChange } from "./view/event-changes.js";
import type { MutableEvent } from "./view/event-members.js";
import type { Handler } from "./view/failures/handlers.js";
import type { Retry } from "./view/failures/retries.js";
import type { Neglect } from "./view/fates.js";
import type { FieldData } from "./view/field-data.js";
import type { FieldDescription } from "./view/field-description.js";
import type { UnlawfulMerge } from "./view/merges.js";
import type { NewIdentity } from "./view/new-identities.js";
import type { ProjectionRead } from "./view/projection-reads.js";
import type { PureFunction } from "./view/pure-functions.js";
import type { QueryWrite } from "./view/query-writes.js";
import type { SideEffect } from "./view/side-effects.js";
import type { StaleRead } from "./view/stale-reads.js";

/**
 * What rules see: plain data about one file's annotated code, with what its calls do followed through all files. Nothing
 * here knows the compiler; sites are handles that the fix helpers understand.
 */
export interface FileModel {
  readonly file: string;
  /** The parser got through the file without guessing. */
  readonly isWhole: boolean;
  readonly cells: readonly Cell[];
  readonly methods: readonly Method[];
  /** Calls of mechanism functions: `quorum({ n: 3 })`. */
  readonly mechanisms: readonly MechanismCall[];
  /** Cells of other files that mechanisms called in this file keep. */
  readonly keptCells: readonly Cell[];
  /** Loops that write through a session of every region in turn. */
  readonly replicaLoops: readonly ReplicaLoop[];
  /** Operations, and calls that perform some, whose promise nobody waits for. */
  readonly floating: readonly FloatingOperation[];
  /** Objects of replicated classes that are made by `new` and not opened. */
  readonly constructions: readonly Construction[];
  /** Fields of replicated classes that hold data, are no cells, and are changed by methods. */
  readonly plainFields: readonly PlainField[];
  /** All that carries a level, whether one belongs there or not. */
  readonly levelTargets: readonly LevelTarget[];
  /** Stores, or what was taken for one, that are labelled by a function. */
  readonly storeLabels: readonly StoreLabel[];
  /** Those that are labelled here, whoever uses them. */
  readonly labelledStores: readonly Store[];
  /** Cells of replicated classes for which nobody says a level. */
  readonly unleveled: readonly Cell[];
  /** Inherited cells, where a subclass gives them another level than its base. */
  readonly releveled: readonly ReleveledCell[];
  /** What functions do to labelled stores. */
  readonly sequences: readonly StateSequence[];
  /** Reads of cells that ask for a level by `.at(…)`. */
  readonly levelReads: readonly LevelRead[];
  /** Operations that only one of several may win. */
  readonly claims: readonly Claim[];
  /** Which reads decide which writes, by value or by condition. */
  readonly flows: readonly ValueFlow[];
  /** Reads after writes that they may miss. */
  readonly staleReads: readonly StaleRead[];
  /** Keys and ids that are computed from what was read. */
  readonly newIdentities: readonly NewIdentity[];
  /** Where keys of maps are deleted. */
  readonly deletions: readonly Deletion[];
  /** Steps of queries that change state. */
  readonly queryWrites: readonly QueryWrite[];
  /** Where events are changed. */
  readonly eventChanges: readonly EventChange[];
  /** Types of events with members that can be changed. */
  readonly mutableEvents: readonly MutableEvent[];
  /** Reads of read models on which commands decide. */
  readonly projectionReads: readonly ProjectionRead[];
  /** Code that runs when an operation fails which may have happened all the same. */
  readonly handlers: readonly Handler[];
  /** What is done again when nobody knows whether it has happened. */
  readonly retries: readonly Retry[];
  /** Functions that are run again and have to give the same, where they do not. */
  readonly impureFunctions: readonly PureFunction[];
  /** Where times by the clocks of different nodes decide what stays, or in which order things happened. */
  readonly clockOrders: readonly ClockOrder[];
  /** Merge functions on which replicas cannot agree. */
  readonly unlawfulMerges: readonly UnlawfulMerge[];
  /** Where the replicas of this file's cells are, as configured. */
  readonly regions: Regions;
  /** Comments that silence findings. */
  readonly suppressions: readonly Suppression[];
  /** Those that silenced nothing. Only rules that come last are told. */
  readonly idleSuppressions: readonly IdleSuppression[];
  /** Calls of `endorse`. */
  readonly endorsements: readonly Endorsement[];
}

/** A place in a source file. */
export interface Site {
  readonly file: string;
  readonly range: Range;
}

export interface Annotation {
  /** The runtime's own name for it, whatever the file calls it. */
  readonly name: string;
  /** The whole decorator. */
  readonly site: Site;
  /** Options that are literals, by name. */
  readonly options: Readonly<Record<string, string | number | boolean>>;
}

/** A level on a class, a field or a method. */
export interface LevelAnnotation extends Annotation {
  readonly level: Level;
  /** What its `mechanism` option calls, perhaps in another file; undefined without the option, or where it is not known. */
  readonly mechanism: MechanismCall | undefined;
  /** Nothing chooses a mechanism, so the level has its default one. */
  readonly hasDefaultMechanism: boolean;
  /** Nothing chooses what becomes of concurrent values, so the last writer wins. */
  readonly hasDefaultMerge: boolean;
  /** Its `timeoutMs`, where that is known. */
  readonly timeout: TimeLimit | undefined;
}

/** A class, member or parameter that carries levels. */
export interface LevelTarget {
  readonly place:
    | "class"
    | "field"
    | "static field"
    | "accessor"
    | "method"
    | "static method"
    | "constructor parameter"
    | "parameter";
  readonly name: string;
  readonly owner: string;
  /** Its name. */
  readonly site: Site;
  /** In source order; more than one is possible, and meant to be found. */
  readonly levels: readonly LevelAnnotation[];
  /** What a field or parameter holds. For a class `cell`, unless it is known to have none. */
  readonly holds: Holding;
}

/** `linearizable(drizzle(pool))`, from the runtime's functions that label a store. */
export interface StoreLabel {
  /** The runtime's own name of the function. */
  readonly name: string;
  readonly site: Site;
  /** What is labelled. */
  readonly holds: Holding;
}

export interface ReleveledCell {
  /** As the subclass has it. */
  readonly cell: Cell;
  /** As its base has it. */
  readonly base: Cell;
  readonly subclass: string;
  /** What says so: the level on the field or the class, else the field. */
  readonly site: Site;
}

export interface LevelRead {
  readonly cell: Cell;
  /** What is asked for. */
  readonly level: Level;
  /** `at("linearizable")`, or the call that passes the cell to a function that asks so. */
  readonly site: Site;
  /** The function that asks, where the cell is passed to it. */
  readonly through: string | undefined;
}

/** `@Saga({ compensate })` */
export interface SagaAnnotation extends Annotation {
  /** The name given, where it is a literal. */
  readonly compensate: string | undefined;
  /** The class is known to have no method of that name. */
  readonly isMissing: boolean;
}

export interface Cell {
  readonly name: string;
  readonly owner: string;
  readonly dataType: DataTypeName;
  /** The initial value where it is a literal. */
  readonly initial: string | number | boolean | undefined;
  /** Its own level, else its class's; undefined when neither has one. */
  readonly level: Level | undefined;
  /** The annotation that gives the level: on the field, or on the class. */
  readonly annotation: LevelAnnotation | undefined;
  readonly ownsAnnotation: boolean;
  /** The field's name. */
  readonly site: Site;
  /** What a register holds when it has parts that change one by one; undefined also where that is not known. */
  readonly structure: Structure | undefined;
  readonly description: FieldDescription;
  /** Every operation on it in the analysed files. */
  readonly operations: readonly CellOperation[];
}

export type Access = "read" | "write" | "update";

/** One operation as written, whoever contains it. */
export interface CellOperation {
  readonly name: string;
  readonly access: Access;
  readonly site: Site;
  /** By how much an update changes the number whatever it is: `(n) => n + 1`. */
  readonly increment: { readonly sign: 1 | -1; readonly by: string } | undefined;
  /** Its result reaches a condition, an argument of a write, or something that is not known. */
  readonly decides: boolean;
  /** It is known to reach a condition on which something happens, or an argument of a write. */
  readonly guards: boolean;
  readonly insideInvariant: boolean;
  /** Levels of the other cells that transactions around it touch. */
  readonly besideInTransactions: readonly Level[];
}

export interface Method {
  readonly name: string;
  readonly owner: string;
  readonly site: Site;
  readonly transaction: Annotation | undefined;
  readonly available: Annotation | undefined;
  /** `@Deadline(ms)`, where the time is known. */
  readonly deadline: TimeLimit | undefined;
  /** What it waits for whenever it succeeds. */
  readonly waits: Waits;
  readonly invariant: Annotation | undefined;
  readonly saga: SagaAnnotation | undefined;
  /** The level of the reads inside. */
  readonly level: LevelAnnotation | undefined;
  /** What its own body does, in source order; callbacks written in place belong to it. */
  readonly steps: readonly Step[];
  /** All it does through any call. */
  readonly effects: readonly CellEffect[];
  /** What its body does that no abort takes back, through any call. */
  readonly sideEffects: readonly SideEffect[];
  /** All it does to cells and labelled stores through any call. */
  readonly stateEffects: readonly StateEffect[];
}

/** An operation or a call in a method's own body. */
export interface Step {
  readonly kind: "operation" | "call";
  /** `update`, or the callee's name. */
  readonly name: string;
  readonly site: Site;
  readonly effects: readonly CellEffect[];
  /** On cells and labelled stores. */
  readonly stateEffects: readonly StateEffect[];
}

export interface CellEffect {
  readonly cell: Cell;
  /** The cell's level as this receiver's class has it. */
  readonly cellLevel: Level;
  readonly operation: string;
  readonly access: Access;
  /** The level it runs at: reads may be weakened by `.at(…)` or by a method's level. */
  readonly level: Level;
  /** The level that a read asks for itself, by `.at(…)`. */
  readonly readAt: Level | undefined;
  /** The weakest level of the methods on the way, the first one's included. */
  readonly methodLevel: Level | undefined;
  /** A failure is caught before it reaches the method's caller. */
  readonly handled: boolean;
  readonly site: Site;
  /** Calls between the method and the operation, outermost first. */
  readonly through: readonly CallSite[];
}

export interface CallSite {
  readonly name: string;
  readonly site: Site;
}

export interface MechanismCall {
  readonly name: string;
  readonly site: Site;
  /** Those that are literals, by name. */
  readonly options: Readonly<Record<string, string | number | boolean>>;
  /** Nothing else is set: what is not among the options has its default. */
  readonly isComplete: boolean;
}

export interface ReplicaLoop {
  readonly site: Site;
  readonly cell: Cell;
}

/** A promise of an operation that is let go. */
export interface FloatingOperation {
  readonly kind: "operation" | "call";
  /** `update`, or the callee's name. */
  readonly name: string;
  /** The operation, or the call that leads to it. */
  readonly site: Site;
  readonly fate: Neglect;
  readonly effects: readonly StateEffect[];
  readonly insideTransaction: boolean;
  /** The function that it stands in, undefined in code that runs at load. */
  readonly within: string | undefined;
}

/** A number of milliseconds that somebody has to keep to. */
export interface TimeLimit {
  readonly ms: number;
  /** The decorator or the option. */
  readonly site: Site;
  /** The number as written. */
  readonly value: Site | undefined;
}

/**
 * What is waited for before a method succeeds, as a lower bound: one after the other, all at once, or one of several ways.
 * A way that ends by throwing never succeeds.
 */
export type Waits =
  | { readonly kind: "operation"; readonly effect: CellEffect }
  | { readonly kind: "sequence" | "together" | "either"; readonly of: readonly Waits[] }
  | { readonly kind: "transaction"; readonly of: Waits }
  | { readonly kind: "never" };

/** `new Account(…)`, where nothing opens what it gives. */
export interface Construction {
  /** The class. */
  readonly owner: string;
  /** The class's name where it is declared. */
  readonly declaration: Site;
  readonly site: Site;
  /** Inherited ones too. */
  readonly cells: readonly Cell[];
}

export interface PlainField {
  readonly name: string;
  readonly owner: string;
  /** The field's name. */
  readonly site: Site;
  readonly data: FieldData;
  /** Of the class, inherited ones too. */
  readonly cells: readonly Cell[];
  /** Where methods change it, in source order. */
  readonly changes: readonly { readonly method: string; readonly site: Site }[];
}
