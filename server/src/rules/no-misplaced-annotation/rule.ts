import type { Level } from "../../../../runtime/src/levels.js";
import type { Annotation, Cell, LevelTarget, Method, StoreLabel } from "../../analysis/model.js";
import type { Report, Rule } from "../rule.js";
import { decoratorOf, levelName, list, throughCalls } from "../words.js";

export const noMisplacedAnnotation: Rule = {
  id: "no-misplaced-annotation",
  severity: "error",
  summary:
    "A level where it means nothing, twice, or nowhere; a saga without its compensation; an invariant that writes.",
  check(model, report) {
    for (const target of model.levelTargets) checkTarget(target, report);
    for (const label of model.storeLabels) if (label.holds.kind === "data") tellLabel(label, label.holds.what, report);
    for (const cell of model.unleveled) tellMissing(cell, report);
    for (const method of model.methods) {
      if (method.saga?.isMissing === true) tellWithoutCompensation(method, method.saga, report);
      if (method.invariant !== undefined) checkInvariant(method, method.invariant, report);
    }
  },
};

/** A level that means nothing where it stands is not worth saying twice that it stands there twice. */
function checkTarget(target: LevelTarget, report: Report): void {
  const what = misfit(target);
  const [first, second] = target.levels;
  if (first === undefined) return;
  if (what !== undefined) tellMisplaced(target, what, report);
  else if (second !== undefined) tellTwice(target, report);
}

/** What the target is, in words, when no level belongs on it. */
function misfit({ place, holds }: LevelTarget): string | undefined {
  switch (place) {
    case "static field":
    case "static method":
      return `a ${place}`;
    case "accessor":
      return "an accessor";
    case "parameter":
      return "a parameter of a method";
    case "constructor parameter":
      return holds.kind === "data" ? holds.what : "a parameter that no field keeps";
    default:
      return holds.kind === "data" ? holds.what : undefined;
  }
}

function tellMisplaced(target: LevelTarget, what: string, report: Report): void {
  const { name, place, levels, holds } = target;
  const [first] = levels;
  if (first === undefined) return;
  const names = list(levels.map((each) => `\`@${each.name}()\``));
  const isLost = place === "constructor parameter" && holds.kind !== "data";
  report({
    at: first.site,
    message: `${names} ${levels.length === 1 ? "stands" : "stand"} on \`${name}\`, which is ${what}.`,
    why: whyMisplaced(target),
    help: helpMisplaced(target, first.name),
    fixes: [
      isLost ? report.fixes.parameterProperty(target) : undefined,
      report.fixes.removeAnnotations(levels, `Remove ${names}`),
    ],
  });
}

function whyMisplaced({ place, name }: LevelTarget): string {
  switch (place) {
    case "class":
      return `Nothing in \`${name}\` is replicated, so nothing keeps this promise: who reads the class believes in a guarantee that nobody gives.`;
    case "static field":
      return "A static field belongs to the process and not to a replicated object: each process has its own, and they never agree.";
    case "static method":
      return "A static method runs on no replicated object, so there is no session whose reads would have this level.";
    case "accessor":
    case "parameter":
    case "constructor parameter":
      return "Nothing is stored there that could be replicated, so the promise is kept by nobody.";
    default:
      return `\`${name}\` lives in the memory of one process: each replica has its own, changes of one are not seen by the others and are gone when it restarts.`;
  }
}

function helpMisplaced({ place, name, holds }: LevelTarget, annotation: string): string {
  if (place === "class") return `Make it \`@Replicated()\` and give it cells, or remove \`@${annotation}()\`.`;
  if (place === "constructor parameter" && holds.kind !== "data")
    return `Make \`${name}\` a parameter property (\`private readonly ${name}\`), or label the field that keeps it.`;
  if (place !== "field") return `Put the level on a cell, or remove \`@${annotation}()\`.`;
  return `Make \`${name}\` a cell, such as \`register(…)\`, or remove \`@${annotation}()\`.`;
}

