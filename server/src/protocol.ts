import type { AdviseDocument } from "./advise/advise.js";
import type { AuditDocument } from "./audit/audit.js";
import type { CompareDocument } from "./compare/compare.js";
import type { SimulateDocument, SimulateRun } from "./simulate/simulate.js";

export type { AdviseDocument } from "./advise/advise.js";
export type { AuditDocument } from "./audit/audit.js";
export type { CompareDocument } from "./compare/compare.js";
export type { SimulateDocument, SimulateRun, SimulateViolation } from "./simulate/simulate.js";

/**
 * Everything between editor and server that the Language Server Protocol does not say itself. A client may import this file
 * and nothing else of the server; it is free of dependencies for that reason.
 */
export const protocolVersion = 1;

/** Identifiers for `workspace/executeCommand`. */
export const commands = {
  /** Takes one `SimulateArguments`, answers a `SimulateOutcome`; progress and cancellation as the protocol has them. */
  simulate: "faultline.simulate",
  /**
   * Takes one `CompareArguments`, answers a `CompareOutcome`. Where the client can apply edits the server then asks whether
   * to write the weakest levels that suffice.
   */
  compareLevels: "faultline.compareLevels",
  /** Takes one `CompareArguments`, answers an `AdviseOutcome`: a decision record for a class, in the configured regions. */
  advise: "faultline.advise",
  /** Takes one `AuditArguments`, answers an `AuditOutcome`: an inventory of a whole folder. It runs no code. */
  audit: "faultline.audit",
  /** Takes one `ReplayArguments`, answers a `ReplayOutcome`: the story of one schedule. */
  replaySeed: "faultline.replaySeed",
  /**
   * Takes one `ReplayArguments`, answers a `DebugOutcome` as soon as a debugger can attach. The process waits for that, and
   * ends with the schedule, with the next request for the same target, or with the server.
   */
  debugSeed: "faultline.debugSeed",
} as const;

export interface SimulateArguments {
  readonly uri: string;
  /** Export name of a scenario, or a class that scenarios of this file open. */
  readonly name?: string | undefined;
  /** Without a name: the class or scenario that this line, counted from 0, belongs to. Without either: every scenario. */
  readonly line?: number | undefined;
  /** Absent: the setting. */
  readonly schedules?: number | undefined;
  readonly seed?: number | undefined;
}

export interface SimulateOutcome {
  readonly document: SimulateDocument;
  /** The report for people, without colour. */
  readonly text: string;
  /** The run was cancelled; the document holds what was known by then. */
  readonly cancelled: boolean;
}

export interface CompareArguments {
  readonly uri: string;
  /** Export name of a class or a scenario. */
  readonly name?: string | undefined;
  /** Without a name: the class or scenario that this line, counted from 0, belongs to. */
  readonly line?: number | undefined;
  /** For each assignment of levels that is run. Absent: the setting. */
  readonly schedules?: number | undefined;
  readonly seed?: number | undefined;
}

export interface CompareOutcome {
  readonly document: CompareDocument;
  /** The table for people, without colour. */
  readonly text: string;
  /** The comparison was cancelled; the document holds what was known by then. */
  readonly cancelled: boolean;
}

export interface AdviseOutcome {
  readonly document: AdviseDocument;
  /** The record, in Markdown. */
  readonly markdown: string;
  /** The comparison was cancelled; the record says what was known by then. */
  readonly cancelled: boolean;
}

export interface AuditArguments {
  /** Of a workspace folder, or of any file in it. */
  readonly uri: string;
}

export interface AuditOutcome {
  readonly document: AuditDocument;
  /** The inventory, in Markdown; paths are relative to the folder. */
  readonly markdown: string;
  /** It was cancelled; the document holds what was known by then. */
  readonly cancelled: boolean;
}

/** One schedule: that of a seed, or, where `uri` is of a `trace.json`, the one that was saved in it. */
export interface ReplayArguments {
  readonly uri: string;
  /** Export name of a class or a scenario. */
  readonly name?: string | undefined;
  /** Without a name: the class or scenario that this line, counted from 0, belongs to. */
  readonly line?: number | undefined;
  /** Absent: the one that the last simulation of the target found first. */
  readonly seed?: number | undefined;
}

export interface ReplayOutcome {
  /** `parted`: the saved schedule does not fit the program any more, the text says where. */
  readonly outcome: SimulateRun["outcome"] | "parted";
  readonly run: SimulateRun;
  /** The story for people, without colour. */
  readonly text: string;
  readonly cancelled: boolean;
}

export interface DebugOutcome extends ReplayOutcome {
  /** Where a debugger attaches; null: the schedule did not run to its end, so there is nothing to look at. */
  readonly debugger: { readonly url: string; readonly address: string; readonly port: number } | null;
  /** Where it then stops: at each operation that races, in their order. Lines and characters from 0. */
  readonly stops: readonly { readonly uri: string; readonly line: number; readonly character: number }[];
}

export interface InitializationOptions {
  /** `false`: the server analyses but runs nothing of the workspace. Absent: the client has no such notion, and trusts. */
  readonly trusted?: boolean | undefined;
  /**
   * `push`: the server publishes diagnostics even to a client that could ask for them. One message a key stroke, and other
   * files' findings arrive with it.
   */
  readonly diagnostics?: "push" | undefined;
  /** For clients that answer no `workspace/configuration`. */
  readonly settings?: unknown;
}

/** Client to server: the user has granted, or withdrawn, trust in the workspace. */
export const trustChanged = "faultline/trustChanged";

export interface TrustChangedParameters {
  readonly trusted: boolean;
}

/** The section of the user's settings that the server reads. */
export const settingsSection = "faultline";
