import type { WorkloadShape } from "../../../runtime/src/explore/workload/shape.js";
import type { Declarations } from "./declarations.js";
import { UnusableInputError } from "./unusable-input.js";

/** The file is there, and what is asked for is not in it. */
export class MissingTargetError extends UnusableInputError {}

/** What is run: a scenario that the file exports, or a workload that is generated for a class. */
export interface Scenario {
  /** Export name. */
  readonly name: string;
  readonly title: string;
  readonly workload?: WorkloadShape;
  /** What the workload calls with what, a method a line. */
  readonly calls?: readonly string[];
  /** Why there is no workload: what is wrong, and what to do. */
  readonly obstacle?: string;
}

/** An export whose objects can be opened. */
export interface ReplicatedExport {
  readonly name: string;
  readonly className: string;
}

interface Selection {
  /** As people wrote it, for messages. */
  readonly shown: string;
  readonly name: string | undefined;
  readonly scenarios: readonly Scenario[];
  readonly classes: readonly ReplicatedExport[];
  readonly declarations: Declarations;
}

export interface Selected {
  readonly scenarios: readonly Scenario[];
  /** Of these a workload is generated. */
  readonly classes: readonly ReplicatedExport[];
}

/**
 * What `file` or `file#name` means, in the order in which it is declared: the scenarios, then the classes that none of
 * them opens, in their bodies or through the functions of the program that they name. A class by name means itself,
 * whoever opens it; one that is not exported can only mean the scenarios that do.
 */
export function selectTargets(selection: Selection): Selected {
  const { shown, name, declarations } = selection;
  const inOrder = <T extends { readonly name: string }>(targets: readonly T[]): readonly T[] =>
    [...targets].sort((a, b) => declarations.orderOf(a.name) - declarations.orderOf(b.name));
  const scenarios = inOrder(selection.scenarios);
  const types = typesOf(inOrder(selection.classes), declarations);
  const openersOf = ({ locals }: OpenableType): readonly Scenario[] =>
    scenarios.filter((scenario) => locals.some((local) => declarations.opens(scenario.name, local)));
  if (name === undefined) {
    const classes = types.filter((type) => openersOf(type).length === 0).map(({ opened }) => opened);
    if (scenarios.length > 0 || classes.length > 0) return { scenarios, classes };
    throw noTarget(shown, declarations);
  }
  const named = scenarios.filter((scenario) => scenario.name === name);
  if (named.length > 0) return { scenarios: named, classes: [] };
  const type = types.find(({ names }) => names.includes(name));
  if (type !== undefined) return { scenarios: [], classes: [type.opened] };
  const openers = scenarios.filter((scenario) => declarations.opens(scenario.name, declarations.localOf(name)));
  if (openers.length > 0) return { scenarios: openers, classes: [] };
  if (declarations.unexportedClasses().includes(name))
    throw new MissingTargetError(
      `No workload can be generated for ${name}, which ${shown} does not export, and no exported scenario opens it.`,
      `Export it: export class ${name} { … }. Or export a scenario that opens it: ${example(name)}`,
    );
  if (declarations.isClass(name))
    throw new MissingTargetError(
      `No workload can be generated for ${name} of ${shown}, which is not @Replicated(), and no exported scenario opens it.`,
      `Put @Replicated() on ${name} and export it, or export a scenario that opens it: ${example(name)}`,
    );
  const names = [...scenarios, ...types.map(({ opened }) => opened)].map((target) => target.name);
  throw new MissingTargetError(
    `${shown} has no target named ${name}.`,
    names.length === 0 ? howToHaveOne : `It has ${names.join(", ")}.`,
  );
}

export function noTarget(shown: string, declarations?: Declarations): MissingTargetError {
  return new MissingTargetError(
    `${shown} has no target: it exports neither a scenario nor a class with @Replicated().`,
    (declarations && nearly(declarations)) ?? howToHaveOne,
  );
}

/** What to do with the one class that is a target but for a word, where there is one. */
function nearly(declarations: Declarations): string | undefined {
  const [unexported, ...moreUnexported] = declarations.unexportedClasses();
  if (unexported !== undefined && moreUnexported.length === 0)
    return `Export \`${unexported}\`: export class ${unexported} { … }. Or export a scenario: ${example(unexported)}`;
  const [plain, ...morePlain] = declarations.unopenedClasses();
  if (plain !== undefined && morePlain.length === 0)
    return `Put @Replicated() on \`${plain}\`, which is exported without it. Or export a scenario: ${example("Account")}`;
  return undefined;
}

const example = (opened: string): string =>
  `export const survives = scenario("survives a partition", { regions: ["nyc", "london", "tokyo"] }, async ({ session, converged }) => { session("nyc").open(${opened}, "a") … }).`;

const howToHaveOne = `Export the class that carries @Replicated(), or a scenario: ${example("Account")}`;

/** One class, whatever it is exported as. */
interface OpenableType {
  /** What stands for it: what `replicated(…)` gave, else the class. */
  readonly opened: ReplicatedExport;
  readonly names: readonly string[];
  /** Its names inside of the program. */
  readonly locals: readonly string[];
}

function typesOf(classes: readonly ReplicatedExport[], declarations: Declarations): readonly OpenableType[] {
  const byClass = new Map<string, ReplicatedExport[]>();
  for (const each of classes) {
    const local = declarations.wrappedBy(each.name) ?? declarations.localOf(each.name);
    byClass.set(local, [...(byClass.get(local) ?? []), each]);
  }
  return [...byClass].flatMap(([local, exports]) => {
    const opened =
      exports.find(({ name }) => declarations.wrappedBy(name) !== undefined) ??
      exports.find(({ name, className }) => name === className) ??
      exports[0];
    if (opened === undefined) return [];
    const names = exports.map(({ name }) => name);
    return { opened, names, locals: [...new Set([local, ...names.map((name) => declarations.localOf(name))])] };
  });
}
