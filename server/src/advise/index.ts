import { relative, sep } from "node:path";
import { type CompareResult, compare, isPromise } from "../compare/index.js";
import { UnusableInputError } from "../simulate/unusable-input.js";
import type { AdviseDocument, AdviseOptions, AdviseResult, SimulationEvidence } from "./advise.js";
import { fieldAdvice } from "./fields.js";
import { levelAdvice } from "./level-advice.js";
import { renderRecord } from "./record.js";

export {
  type AdviseDocument,
  type AdviseOptions,
  type AdviseResult,
  usualOperationsPerSecond,
  usualSchedules,
} from "./advise.js";

/**
 * A decision record for an annotated class: what each of its fields holds, what every level would cost and give, what
 * simulation found, and which level follows from that. Resolves for every outcome, and after an abort with what is known by
 * then. Rejects with `UnusableInputError` if there is no such class, or nothing that can be run.
 */
export async function advise(options: AdviseOptions): Promise<AdviseResult> {
  const { analysis, file, name, regions, operationsPerSecond, availability, schedules, seed, cwd } = options;
  const shown = (file: string): string => relative(cwd, file).split(sep).join("/");
  refuseScenario(options, shown);
  const cells = (analysis.model(file)?.cells ?? []).filter(({ owner }) => owner === name);
  // Without fields it is only asked what the name means.
  const compared = await compare(cells.length === 0 ? { ...options, schedules: 1 } : options);
  if (cells.length === 0) refuseWithoutFields(options, compared, shown);
  const simulation: SimulationEvidence = {
    outcome: compared.outcome,
    ...{ schedules, seed, assignments: compared.assignments },
    levels: compared.document.levels,
    judgesInvariants: compared.document.levels.some(({ invariants }) =>
      invariants.some(({ name }) => !isPromise(name)),
    ),
  };
  const levels = levelAdvice({ regions, operationsPerSecond, availability });
  const document: AdviseDocument = {
    schema: 1,
    target: compared.document.target,
    regions: { names: regions.places.map(({ name }) => name), areDefault: regions.areDefault },
    operationsPerSecond,
    availability: availability ?? null,
    levels,
    simulation,
    fields: fieldAdvice({ cells, compared, simulation, levels, availability, shown }),
  };
  return { document, markdown: renderRecord(document, name), outcome: compared.outcome };
}

/** A scenario may open several classes: a record is about one of them. */
function refuseScenario({ analysis, file, name }: AdviseOptions, shown: (file: string) => string): void {
  const targets = analysis.targets(file);
  if (targets.find((target) => target.name === name)?.kind !== "scenario") return;
  const classes = targets.filter(({ kind }) => kind === "class").map((target) => target.name);
  throw new UnusableInputError(
    `${name} of ${shown(file)} is a scenario, and a decision record is about the fields of a class.`,
    classes.length === 0 ? "Name a class with @Replicated()." : `Name one of its classes: ${classes.join(", ")}.`,
  );
}

function refuseWithoutFields(
  { file, name }: AdviseOptions,
  { weakest }: CompareResult,
  shown: (file: string) => string,
): never {
  const others = new Set(Object.keys(weakest ?? {}).map((key) => key.slice(0, key.indexOf("."))));
  const known = [...others].filter((other) => other !== name);
  throw new UnusableInputError(
    `${name} of ${shown(file)} declares no replicated field of its own.`,
    known.length === 0
      ? "Name the class, in the file that declares it, whose fields are registers, counters, sets, maps or logs."
      : `Its fields are those of ${known.join(", ")}: name the class in the file that declares it.`,
  );
}
