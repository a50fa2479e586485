import { dollars, figure } from "../../../runtime/src/advice/figures.js";
import { spectrumOf } from "../../../runtime/src/advice/spectrum/index.js";
import { compareLevels, isAtLeast, type Level } from "../../../runtime/src/levels.js";
import { isPromise } from "../compare/index.js";
import { capitalised, levelName, list } from "../rules/words.js";
import type { Candidate, FieldClassification, FieldSimulation, LevelAdvice, SimulationEvidence } from "./advise.js";
import { type Decided, inSentence } from "./decision.js";

export interface CandidateRequest {
  readonly levels: readonly LevelAdvice[];
  readonly simulation: SimulationEvidence;
  readonly classification: FieldClassification;
  readonly simulated: FieldSimulation;
  readonly decision: Decided;
}

/** Every level, with what speaks for and against it for this field. */
export function candidatesOf(request: CandidateRequest): readonly Candidate[] {
  return request.levels.map((advice) => {
    const { pros, cons } = spectrumOf(advice.level);
    return {
      level: advice.level,
      ...judged(advice, request),
      pros: [...pros, ...strengths(advice)],
      cons: [...cons, ...weaknesses(advice)],
    };
  });
}

function judged({ level, ...advice }: LevelAdvice, request: CandidateRequest): Pick<Candidate, "verdict" | "because"> {
  const { classification, decision, simulated, levels } = request;
  const { weakest, loss, name } = classification;
  const isBelowKind = weakest !== null && compareLevels(level, weakest) < 0;
  const isBelowFound = simulated.level !== null && compareLevels(level, simulated.level) < 0;
  const reasons: string[] = [];
  if (isBelowKind && isAtLeast(weakest, "causal"))
    reasons.push(capitalised(`${name ?? "it"} goes wrong here: ${inSentence(loss)}`));
  else if (isBelowKind) reasons.push("Replicas never hear of one another, and what one of them took is lost with it.");
  // At a level that was found sufficient with the others as they are, what breaks with all at it is not this field's doing.
  const broken = simulated.level !== null && !isBelowFound ? [] : brokenAt(level, request.simulation);
  if (broken.length > 0) reasons.push(`With every field at it, simulation breaks ${list(broken)}.`);
  const say = (verdict: Candidate["verdict"], text: string) => ({
    verdict,
    because: [text, ...reasons].join(" ").trim(),
  });
  if (level === decision.level) return say("chosen", "");
  if (isBelowKind || isBelowFound) return say("too weak", "");
  if (decision.level === null) return say("open", reasons.length > 0 ? "" : "Nothing was seen to break.");
  if (compareLevels(level, decision.level) > 0)
    return say("stronger than needed", extraCost({ level, ...advice }, decision.level, levels));
  return say("sufficient", "Weaker than is usual for this kind of data.");
}

/** Names of what breaks with every field at this level. */
function brokenAt(level: Level, { levels }: SimulationEvidence): readonly string[] {
  const compared = levels.find((each) => each.level === level);
  return (compared?.invariants ?? [])
    .filter(({ outcome }) => outcome === "violated")
    .map(({ name, seed }) => `“${isPromise(name) && name === level ? `what ${level} promises` : name}” (seed ${seed})`);
}

function extraCost(advice: LevelAdvice, chosen: Level, levels: readonly LevelAdvice[]): string {
  const other = levels.find(({ level }) => level === chosen);
  if (other === undefined) return "";
  const more = [`${dollars(advice.usdPerMonth - other.usdPerMonth)} a month more`];
  for (const access of ["write", "read"] as const) {
    const slower = slowest(advice, access).ms - slowest(other, access).ms;
    if (slower > 0) more.push(`${access}s from ${slowest(advice, access).region} at least ${figure(slower)} ms later`);
  }
  return `It costs ${list(more)} than ${levelName(chosen)}.`;
}

function strengths(advice: LevelAdvice): readonly string[] {
  const price = `${dollars(advice.usdPerMonth)} a month`;
  return advice.isAvailableEnough === true ? [price, "answers as often as was asked for"] : [price];
}

function weaknesses(advice: LevelAdvice): readonly string[] {
  const waits = (["write", "read"] as const).flatMap((access) => {
    const { region, ms } = slowest(advice, access);
    return ms === 0 ? [] : [`a ${access} from ${region} takes ${figure(ms)} ms at least`];
  });
  return advice.isAvailableEnough === false ? [...waits, "answers less often than was asked for"] : waits;
}

/** The region from which it takes longest. */
export function slowest(
  { latencies }: LevelAdvice,
  access: "read" | "write",
): { readonly region: string; readonly ms: number } {
  return latencies
    .map((each) => ({ region: each.region, ms: each[access].floorMs }))
    .reduce((a, b) => (b.ms > a.ms ? b : a), { region: "", ms: 0 });
}
