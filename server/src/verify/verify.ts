import type { Anomaly, History, Recording } from "../../../runtime/src/history/history.js";
import { isAtLeast, type Level, levels } from "../../../runtime/src/levels.js";
import { type Domain, domainsOf, judgeDomain } from "./domains.js";

export interface VerifyDocument {
  readonly schema: 1;
  readonly verdict: "valid" | "invalid" | "unknown";
  /** Of what is broken; else the weakest that was judged. */
  readonly level: Level;
  readonly operations: number;
  readonly anomalies: readonly VerifyAnomaly[];
  /** Why nothing can be said. */
  readonly reason: string | null;
  readonly domains: readonly VerifyDomain[];
  readonly recording: Recording | null;
  readonly wallMs: number;
}

export interface VerifyAnomaly {
  readonly name: string;
  readonly message: string;
  /** Ids of the events that show it. */
  readonly operations: readonly number[];
}

export interface VerifyDomain {
  readonly level: Level;
  readonly cells: readonly string[];
  readonly operations: number;
  readonly verdict: "valid" | "invalid" | "unknown";
  readonly reason: string | null;
}

/** A domain that breaks its level. */
export interface Broken {
  readonly domain: Domain;
  readonly anomalies: readonly Anomaly[];
  /** The strongest weaker level at which nothing is broken; undefined where there is none, or nobody looked. */
  readonly holdsAt: Level | undefined;
}

export interface VerifyResult {
  readonly document: VerifyDocument;
  readonly history: History;
  readonly broken: readonly Broken[];
}

export interface VerifyOptions {
  /** The level to judge by, instead of what each cell declares. */
  readonly level?: Level | undefined;
  /** Runs a piece of work, and throws if it has to be given up. */
  readonly run: <T>(work: () => T) => T;
  /** Why the work that threw was given up; undefined for what is an error. */
  readonly givenUp: (error: unknown) => string | undefined;
  readonly nowMs: () => number;
}

/**
 * Judges a history domain by domain, each by its level: guarantees reach no further (semantics, *Scope of judgement*). A
 * domain without any level is promised nothing, and is left out.
 */
export function verifyHistory(history: History, options: VerifyOptions): VerifyResult {
  const begunMs = options.nowMs();
  const domains: VerifyDomain[] = [];
  const broken: Broken[] = [];
  for (const domain of domainsOf(history, options.level)) {
    if (domain.level === "none" && options.level === undefined) continue;
    const { judged, found } = judgementOf(domain, options);
    domains.push(judged);
    if (found !== undefined) broken.push(found);
  }
  const document: VerifyDocument = {
    schema: 1,
    ...summary(domains, options.level, history),
    operations: history.events.reduce((count, { operations }) => count + operations.length, 0),
    anomalies: broken.flatMap(({ anomalies }) =>
      anomalies.map(({ name, message, events }) => ({ name, message, operations: events })),
    ),
    domains,
    recording: history.recording ?? null,
    wallMs: Math.round((options.nowMs() - begunMs) * 10) / 10,
  };
  return { document, history, broken };
}

function judgementOf(domain: Domain, options: VerifyOptions): { judged: VerifyDomain; found?: Broken } {
  const { level, history } = domain;
  const about = {
    level,
    cells: history.cells.filter(({ key }) => isUsed(history, key)).map(({ label }) => label),
    operations: history.events.reduce((count, { operations }) => count + operations.length, 0),
  };
  try {
    const verdict = options.run(() => judgeDomain(domain));
    if (verdict.outcome !== "invalid")
      return {
        judged: { ...about, verdict: verdict.outcome, reason: verdict.outcome === "unknown" ? verdict.reason : null },
      };
    const judged: VerifyDomain = { ...about, verdict: "invalid", reason: null };
    return { judged, found: { domain, anomalies: verdict.anomalies, holdsAt: weakerThatHolds(domain, options) } };
  } catch (error) {
    const reason = options.givenUp(error);
    if (reason === undefined) throw error;
    return { judged: { ...about, verdict: "unknown", reason } };
  }
}

const isUsed = ({ events }: History, key: string): boolean =>
  events.some(({ operations }) => operations.some(({ cell }) => cell === key));

/** Advice only: what cannot be found out in time is not said. */
function weakerThatHolds({ level, history }: Domain, options: VerifyOptions): Level | undefined {
  const weaker = levels.filter((other) => other !== level && isAtLeast(level, other) && isAtLeast(other, "causal"));
  try {
    return weaker.reverse().find((other) => {
      const [domain] = domainsOf(history, other);
      return domain !== undefined && options.run(() => judgeDomain(domain)).outcome === "valid";
    });
  } catch (error) {
    if (options.givenUp(error) === undefined) throw error;
    return undefined;
  }
}

function summary(
  domains: readonly VerifyDomain[],
  asked: Level | undefined,
  history: History,
): Pick<VerifyDocument, "verdict" | "level" | "reason"> {
  const weakest = levels.find((level) => domains.some((domain) => domain.level === level));
  const level = asked ?? weakest ?? "none";
  const invalid = domains.find(({ verdict }) => verdict === "invalid");
  if (invalid !== undefined) return { verdict: "invalid", level: invalid.level, reason: null };
  const unknown = domains.find(({ verdict }) => verdict === "unknown");
  if (unknown !== undefined) return { verdict: "unknown", level: unknown.level, reason: unknown.reason };
  if (domains.length > 0) return { verdict: "valid", level, reason: null };
  const reason =
    history.events.length === 0 ? "Nothing was recorded." : "No cell in it has a level that promises anything.";
  return { verdict: "unknown", level, reason };
}
