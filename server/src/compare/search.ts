import { type FieldGroup, findWeakest, type Weakest } from "../../../runtime/src/explore/compare/weakest.js";
import type { FieldMeasurement, Measurements } from "../../../runtime/src/explore/measurements.js";
import type { Level } from "../../../runtime/src/levels.js";
import type { LevelRun, Levels } from "./run-levels.js";

/** What levels may be tried for, as far as the runs at each level show. */
export interface SearchSpace {
  readonly groups: readonly FieldGroup[];
  /** Fields that stay at their annotation: copies of others, and those that nothing wrote to. */
  readonly fixed: Levels;
  readonly annotated: Levels;
}

/**
 * Fields that one transaction worked on move together. One that nothing wrote to was not tested: that every level would do
 * says nothing, so it stays as it is.
 */
export function searchSpaceOf({ fields, transactions }: Measurements): SearchSpace {
  const byName = new Map(fields.map((each) => [each.field, each]));
  const joined = new Set(transactions.flat());
  const sets = [...transactions, ...fields.filter(({ field }) => !joined.has(field)).map(({ field }) => [field])];
  const groups: FieldGroup[] = [];
  const fixed: Record<string, Level> = {};
  for (const set of sets) {
    const members = set.flatMap((field) => byName.get(field) ?? []);
    if (members.some(isTested)) groups.push({ fields: set, operations: total(members) });
    else for (const { field, annotated } of members) fixed[field] = annotated;
  }
  return { groups, fixed, annotated: Object.fromEntries(fields.map(({ field, annotated }) => [field, annotated])) };
}

const isTested = ({ isCopy, mutations }: FieldMeasurement): boolean => !isCopy && mutations > 0;
const total = (members: readonly FieldMeasurement[]): number =>
  members.reduce((sum, { operations }) => sum + operations, 0);

export interface SearchOptions {
  readonly space: SearchSpace;
  /** All fields at one level, run already. */
  readonly uniform: ReadonlyMap<Level, LevelRun>;
  readonly run: (levels: Levels) => Promise<LevelRun>;
}

export async function search({ space, uniform, run }: SearchOptions): Promise<Weakest> {
  const { groups, fixed, annotated } = space;
  return findWeakest({
    groups,
    annotated,
    async run(assignment) {
      const levels = { ...fixed, ...assignment };
      const result = known(levels, uniform) ?? (await run(levels));
      return result.isStopped ? "stopped" : result.holds ? "sufficient" : "insufficient";
    },
  });
}

/** What has run already need not run again. */
function known(levels: Levels, uniform: ReadonlyMap<Level, LevelRun>): LevelRun | undefined {
  const [level, ...others] = new Set(Object.values(levels));
  return level === undefined || others.length > 0 ? undefined : uniform.get(level);
}
