import type { UnlawfulMerge } from "../../analysis/view/merges.js";
import type { FoundImpurity } from "../../analysis/view/pure-functions.js";
import type { Problem, Rule } from "../rule.js";
import { list } from "../words.js";

/**
 * Replicas that take writes without asking each other agree only if merging is a join: commutative, associative and
 * idempotent (Shapiro et al., Conflict-free Replicated Data Types, SSS 2011, §2.2).
 */
export const noUnlawfulMerge: Rule = {
  id: "no-unlawful-merge",
  severity: "error",
  summary: "A merge function that reads time or randomness, changes its inputs, or depends on the order of merging.",
  check(model, report) {
    for (const merge of model.unlawfulMerges) report(problem(merge));
  },
};

function problem(merge: UnlawfulMerge): Problem {
  const { names, site, impurities, violation } = merge;
  const subject = `The merge of ${list(names.map((each) => `\`${each}\``))}`;
  if (impurities.length === 0) {
    const law = violation?.law ?? "commutative";
    return { at: site, message: `${subject} is not ${law}: ${violation?.example}.`, ...ofLaw[law] };
  }
  const effects = impurities.filter(({ kind }) => kind !== "mutation").map(describe);
  const changed = new Set(impurities.filter(({ kind }) => kind === "mutation").map(({ name }) => `\`${name}\``));
  const changes = changed.size === 0 ? [] : [`changes what it is given, ${list([...changed])}`];
  return {
    at: site,
    message: `${subject} ${list([...effects, ...changes])}.`,
    ...(impurities.every(({ kind }) => kind === "mutation") ? ofMutation : ofImpurity),
    related: impurities.slice(0, 3).map(({ source, name }) => ({ at: source, message: `\`${name}\` stands here` })),
  };
}

function describe({ kind, name, through }: FoundImpurity): string {
  const by = through.length === 0 ? "" : ` through ${list(through.map((each) => `\`${each}()\``))}`;
  return `${does[kind]} (\`${name}\`)${by}`;
}

const does: Readonly<Record<FoundImpurity["kind"], string>> = {
  time: "reads the clock",
  randomness: "draws a random value",
  network: "uses the network",
  files: "uses files",
  mutation: "changes what it is given",
};

const ofLaw = {
  commutative: {
    why: "Who merges into whom differs from replica to replica: after a partition each side keeps another value, and nothing brings them together again.",
    help: "Let the values decide and not their places: a maximum, a union in sorted order, or the one of the higher version, and of two equal versions the one of the higher text.",
  },
  idempotent: {
    why: "Replicas tell each other the same thing more than once, and a value that is merged with what it already contains counts it again.",
    help: "What is merged twice has to count once: keep a maximum or a union. To add up, use `counter()`, whose merge knows which increments it has seen.",
  },
  associative: {
    why: "Three replicas meet in another grouping each time: which two were merged first decides what they end up with, and they do not agree.",
    help: "Use an operation whose grouping does not matter: a maximum, a minimum or a union. An average needs its sum and its count by replica.",
  },
} as const;

const ofImpurity = {
  why: "Every replica merges for itself, at another time: the same two values become something else on each, and they never agree.",
  help: "Decide by what is in the two values alone. What else is needed belongs into the value when it is written.",
} as const;

const ofMutation = {
  why: "A value that is merged may still be held by a reader, or be merged again with another one: it then contains what it was never given.",
  help: "Make a new value of the two and leave both as they are.",
} as const;
