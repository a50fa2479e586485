import { microcentsOf } from "../../advice/cost/index.js";
import { type Level, levels } from "../../levels.js";

/** Levels by field: `Account.balance` → `causal`. */
export type Assignment = Readonly<Record<string, Level>>;

/** Fields that have to be at one level, because a transaction works on them at once; or a field that stands alone. */
export interface FieldGroup {
  readonly fields: readonly string[];
  /** On all of them together: what a level of theirs costs is in proportion. */
  readonly operations: number;
}

/** What running an assignment on the whole budget of schedules came to; `stopped` ends the search. */
export type Trial = "sufficient" | "insufficient" | "stopped";

export interface SearchOptions {
  readonly groups: readonly FieldGroup[];
  /** What the code says now: tried besides those that give every field the same level. */
  readonly annotated?: Assignment | undefined;
  /** Asked once for each assignment at most. */
  run(assignment: Assignment): Promise<Trial>;
}

export interface Weakest {
  /**
   * The cheapest that was found sufficient. Null if all fields at linearizable are not: then the code is wrong, and that a
   * weaker level happens to hide it is no reason to choose that level. Null too if the search was stopped.
   */
  readonly assignment: Assignment | null;
  readonly isStopped: boolean;
  /** Every assignment that costs less was run, and is insufficient. Otherwise those one level weaker in one group were. */
  readonly isCheapest: boolean;
}

/** Of three groups there are 125 assignments, of which those that cost less are looked at one by one; of more, too many. */
const mostGroupsTriedOut = 3;

/**
 * The cheapest assignment that is sufficient, among those that were run. What is sufficient at one level need not be at a
 * stronger one: an operation that is refused leaves a part undone, which a weaker level would have done. So nothing is
 * concluded from one run about another; that stronger levels *mostly* keep more only says where to look first.
 *
 * 1. All fields at linearizable: without that nothing else counts. All fields at each other level, and the levels as
 * annotated, cheapest first. 2. From what is sufficient downwards, group by
 * group, until none can be lowered alone. 3. If the groups are few, every assignment that costs less.
 */
export async function findWeakest(options: SearchOptions): Promise<Weakest> {
  return new Search(options).find();
}

/** A level for each group, as its place in the lattice. */
type Vector = readonly number[];

class Search {
  private readonly results = new Map<string, boolean>();
  private isStopped = false;

  constructor(private readonly options: SearchOptions) {}

  async find(): Promise<Weakest> {
    const strongest = this.options.groups.map(() => levels.length - 1);
    if (!(await this.isSufficient(strongest)))
      return { assignment: null, isStopped: this.isStopped, isCheapest: false };
    let best: Vector | undefined;
    const areFew = this.options.groups.length <= mostGroupsTriedOut;
    for (const start of this.starts()) {
      // Where all that is cheaper is tried out, another way down leads nowhere else.
      if ((best !== undefined && areFew) || !(await this.isSufficient(start))) continue;
      const lowest = await this.descend(start);
      if (best === undefined || this.costOf(lowest) < this.costOf(best)) best = lowest;
    }
    const isCheapest = best !== undefined && areFew;
    for (const vector of best !== undefined && areFew ? this.cheaperThan(best) : [])
      if (await this.isSufficient(vector)) {
        best = vector;
        break;
      }
    const { isStopped } = this;
    const assignment = best === undefined || isStopped ? null : this.assignmentOf(best);
    return { assignment, isStopped, isCheapest: isCheapest && !isStopped };
  }

  private starts(): readonly Vector[] {
    const { groups, annotated } = this.options;
    const uniform = levels.map((_, level) => groups.map(() => level));
    if (annotated === undefined) return uniform;
    const own = groups.map(({ fields }) => Math.max(...fields.map((field) => placeOf(annotated[field]))));
    return [...uniform, own].sort((a, b) => this.costOf(a) - this.costOf(b));
  }

  /** Lowers one group after the other, as far as that goes, until a round has changed nothing. */
  private async descend(start: Vector): Promise<Vector> {
    const bySaving = [...this.options.groups.keys()].sort((a, b) => this.operationsOf(b) - this.operationsOf(a));
    let lowest = start;
    for (let before: Vector | undefined; before !== lowest && !this.isStopped; ) {
      before = lowest;
      for (const group of bySaving) lowest = await this.lower(lowest, group);
    }
    return lowest;
  }

  /** What is insufficient shows that soon, what is sufficient takes all schedules: so the weakest first. */
  private async lower(vector: Vector, group: number): Promise<Vector> {
    for (let level = 0; level < (vector[group] ?? 0); level++) {
      const lowered = vector.with(group, level);
      if (await this.isSufficient(lowered)) return lowered;
    }
    return vector;
  }

  /** Cheapest first: the first of them that is sufficient is the cheapest of all. */
  private cheaperThan(best: Vector): readonly Vector[] {
    return allVectors(this.options.groups.length)
      .filter((vector) => this.costOf(vector) < this.costOf(best))
      .sort((a, b) => this.costOf(a) - this.costOf(b));
  }

  private async isSufficient(vector: Vector): Promise<boolean> {
    if (this.isStopped) return false;
    const key = vector.join(" ");
    const known = this.results.get(key);
    if (known !== undefined) return known;
    const trial = await this.options.run(this.assignmentOf(vector));
    if (trial === "stopped") this.isStopped = true;
    else this.results.set(key, trial === "sufficient");
    return trial === "sufficient";
  }

  private costOf(vector: Vector): number {
    return vector.reduce((sum, level, group) => sum + microcentsOf(levelAt(level), this.operationsOf(group)), 0);
  }

  /** A group that is hardly used still costs: of two levels that both do, the weaker one is asked for. */
  private operationsOf(group: number): number {
    return Math.max(1, this.options.groups[group]?.operations ?? 0);
  }

  private assignmentOf(vector: Vector): Assignment {
    const entries = this.options.groups.flatMap(({ fields }, group) =>
      fields.map((field) => [field, levelAt(vector[group] ?? 0)] as const),
    );
    return Object.fromEntries(entries);
  }
}

function allVectors(length: number): readonly Vector[] {
  if (length === 0) return [[]];
  return allVectors(length - 1).flatMap((vector) => levels.map((_, level) => [...vector, level]));
}

const levelAt = (place: number): Level => levels[place] as Level;
const placeOf = (level: Level | undefined): number => (level === undefined ? 0 : levels.indexOf(level));
