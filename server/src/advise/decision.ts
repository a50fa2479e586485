import { compareLevels, isAtLeast, type Level, latticeEdges, strongest } from "../../../runtime/src/levels.js";
import { capitalised, levelName, list } from "../rules/words.js";
import type { FieldClassification, FieldDecision, FieldSimulation } from "./advise.js";

/** All that is known of one field. */
export interface FieldEvidence {
  readonly annotated: Level | null;
  readonly classification: FieldClassification;
  readonly simulated: FieldSimulation;
  readonly judgesInvariants: boolean;
  /** "200 schedules" */
  readonly budget: string;
}

export type Decided = Omit<FieldDecision, "mitigation">;

/**
 * The weakest level that both the kind of data and the simulation allow. Where they contradict each other the stronger one
 * is taken, because being wrong costs more than waiting, and the contradiction is said.
 */
export function decide(evidence: FieldEvidence): Decided {
  const { simulated, judgesInvariants } = evidence;
  const { weakest, usual } = evidence.classification;
  const isProven = simulated.outcome === "sufficient" && judgesInvariants;
  if (weakest === null || usual === null)
    return isProven ? bySimulation(evidence, simulated.level) : undecided(evidence);
  return isProven ? byBoth(evidence, { found: simulated.level, weakest }) : byClassification(evidence, usual);
}

function byBoth(
  evidence: FieldEvidence,
  { found, weakest }: { readonly found: Level; readonly weakest: Level },
): Decided {
  const { classification, budget } = evidence;
  const { name, loss, usual, strongest: most } = classification;
  const level = strongest(found, weakest);
  const disagreements: string[] = [];
  if (compareLevels(found, weakest) < 0)
    disagreements.push(
      `Simulation kept everything at ${levelName(found)} already, but ${name} goes wrong below ${weakest}: ${inSentence(loss)} Either no \`@Invariant()\` says that this must not happen, or the calls that were simulated never do it.`,
    );
  if (most !== null && compareLevels(found, most) > 0)
    disagreements.push(
      `By its kind nobody is served better above ${most}, yet at any weaker level than ${found} something broke. Something depends on it: see whether that is meant.`,
    );
  return {
    level,
    basis: "classification and simulation",
    reasoning: [
      `${sentence(classification.reason)} Below ${weakest}: ${inSentence(loss)}`,
      ...(usual === null || !isAtLeast(usual, level) || usual === level ? [] : [whatIsUsual(level, usual)]),
      found === level
        ? `${capitalised(levelName(found))} is the weakest level with which everything held in ${budget}: evidence, and no proof.`
        : `Everything held at ${levelName(found)} in ${budget}.`,
    ],
    disagreements: [...disagreements, ...changed(evidence, level)],
  };
}

function bySimulation(evidence: FieldEvidence, found: Level): Decided {
  const { classification, budget } = evidence;
  return {
    level: found,
    basis: "simulation",
    reasoning: [
      `What it holds needs analysis: ${classification.reason}.`,
      `${capitalised(levelName(found))} is the weakest level with which everything held in ${budget}: evidence, and no proof. It is worth as much as the invariants that were judged.`,
    ],
    disagreements: changed(evidence, found),
  };
}

function byClassification(evidence: FieldEvidence, usual: Level): Decided {
  const { classification, simulated } = evidence;
  const { weakest, loss } = classification;
  const disagreements =
    simulated.outcome === "none"
      ? ["Something breaks even with every field linearizable, so no level is the cure: mend the code first."]
      : simulated.outcome === "sufficient" && compareLevels(simulated.level, usual) > 0
        ? [`At any weaker level than ${simulated.level} something broke, though ${usual} is usual for it.`]
        : [];
  return {
    level: simulated.outcome === "sufficient" ? strongest(simulated.level, usual) : usual,
    basis: "classification",
    reasoning: [
      `${sentence(classification.reason)} ${capitalised(levelName(usual))} is what one chooses for it who has no further reason.`,
      `Below ${weakest}: ${inSentence(loss)}`,
      whyNotSimulated(evidence),
    ],
    disagreements: [...disagreements, ...changed(evidence, usual)],
  };
}

function undecided(evidence: FieldEvidence): Decided {
  const { annotated, classification, simulated } = evidence;
  const stays = annotated === null ? "It has no level yet." : `It stays ${levelName(annotated)} until then.`;
  return {
    level: null,
    basis: "none",
    reasoning: [
      `What it holds needs analysis: ${classification.reason}.`,
      whyNotSimulated(evidence),
      `Answer the questions at the end. ${stays}`,
    ],
    disagreements:
      simulated.outcome === "none"
        ? ["Something breaks even with every field linearizable, so no level is the cure: mend the code first."]
        : [],
  };
}

function whyNotSimulated({ simulated, judgesInvariants, budget }: FieldEvidence): string {
  switch (simulated.outcome) {
    case "untested":
      return "Simulation says nothing of it: nothing that was called writes to it, or it is a copy of another field.";
    case "none":
      return "Simulation found no level that keeps everything.";
    case "unknown":
      return "Simulation could not judge it.";
    case "sufficient":
      return judgesInvariants
        ? `Everything held at ${levelName(simulated.level)} in ${budget}.`
        : `Simulation judged only what levels promise, which ${levelName(simulated.level)} keeps too: add an \`@Invariant()\` that says what must not be lost.`;
  }
}

/** Enough was found to keep everything, and something speaks for more all the same. */
function whatIsUsual(level: Level, usual: Level): string {
  const adds = latticeEdges
    .filter(({ stronger }) => compareLevels(stronger, level) > 0 && isAtLeast(usual, stronger))
    .map((edge) => edge.adds);
  return `Usual for it is ${usual}, which adds ${list(adds)}. Take that where somebody relies on it whom the simulation does not know.`;
}

/** What is decided is not what the code says now. */
function changed({ annotated }: FieldEvidence, level: Level): readonly string[] {
  if (annotated === null || annotated === level) return [];
  const direction = compareLevels(annotated, level) > 0 ? "stronger than" : "too weak for";
  return [`The code says ${levelName(annotated)} now, which is ${direction} what was found.`];
}

/** "the name `balance` says that …" as a sentence of its own. */
const sentence = (text: string): string => `${capitalised(text)}.`;

/** After a colon. */
export function inSentence(text: string | null): string {
  return text === null ? "" : `${text.charAt(0).toLowerCase()}${text.slice(1)}`;
}
