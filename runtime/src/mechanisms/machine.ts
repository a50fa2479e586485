import type { CellOptions, DataType, Mutation, Operation } from "../data/data-type.js";
import type { VersionVector } from "../data/version-vector.js";
import type { Process, ProcessEffects } from "../simulation/process.js";
import type { Claims } from "./claims.js";

/**
 * A mechanism is how a level is provided: one state machine a replica, for one *domain* (all cells of one level and one
 * mechanism configuration). Machines are pure: an event comes in with the node's clock, effects go out. They never
 * touch time, randomness or promises; whatever they need of those is an effect that the world carries out.
 */
export interface Machine<Message> extends Process<Message, Effects<Message>> {
  /** A session of this replica asks. Exactly one `reply` with this ticket must follow, at once or later. */
  request(ticket: number, request: Request, effects: Effects<Message>): void;
  /** The origin of a cell that is a copy has answered, or did not in time: see `CopyingEffects`. */
  answered?(cell: string, reply: Reply, effects: Effects<Message>): void;
  /** Local applied state of a cell, for convergence, invariants and the picture; no message, no time. */
  peek(cell: string): unknown;
  /** For the picture: what it has as well, but shows nobody before its time has come; undefined if there is nothing. */
  ahead?(cell: string): unknown;
  /** Canonical text of all applied state: equal on all replicas once the domain has converged. */
  digest(): string;
  /** Whether something is under way that may change the applied state although nothing has for a while: an election. */
  isBusy?(): boolean;
  /** Whether an operation with this id is in the applied set. */
  has(operationId: number): boolean;
  /** Evidence for the checkers, once the run is over: what this replica has applied. */
  ledger?(): Ledger;
  /** For the trace only: concurrent writes this replica holds, of which the cell's merge keeps one value. */
  conflicts?(): readonly Conflict[];
  /** For the trace only: the concurrent values of a register, of which its merge has not made one. */
  siblings?(cell: string): readonly unknown[];
}

/** What a replica has applied: in which order, where all replicas agree on one, or else which mutations. */
export type Ledger =
  | { readonly kind: "order"; positionOf(operationId: number): number | undefined }
  | {
      readonly kind: "mutations";
      readonly commits: readonly { readonly operationId: number; readonly mutations: readonly Mutation[] }[];
    };

export interface Conflict {
  readonly cell: string;
  readonly kept: ConflictingWrite;
  readonly dropped: ConflictingWrite;
}

export interface ConflictingWrite {
  readonly operationId: number;
  readonly value: unknown;
  /** The timestamp that the cell's merge compares, in microseconds of its origin's clock. */
  readonly stampUs: number;
}

/** The cells of a domain: the same object on every replica. Cells are added when they are first opened. */
export interface CellTable {
  get(cell: string): CellDeclaration;
}

export interface CellDeclaration {
  readonly key: string;
  readonly type: DataType;
  readonly options: CellOptions;
}

/**
 * What a session has already seen of a domain. What the numbers mean is known only to the mechanism that issued them,
 * but two tokens of operations that were in flight together join by the maximum of each position, so each position
 * only ever grows.
 */
export type Token = readonly number[];

export type Request =
  | {
      readonly kind: "read";
      readonly cell: string;
      /** Read this snapshot (from an earlier reply in the same transaction) instead of a current one. */
      readonly snapshot?: number | undefined;
      readonly seen: Token;
      /** Answer from the applied state at hand: a read weakened below the level of the cell. */
      readonly local?: boolean | undefined;
      /**
       * Answer from any state that has all that the session has seen: a read weakened to causal or sequential. Who
       * cannot tell answers as at the level of the cell.
       */
      readonly session?: boolean | undefined;
      readonly timeoutUs: number;
    }
  | {
      /** All mutations or none, only if every expected version is still the current one. */
      readonly kind: "commit";
      /** Unique in the run; a mechanism applies an id at most once, however often it is sent. */
      readonly id: number;
      readonly expected: readonly { readonly cell: string; readonly version: number }[];
      readonly mutations: readonly { readonly cell: string; readonly operation: Operation }[];
      /** What a transaction decided by: merging replicas take all that came later for concurrent. */
      readonly snapshot?: number | undefined;
      readonly seen: Token;
      readonly timeoutUs: number;
    };

export type Reply =
  | {
      readonly kind: "value";
      /** A state of the cell's type, as its sequential specification has it. */
      readonly state: unknown;
      /** Changes whenever the cell does; comparable for equality on the replica (or domain) that gave it. */
      readonly version: number;
      readonly snapshot: number;
      readonly siblings: readonly unknown[];
      readonly seen: Token;
      /** Evidence for the checkers: the position in the agreed order whose state this is. */
      readonly position?: number | undefined;
      /** Evidence for the checkers: the mutations of the domain that the replica had merged. */
      readonly visible?: VersionVector | undefined;
    }
  | {
      readonly kind: "committed";
      /** One result a mutation, as `DataType.apply` gave it. */
      readonly results: readonly unknown[];
      readonly seen: Token;
    }
  /** An expected version was not current. Nothing happened. */
  | { readonly kind: "conflict" }
  /** It did not happen and never will. */
  | { readonly kind: "unavailable"; readonly reason: string }
  /** It may have happened or may still happen. */
  | { readonly kind: "indeterminate"; readonly reason: string };

export interface Effects<Message> extends ProcessEffects<Message> {
  reply(ticket: number, reply: Reply): void;
}

/** For mechanisms whose cells are copies of cells of other domains. */
export interface CopyingEffects<Message> extends Effects<Message> {
  /** Reads the origin of a cell as a client in this node's region does; `answered` gets the reply, once. */
  askOrigin(cell: string, timeoutUs: number): void;
}

/** Durable storage of one machine: survives a crash, nothing else does. The machine writes before it answers or sends. */
export interface Disk {
  read(name: string): unknown;
  /** `undefined` erases. */
  write(name: string, value: unknown): void;
}

export interface MachineSetup<Options> {
  readonly replica: number;
  /** Number of replicas in the domain; they are numbered from 0. */
  readonly replicaCount: number;
  readonly options: Options;
  readonly cells: CellTable;
  readonly disk: Disk;
  /** The replica that leads when the domain comes into being, for mechanisms that have a leader. */
  readonly firstLeader: number;
}

export interface Mechanism<Options = unknown, Message = unknown> extends Claims<Options> {
  readonly id: string;
  /** `commands`: a replicated state machine applies operations in order. `merged`: conflict-free replicas. */
  readonly data: "commands" | "merged";
  /** How many replicas it needs where there are `regions` regions; there are never fewer than one a region. */
  replicas?(options: Options, regions: number): number;
  create(setup: MachineSetup<Options>): Machine<Message>;
}
