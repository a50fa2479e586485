import { mechanismIds } from "../mechanisms/options.js";
import {
  array,
  boolean,
  custom,
  gt,
  gte,
  int,
  minLength,
  number,
  oneOf,
  optional,
  strictObject,
  string,
  unknown,
  type ZodMiniType,
} from "./zod.js";

/** An option that is not what it has to be, before it is known which class and field it stands on. */
export interface OptionProblem {
  /** `mechanism.reads`; empty when the options as a whole are wrong. */
  readonly option: string;
  readonly given: unknown;
  readonly accepted: string;
}

/** The options of one decorator or mechanism: what each of them may be, for the check and in words. */
export interface OptionTable {
  readonly schema: ZodMiniType;
  readonly accepted: ReadonlyMap<string, string>;
  /** What cannot be said of one option alone. */
  readonly together?: (options: Readonly<Record<string, unknown>>) => OptionProblem | undefined;
}

interface Option {
  readonly schema: ZodMiniType;
  readonly accepted: string;
  readonly required?: true;
}

export function optionTable(shape: Readonly<Record<string, Option>>, together?: OptionTable["together"]): OptionTable {
  const schemas: Record<string, ZodMiniType> = {};
  for (const [name, option] of Object.entries(shape)) {
    schemas[name] = option.required ? option.schema : optional(option.schema);
  }
  const accepted = new Map(Object.entries(shape).map(([name, option]) => [name, option.accepted]));
  return { schema: strictObject(schemas), accepted, ...(together === undefined ? {} : { together }) };
}

export const required = (option: Option): Option => ({ ...option, required: true });

export const choice = (...values: readonly [string, ...string[]]): Option => ({
  schema: oneOf(values),
  accepted: values.map((value) => JSON.stringify(value)).join(", "),
});

export const text = (accepted: string): Option => ({ schema: string().check(minLength(1)), accepted });
export const flag: Option = { schema: boolean(), accepted: "true, false" };
export const count: Option = { schema: int().check(gte(1)), accepted: "a whole number from 1" };
export const ratio: Option = { schema: number().check(gte(0)), accepted: "a number from 0" };
export const milliseconds: Option = { schema: number().check(gt(0)), accepted: "a number of milliseconds above 0" };
export const anything = (accepted: string): Option => ({ schema: unknown(), accepted });
export const suchThat = (accepted: string, holds: (value: unknown) => boolean): Option => ({
  schema: custom<unknown>(holds),
  accepted,
});
export const listOfLists = array(array(unknown()));

/** The first option that is wrong, or undefined. */
export function checkOptions(table: OptionTable, given: unknown): OptionProblem | undefined {
  const parsed = table.schema.safeParse(given);
  if (parsed.success) return table.together?.(given as Readonly<Record<string, unknown>>);
  const issue = parsed.error.issues[0];
  const names = [...table.accepted.keys()];
  if (issue?.code === "unrecognized_keys") {
    const option = issue.keys[0] as string;
    const accepted = names.length === 0 ? "no options" : `the options ${names.join(", ")}`;
    return { option, given: (given as Readonly<Record<string, unknown>>)[option], accepted };
  }
  const option = issue?.path[0];
  if (typeof option !== "string") {
    return { option: "", given, accepted: names.length === 0 ? "no options" : `an object with ${names.join(", ")}` };
  }
  return {
    option,
    given: (given as Readonly<Record<string, unknown>>)[option],
    accepted: table.accepted.get(option) ?? "no such option",
  };
}

const mechanismTables: Readonly<Record<string, OptionTable>> = {
  isolated: optionTable({}),
  cache: optionTable({ origin: required(text("the name of a cell of the same class")), ttlMs: required(milliseconds) }),
  gossip: optionTable({ intervalMs: milliseconds, fanout: count }),
  causalBroadcast: optionTable({}),
  orderedLog: optionTable({}),
  raft: optionTable({ replicas: count, reads: choice("readIndex", "lease", "leader"), maxDriftRatio: ratio }),
  primaryReplica: optionTable({
    reads: choice("primary", "local"),
    acknowledge: choice("sync", "semiSync", "async"),
    failover: choice("manual", "automatic"),
    fencing: flag,
  }),
  multiPrimary: optionTable({}),
  quorum: optionTable(
    {
      n: required(count),
      r: required(count),
      w: required(count),
      writeBack: flag,
      readRepair: flag,
      hintedHandoff: flag,
      sloppy: flag,
    },
    ({ n, r, w }) => {
      const accepted = `a whole number from 1 to n, which is ${String(n)}`;
      if ((r as number) > (n as number)) return { option: "r", given: r, accepted };
      if ((w as number) > (n as number)) return { option: "w", given: w, accepted };
      return undefined;
    },
  ),
  trueTime: optionTable({ epsilonMs: milliseconds, commitWait: flag }),
};

export const acceptedMechanisms = mechanismIds.map((id) => `${id}()`).join(", ");

const mechanismShape = optionTable({
  mechanism: required(choice(...mechanismIds)),
  options: required(anything("an object")),
});

export function checkMechanism(given: unknown): OptionProblem | undefined {
  if (checkOptions(mechanismShape, given) !== undefined) {
    return { option: "mechanism", given, accepted: acceptedMechanisms };
  }
  const { mechanism, options } = given as { mechanism: string; options: unknown };
  const problem = checkOptions(mechanismTables[mechanism] as OptionTable, options);
  return problem && { ...problem, option: problem.option === "" ? "mechanism" : `mechanism.${problem.option}` };
}
