import type { Site } from "../../simulation/trace.js";
import { type RunContext, sessionOf } from "../context.js";
import { type Driver, stuck } from "../driver.js";
import type { Findings } from "../findings.js";
import type { Invariants } from "../invariants.js";
import { evaluate, type Predicate } from "../predicates.js";
import type { Run } from "../schedule.js";
import { judgeConvergence } from "./convergence.js";
import type { Judged } from "./judged.js";

export interface Quiescent {
  readonly judged: Judged;
  readonly driver: Driver;
  readonly context: RunContext;
  readonly invariants: Invariants;
  readonly findings: Findings;
}

/**
 * Judges what has to hold once all faults are healed and the replicas have settled: in every region, in a session of its
 * own. Answers with why nothing can be said, if user code did not come to an end.
 */
export async function judgeQuiescent(quiescent: Quiescent): Promise<Run["unknown"]> {
  const { judged, driver, context, invariants, findings } = quiescent;
  const { deployment } = judged;
  let unknown: Run["unknown"];
  const always = await driver.settled(() => invariants.judgeNow());
  if (always.outcome === "threw") findings.addError(always.error, "an invariant could not be judged");
  if (always.outcome === "stuck") unknown = stuck("an invariant");
  for (const found of judgeConvergence(judged)) findings.add(found);
  for (const region of deployment.regions) {
    for (const { name, predicate, site } of context.converged) {
      const session = sessionOf(deployment, region);
      const reason = await judgeOne(quiescent, { name, region, site, predicate: () => predicate(session) });
      unknown ??= reason;
    }
    for (const { name, predicate } of invariants.converged(deployment.createSession(region))) {
      const reason = await judgeOne(quiescent, { name, region, site: undefined, predicate });
      unknown ??= reason;
    }
  }
  return unknown;
}

interface Claim {
  readonly name: string;
  readonly region: string;
  readonly site: Site | undefined;
  readonly predicate: Predicate;
}

async function judgeOne(
  { driver, context, findings }: Quiescent,
  { name, region, site, predicate }: Claim,
): Promise<Run["unknown"]> {
  const where = { region, when: "after all faults are healed and the replicas have settled", site, settled: true };
  const judged = await driver.settled(() => evaluate(name, predicate, where));
  if (judged.outcome === "stuck") return stuck(`"${name}"`);
  if (judged.outcome === "threw") {
    findings.addError(judged.error, `"${name}" could not be judged`);
    return undefined;
  }
  context.note(name, judged.value);
  if (judged.value.outcome === "fails") findings.add(judged.value.finding);
  return undefined;
}
