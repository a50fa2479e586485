import { AnnotationError, LevelError } from "../../errors.js";
import { encodeEnd, encodeHeader } from "../../history/encoding.js";
import type { Deployment } from "../deployment.js";
import { embeddedClock } from "../embedded-clock.js";
import { surroundingNode } from "../embedded-node.js";
import { HistoryFile } from "./history-file.js";
import { Redaction } from "./redaction.js";
import { SessionRecorder } from "./session-recorder.js";
import { Watched } from "./watched.js";

export interface RecordOptions {
  /** Is written anew. */
  readonly file: string;
  /**
   * Share of the sessions that are recorded, from 0 to 1, each as a whole; 1 unless told. What the others wrote is not
   * known then, so that `faultline verify` finds less: a read that nothing accounts for is no anomaly any more.
   */
  readonly sampleRatio?: number;
  /**
   * What stands in the file for a value of a cell, for a map's key or for the identity of an object: `() => "redacted"`
   * for all. What it returns is followed by a fingerprint, so that equal values can be told from different ones.
   */
  readonly redact?: (value: unknown) => unknown;
  /** Is told once why nothing is written any more; unless given, the process is warned. The application goes on. */
  readonly onError?: (error: unknown) => void;
}

/** A recording that goes on until it is stopped, or the process ends. */
export interface Recording {
  /** Resolves when everything is in the file. */
  stop(): Promise<void>;
}

/** Of deployments that are being recorded, where to. */
const recorded = new WeakMap<Deployment, string>();

/** A simulated run is recorded as it is, and what applications do when they start must not break it. */
export const nothingToStop: Recording = Object.freeze({ stop: () => Promise.resolve() });

export function record(deployment: Deployment, options: RecordOptions): Recording {
  const { file, sampleRatio = 1, redact } = options;
  const { recordable } = deployment;
  const node = surroundingNode();
  if (recordable === undefined || node === undefined)
    throw new LevelError("deployment.record() cannot write files here.", {
      help: "It needs Node 20.16 or later: in a browser nothing can be recorded.",
    });
  const already = recorded.get(deployment);
  if (already !== undefined)
    throw new LevelError(`The deployment is already recorded, to ${already}.`, {
      help: "Stop that recording first: record() returns what stops it.",
    });
  const { onError = (error) => node.warn(`The recording to ${file} has ended: ${String(error)}`) } = options;
  const startedAt = embeddedClock.wallClock();
  const facts = { startedAt, sampleRatio, redacted: redact !== undefined, maxClockSkewMs: 0, isCutOff: false };
  const output = new HistoryFile(node.fs, file, encodeHeader([], facts), (error) => tell(onError, error));
  const recorder = new SessionRecorder({
    recordable,
    nowUs: embeddedClock.nowUs,
    isRecorded: ({ id }) => isInSample(id, sampleRatio),
    redaction: redact === undefined ? undefined : new Redaction(redact, node),
    write: (line) => output.write(line),
  });
  recordable.observer = new Watched(recorder, recordable.unobserved);
  recorded.set(deployment, file);
  const end = (): void => {
    recordable.observer = recordable.unobserved;
    recorded.delete(deployment);
    recordable.unobserved.underWay += recorder.close();
    output.write(encodeEnd());
  };
  const atExit = (): void => {
    end();
    output.closeAtOnce();
  };
  node.onExit(atExit);
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    if (stopped === undefined) {
      node.offExit(atExit);
      end();
      stopped = output.close();
    }
    return stopped;
  };
  return Object.freeze({ stop });
}

/**
 * Spreads sessions evenly, whichever way they alternate (Knuth, The Art of Computer Programming, vol. 3, §6.4:
 * Fibonacci hashing).
 */
const isInSample = (session: number, ratio: number): boolean =>
  Math.imul(session + 1, 0x9e3779b1) >>> 0 < ratio * 0x1_0000_0000;

/** Whatever a listener throws, the application goes on. */
function tell(onError: (error: unknown) => void, error: unknown): void {
  try {
    onError(error);
  } catch {
    // There is nobody else to tell.
  }
}

export function checkedRecordOptions(options: RecordOptions): RecordOptions {
  const { file, sampleRatio = 1, redact } = options ?? {};
  const wrong = (option: string, accepted: string): never => {
    throw new AnnotationError(`Option \`${option}\` of deployment.record() is wrong.`, {
      help: `Accepted: ${accepted}.`,
    });
  };
  if (typeof file !== "string" || file === "") wrong("file", "the path of a file");
  if (typeof sampleRatio !== "number" || !(sampleRatio >= 0 && sampleRatio <= 1))
    wrong("sampleRatio", "a number from 0 to 1");
  if (redact !== undefined && typeof redact !== "function") wrong("redact", "a function from value to value");
  return options;
}
