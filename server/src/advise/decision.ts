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
  const { usual } = evidence.classification;
  const bound = boundOf(evidence);
  const isProven = simulated.outcome === "sufficient" && judgesInvariants;
  if (bound === null || usual === null) return isProven ? bySimulation(evidence, simulated.level) : undecided(evidence);
  const known = { bound, usual };
  return isProven ? byBoth(evidence, { ...known, found: simulated.level }) : byClassification(evidence, known);
}

/** Below this level the kind of data goes wrong; that approximate figures need not even converge is a choice. */
function boundOf({ annotated, classification: { weakest } }: FieldEvidence): Level | null {
  return weakest !== null && annotated === "none" && !isAtLeast(weakest, "causal") ? "none" : weakest;
}

interface Kind {
  readonly bound: Level;
  readonly usual: Level;
}

function byBoth(evidence: FieldEvidence, { bound, usual, found }: Kind & { readonly found: Level }): Decided {
  const { classification, budget } = evidence;
  const { name, loss, strongest: most } = classification;
  const level = strongest(found, bound);
  const disagreements: string[] = [];
  if (compareLevels(found, bound) < 0)
    disagreements.push(
      `Simulation kept everything at ${levelName(found)} already, but ${name} goes wrong below ${bound}: ${inSentence(loss)} Either no \`@Invariant()\` says that this must not happen, or the calls that were simulated never do it.`,
    );
  if (most !== null && compareLevels(found, most) > 0)
    disagreements.push(
      `By its kind nobody is served better above ${most}, yet at any weaker level than ${found} something broke. Something depends on it: see whether that is meant.`,
    );
  return {
    level,
    basis: "classification and simulation",
    reasoning: [
      `${sentence(classification.reason)} ${whatIsLost(classification)}`,
      ...(compareLevels(usual, level) > 0 ? [whatIsUsual(level, usual)] : []),
      found === level
        ? `${capitalised(levelName(found))} is the weakest level with which everything held in ${budget}: evidence, and no proof.`
        : `Everything held at ${levelName(found)} in ${budget}.`,
    ],
    disagreements,
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
    disagreements: [],
  };
}

/** What the code says stays where it is between what the kind of data bears and what is usual for it: somebody chose that. */
function byClassification(evidence: FieldEvidence, { bound, usual }: Kind): Decided {
  const { classification, simulated, annotated } = evidence;
  const least = simulated.outcome === "sufficient" ? strongest(simulated.level, bound) : bound;
  const isChosen = annotated !== null && isAtLeast(annotated, least) && compareLevels(annotated, usual) < 0;
  const level = isChosen ? annotated : strongest(least, usual);
  const disagreements = compareLevels(least, usual) > 0 ? [breaksBelow(least, usual)] : [];
  const why = isChosen
    ? [`The code says ${levelName(annotated)}, which that bears.`, whatIsUsual(annotated, usual)]
    : [`${capitalised(levelName(usual))} is what one chooses for it who has no further reason.`];
  return {
    level,
    basis: "classification",
    reasoning: [`${sentence(classification.reason)} ${whatIsLost(classification)}`, ...why, whyNotSimulated(evidence)],
    disagreements: [...incurable(evidence), ...disagreements],
  };
}

const breaksBelow = (least: Level, usual: Level): string =>
  `At any weaker level than ${least} something broke, though ${usual} is usual for it.`;

const incurable = ({ simulated }: FieldEvidence): readonly string[] =>
  simulated.outcome === "none"
    ? ["Something breaks even with every field linearizable, so no level is the cure: mend the code first."]
    : [];

/** Some kinds of data go wrong below their weakest level; for the others it is said what little happens at it. */
export function whatIsLost({ weakest, loss }: FieldClassification): string {
  if (weakest === null) return "";
  return `${isAtLeast(weakest, "causal") ? "Below" : "At"} ${levelName(weakest)}: ${inSentence(loss)}`;
}

function undecided(evidence: FieldEvidence): Decided {
  const { annotated, classification } = evidence;
  const stays = annotated === null ? "It has no level yet." : `It stays ${levelName(annotated)} until then.`;
  return {
    level: null,
    basis: "none",
    reasoning: [
      `What it holds needs analysis: ${classification.reason}.`,
      whyNotSimulated(evidence),
      `Answer the questions at the end. ${stays}`,
    ],
    disagreements: incurable(evidence),
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

/** Less suffices, and something speaks for more all the same. */
function whatIsUsual(level: Level, usual: Level): string {
  const adds = latticeEdges
    .filter(({ stronger }) => compareLevels(stronger, level) > 0 && isAtLeast(usual, stronger))
    .map((edge) => edge.adds);
  return `Usual for it is ${usual}, for those who rely on ${list(adds)}.`;
}

/** Says so where that is not what the code says now. */
export function besideTheCode(decided: Decided, annotated: Level | null): Decided {
  const { level } = decided;
  if (annotated === null || level === null || annotated === level) return decided;
  const direction = compareLevels(annotated, level) > 0 ? "stronger than" : "too weak for";
  const difference = `The code says ${levelName(annotated)} now, which is ${direction} what was found.`;
  return { ...decided, disagreements: [...decided.disagreements, difference] };
}

/** "the name `balance` says that …" as a sentence of its own. */
const sentence = (text: string): string => `${capitalised(text)}.`;

/** After a colon. */
export function inSentence(text: string | null): string {
  return text === null ? "" : `${text.charAt(0).toLowerCase()}${text.slice(1)}`;
}
