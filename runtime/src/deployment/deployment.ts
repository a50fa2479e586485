import type { AssignLevel, Openable } from "../cells/open.js";
import type { Operation } from "../data/data-type.js";
import type { Level } from "../levels.js";
import type { CellDeclaration, Reply, Request, Token } from "../mechanisms/machine.js";
import type { MechanismOptions } from "../mechanisms/options.js";

/** What `open` knows of a cell: everything an operation needs, whatever it runs on. */
export interface Cell extends CellDeclaration {
  /** `alice.balance` */
  readonly label: string;
  /** `Account.balance` */
  readonly field: string;
  readonly level: Level;
  /** The level that its annotation asks for, where it runs at another one. */
  readonly annotated?: Level | undefined;
  readonly mechanism: MechanismOptions;
  readonly timeoutMs: number;
  /** Key of the cell that this one is a copy of. */
  readonly origin?: string | undefined;
  /** Cells of one domain share level and mechanism configuration: `linearizable raft{"reads":"readIndex"}`. */
  readonly domain: string;
}

export type { LevelAssignment } from "../levels.js";

/** A sequential client at a region's replica. */
export interface SessionState {
  readonly id: number;
  region: string;
  /** What it has seen, by domain. */
  readonly seen: Map<string, Token>;
  readonly deployment: Deployment;
}

/**
 * What sessions run on: the embedded default (one process, one replica), a simulation, or real engines. Operations,
 * transactions and recording are written once against this.
 */
export interface Deployment {
  readonly kind: "embedded" | "simulated" | "connected";
  /** The regions a session may be in; undefined where any name will do. */
  readonly regions: readonly string[] | undefined;
  /** A new session; in the deployment's first region unless told. */
  createSession(region?: string): SessionState;
  /** The cell of this key, which is made when it is opened first: that declaration stands. */
  declare(key: string, make: (assign?: AssignLevel) => Cell): Cell;
  /** The cells of an identity that was opened before, by field; not every deployment keeps them. */
  cellsOf?(type: Openable<object>, id: string): ReadonlyMap<PropertyKey, Cell> | undefined;
  /** An identity was opened for the first time; its class's invariants hold for it from now on. */
  opened?(type: Openable<object>, id: string, cells: ReadonlyMap<PropertyKey, Cell>): void;
  /** Whether a cell's mechanism applies commands in an agreed order or merges conflict-free replicas. */
  dataOf(cell: Cell): "commands" | "merged";
  /** Carries the request out and gives what `take` makes of the reply, as it arrives: a promise for each step costs. */
  submit<T>(session: SessionState, domain: string, request: Request, take: (reply: Reply) => T): Promise<T>;
  /** A unique operation id; for this session, where ids must not depend on what others do. */
  nextOperationId(session?: SessionState): number;
  /** Waits before a retry, at most `boundMs`, as the deployment sees fit. */
  backOff(boundMs: number): Promise<void>;
  /** What a wall clock says, in milliseconds; in a simulation virtual time. Absent where nothing can be written. */
  wallMs?(): number;
  readonly observer: Observer;
  /** What a recording asks of it; absent where none can be made. */
  readonly recordable?: Recordable | undefined;
}

/** What recording needs of a deployment. */
export interface Recordable {
  /** Whoever watches now; what is under way may still tell whoever watched before. */
  observer: Observer;
  /** Watches when nobody else does, and counts what is under way. */
  readonly unobserved: Observer & { underWay: number };
  /** What a cell holds now, as its data type has it. */
  stateOf(cell: Cell): unknown;
}

/**
 * Sees what clients do. The embedded deployment has one that does nothing.
 *
 * `callStarted` and `invoked` are called before the first `await`, on the stack of the code that asked: a stack taken
 * there shows its line.
 */
export interface Observer {
  callStarted(call: CallStart): number;
  callEnded(id: number, end: CallEnd): void;
  /** One operation. With a `transaction` it is a part of that transaction's event, else an event of its own. */
  invoked(session: SessionState, operation: OperationStart): number;
  completed(id: number, end: OperationEnd): void;
  /** What operations ask of replicas; told only where somebody draws it. */
  requested?(session: SessionState, request: Request): void;
  /** The event begins. Its operations follow as `invoked` with this id. */
  transactionBegun(session: SessionState, start: TransactionStart): number;
  /** Lost against concurrent ones without an effect and runs again: its operations so far are void. */
  transactionRetried(id: number): void;
  transactionEnded(id: number, end: TransactionEnd): void;
}

/** A method of an opened object is called. */
export interface CallStart {
  readonly session: SessionState;
  readonly parent: number | undefined;
  /** Name of the class: `Account`. */
  readonly type: string;
  /** The identity that it was opened as: `alice`. */
  readonly object: string;
  readonly method: string;
  readonly args: readonly unknown[];
}

export interface CallEnd {
  readonly ok: boolean;
  readonly error?: unknown;
}

export interface OperationStart {
  readonly cell: Cell;
  /** The level it is judged at: the cell's, or weaker for a weakened read. */
  readonly level: Level;
  /** As the user called it: `read`, `update`, `add` … */
  readonly name: string;
  /** Cloned; without the function of an `update`. */
  readonly args: readonly unknown[];
  readonly mutates: boolean;
  readonly call: number | undefined;
  /** Only for cells at causal and above: below, an operation stands alone and an abort does not undo it. */
  readonly transaction: number | undefined;
}

export interface OperationEnd {
  /** Inside a transaction `ok` means: so far; what became of it is said by the transaction's end. */
  readonly status: "ok" | "fail" | "info";
  /** As the history has it: an `update` is `{ name: "update", args: [read, written] }`, a map's `[key, read, written]`. */
  readonly operation: Operation;
  readonly result?: unknown;
  /** For an `update`: the value that its function was given, and the one that it returned. */
  readonly before?: unknown;
  readonly after?: unknown;
  readonly error?: unknown;
  /** Id of the commit request that carried the mutation, the last one if there were retries. */
  readonly commit?: number | undefined;
  /** The reply that a read, or the read in an `update`, was answered from. */
  readonly reply?: ValueReply | undefined;
}

export type ValueReply = Extract<Reply, { readonly kind: "value" }>;

export interface TransactionStart {
  readonly call: number | undefined;
  /** Name of the method. */
  readonly name: string;
}

export interface TransactionEnd {
  /**
   * `ok`: committed. `fail`: aborted, by an error of the application or a failed operation. `info`: no answer to a
   * commit, or committed in one domain and not in another.
   */
  readonly status: "ok" | "fail" | "info";
  /** One for each domain that it wrote to, in the order in which they were asked. */
  readonly commits: readonly {
    readonly id: number;
    readonly domain: string;
    readonly status: "ok" | "fail" | "info";
  }[];
  readonly error?: unknown;
}
