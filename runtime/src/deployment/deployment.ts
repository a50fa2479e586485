import type { CellDeclaration, Reply, Request, Token } from "../mechanisms/machine.js";
import type { MechanismOptions } from "../mechanisms/options.js";
import type { Level } from "../levels.js";

/** What `open` knows of a cell: everything an operation needs, whatever it runs on. */
export interface Cell extends CellDeclaration {
  /** `alice.balance` */
  readonly label: string;
  readonly level: Level;
  readonly mechanism: MechanismOptions;
  readonly timeoutMs: number;
  /** Cells of one domain share level and mechanism configuration: `linearizable raft{"reads":"readIndex"}`. */
  readonly domain: string;
}

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
  /** Makes the cell known; called by `open`, once a cell and handle. Throws for a mechanism that is not built. */
  declare(cell: Cell): void;
  /** Whether a cell's mechanism applies commands in an agreed order or merges conflict-free replicas. */
  dataOf(cell: Cell): "commands" | "merged";
  submit(session: SessionState, domain: string, request: Request): Promise<Reply>;
  /** A unique operation id. */
  nextOperationId(): number;
  /** Waits before a retry, at most `boundMs`, as the deployment sees fit. */
  backOff(boundMs: number): Promise<void>;
  readonly observer: Observer;
}

/** Sees what clients do. The embedded deployment has one that does nothing. */
export interface Observer {
  callStarted(call: CallStart): number;
  callEnded(id: number, outcome: { readonly ok: boolean; readonly error?: unknown }): void;
  invoked(session: SessionState, operations: OperationStart): number;
  completed(id: number, end: OperationEnd): void;
}

export interface CallStart {
  readonly session: SessionState;
  readonly parent: number | undefined;
  readonly object: string;
  readonly method: string;
  readonly args: readonly unknown[];
}

export interface OperationStart {
  readonly cell: Cell;
  readonly level: Level;
  readonly name: string;
  readonly args: readonly unknown[];
  readonly mutates: boolean;
  readonly call: number | undefined;
  readonly transaction: number | undefined;
}

export interface OperationEnd {
  readonly status: "ok" | "fail" | "info";
  readonly result?: unknown;
  readonly before?: unknown;
  readonly after?: unknown;
  readonly error?: unknown;
}