function tellLabel(label: StoreLabel, what: string, report: Report): void {
  report({
    at: label.site,
    message: `\`${label.name}(…)\` labels ${what}, which is no store.`,
    why: "It lives in the memory of one process: each replica has its own, and nothing keeps them at a level.",
    help: `Label the client through which a store is called, or take off \`${label.name}(…)\`.`,
    fixes: [report.fixes.unlabel(label)],
  });
}

function whatLevelIsFor({ place, holds }: LevelTarget): string {
  if (place === "method" || place === "static method") return "A method reads at one level";
  return holds.kind === "store" ? "A store answers at one level" : "A cell is kept at one level";
}

function contradiction(first: Level, second: Level): string {
  if (first === second) return `to say ${levelName(first)} twice adds nothing`;
  return `${levelName(first)} and ${levelName(second)} cannot both be meant`;
}

function tellTwice(target: LevelTarget, report: Report): void {
  const { name, levels } = target;
  const [first, second] = levels;
  if (first === undefined || second === undefined) return;
  const others = levels.slice(1).map((each) => `\`@${each.name}()\``);
  report({
    at: second.site,
    message: `\`${name}\` has \`@${first.name}()\` already, and ${list(others)} as well.`,
    why: `${whatLevelIsFor(target)}: ${contradiction(first.level, second.level)}${target.holds.kind === "store" ? "" : ", and `open` refuses the class"}.`,
    help: `Keep the level that is meant, and remove the ${others.length === 1 ? "other" : "others"}.`,
    related: [{ at: first.site, message: `\`${name}\` is ${levelName(first.level)} by this` }],
    fixes: levels.map((kept, index) =>
      report.fixes.removeAnnotations(levels.toSpliced(index, 1), `Keep \`@${kept.name}()\``),
    ),
  });
}

/** For each data type the levels that people choose for it, the cheapest first. */
const sensible: Readonly<Record<Cell["dataType"], readonly Level[]>> = {
  register: ["eventual", "linearizable"],
  counter: ["eventual", "linearizable"],
  set: ["eventual", "causal", "linearizable"],
  map: ["eventual", "causal", "linearizable"],
  log: ["causal", "linearizable"],
};

function tellMissing(cell: Cell, report: Report): void {
  const choices = sensible[cell.dataType];
  report({
    at: cell.site,
    message: `\`${cell.name}\` has no level, and neither has its class.`,
    why: `Nobody says whether replicas may disagree on \`${cell.name}\`, so \`open\` refuses the class with an \`AnnotationError\`.`,
    help: `Give it a level, such as ${list(
      choices.map((level) => `\`@${decoratorOf(level)}()\``),
      "or",
    )}, or give the class one for all its cells.`,
    fixes: choices.map((level) => report.fixes.give(cell, level)),
  });
}

function tellWithoutCompensation(method: Method, saga: NonNullable<Method["saga"]>, report: Report): void {
  report({
    at: saga.site,
    message: `\`${method.name}\` is compensated by \`${saga.compensate}\`, but \`${method.owner}\` has no method of that name.`,
    why: `When \`${method.name}\` fails halfway, what it did before stays: nothing undoes it.`,
    help: `Write \`async ${saga.compensate}(steps)\`, or name the method that undoes \`${method.name}\`.`,
    fixes: [report.fixes.compensation(method)],
  });
}

function checkInvariant(method: Method, invariant: Annotation, report: Report): void {
  const writes = method.effects.filter((effect) => effect.access !== "read");
  const [first] = writes;
  if (first === undefined) return;
  const cells = [...new Set(writes.map((effect) => `\`${effect.cell.name}\``))];
  report({
    at: invariant.site,
    message: `\`${method.name}\` is an invariant, but changes ${list(cells)}${throughCalls(first.through, first.site)}.`,
    why: `Invariants are judged after every operation and on every replica: each look at the state changes it, and what is found broken may be broken by the looking.`,
    help: `Only read in \`${method.name}\`, and change ${list(cells)} in a method of its own.`,
    related: writes.map((effect) => ({
      at: effect.site,
      message: `\`${effect.operation}\` changes \`${effect.cell.name}\``,
    })),
    fixes: [report.fixes.removeAnnotation(invariant, "Drop `@Invariant()`")],
  });
}
