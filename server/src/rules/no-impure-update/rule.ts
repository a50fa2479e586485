import type { FileModel } from "../../analysis/model.js";
import type { FoundImpurity, PureFunction } from "../../analysis/view/pure-functions.js";
import type { Problem, Report, Rule } from "../rule.js";
import { list } from "../words.js";

/**
 * Optimistic concurrency control runs a function again when somebody was faster (Kung and Robinson, On optimistic methods
 * for concurrency control, TODS 1981), and a replay runs it again years later. Only a pure one gives the same each time.
 */
export const noImpureUpdate: Rule = {
  id: "no-impure-update",
  severity: "error",
  summary:
    "An `update` or `evolve` function or an invariant that reads time, randomness, the network or files, or changes its input.",
  check(model, report) {
    for (const each of model.impureFunctions)
      for (const impurity of each.impurities)
        if (!isEventChange(model, impurity)) report(problem(each, impurity, report));
  },
};

/** An event that is changed is told as that, by `no-event-mutation`. */
function isEventChange({ eventChanges }: FileModel, { kind, source }: FoundImpurity): boolean {
  if (kind !== "mutation") return false;
  const { file, range } = source;
  return eventChanges.some(
    ({ site }) =>
      site.file === file &&
      site.range.start.line === range.start.line &&
      site.range.start.column === range.start.column,
  );
}

function problem(given: PureFunction, impurity: FoundImpurity, report: Report): Problem {
  const { kind, site, source, through } = impurity;
  return {
    at: site,
    message: `${subject(given)} ${does[kind](impurity.name)}${by(through)}.`,
    why: why[given.role][kind === "mutation" ? "mutation" : isEffect(kind) ? "effect" : "read"],
    help: help(given, impurity),
    related: through.length > 0 ? [{ at: source, message: `\`${impurity.name}\` stands here` }] : [],
    fixes: [report.fixes.hoist(impurity), report.fixes.copyInput(impurity)],
  };
}

function subject({ role, names }: PureFunction): string {
  const named = list(names.map((each) => `\`${each}\``));
  if (role === "update") return `The update of ${named}`;
  return role === "invariant" ? `The invariant ${named}` : `\`evolve\` of ${named}`;
}

function by(through: readonly string[]): string {
  return through.length === 0 ? "" : ` through ${list(through.map((each) => `\`${each}()\``))}`;
}

const isEffect = (kind: FoundImpurity["kind"]): boolean => kind === "network" || kind === "files";

const does: Readonly<Record<FoundImpurity["kind"], (name: string) => string>> = {
  time: (name) => `reads the clock (\`${name}\`)`,
  randomness: (name) => `draws a random value (\`${name}\`)`,
  network: (name) => `uses the network (\`${name}\`)`,
  files: (name) => `uses files (\`${name}\`)`,
  mutation: (name) => `changes its input, \`${name}\``,
};

const replay = {
  read: "State is what the same events always give. Every rebuild, snapshot and replica runs this again and gets something else: two of them differ, and yesterday's state cannot be shown.",
  effect:
    "State is what the same events always give. Every rebuild runs this again for every event since the first, and does again what it does outside.",
  mutation:
    "The state before is kept too, by a snapshot or a reader: it changes under them, and a rebuild from it counts an event twice.",
} as const;

const why: Readonly<Record<PureFunction["role"], Readonly<Record<"read" | "effect" | "mutation", string>>>> = {
  update: {
    read: "When another client was faster it runs again, and then computes with something else: what the caller was shown, logged or sent after the first run is not what is stored.",
    effect:
      "When another client was faster it runs again: what it does outside is done once more, also for runs whose result is thrown away.",
    mutation:
      "When another client was faster, or the write fails, the value it was given is already changed: whoever compares before and after sees no difference, and whoever holds the old value holds one that was never stored.",
  },
  decider: replay,
  projection: replay,
  invariant: {
    read: "It is asked on every replica after every operation, and again at every replay: the same state holds at one time and is broken at another, and a violation cannot be shown again.",
    effect:
      "It is asked on every replica after every operation: it would do so thousands of times in one run, where the outside is closed off.",
    mutation: "It is asked between operations: what it changes is what the next operation and the next invariant find.",
  },
};

function help({ role }: PureFunction, { kind, name, through }: FoundImpurity): string {
  if (kind === "mutation")
    return "Return a new value and leave the given one as it is: spread it, or use `toSorted()`, `toReversed()`, `toSpliced()`.";
  if (role === "decider" || role === "projection")
    return "Let the event carry what happened: whoever decides takes it into the event, and `evolve` only reads it there.";
  if (role === "invariant") return "Judge by what the cells hold: store the value with the state when it is written.";
  if (isEffect(kind)) return `Do so before the update, and use the answer inside.`;
  const what = through.length === 0 ? `\`${name}\`` : `\`${through[0]}()\``;
  return `Take ${what} into a constant before the operation, and use that inside.`;
}
