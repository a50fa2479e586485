import type { CellOptions, Mutation } from "./data-type.js";
import { joined } from "./multi-value.js";
import type { Dot, VersionVector } from "./version-vector.js";

/**
 * Whether one element of a set, or one key of a map, is there, as a function of its applied adds and removes:
 *
 * - add-wins (Shapiro et al. 2011, §3.3.5, OR-set): some add is in the context of no applied remove;
 * - remove-wins: there is an add, and every applied remove is in the context of some applied add.
 */
export class Presence {
  /** Adds that no applied remove has seen, in order of delivery. */
  survivors: Mutation[] = [];
  /** Everything that applied removes had seen: an add may arrive after the remove that saw it. */
  private removed: VersionVector | undefined;
  private readonly rule: RemoveWins | undefined;

  constructor(conflict: CellOptions["conflict"]) {
    if (conflict === "remove-wins") this.rule = new RemoveWins();
  }

  get present(): boolean {
    return this.rule === undefined ? this.survivors.length > 0 : this.rule.present;
  }

  add(mutation: Mutation): void {
    if (this.removed?.has(mutation.dot) !== true) this.survivors.push(mutation);
    this.rule?.add(mutation);
  }

  /** Returns whether a surviving add was removed. */
  remove(mutation: Mutation): boolean {
    this.removed = joined(this.removed, mutation.context);
    this.rule?.remove(mutation);
    if (!this.survivors.some((add) => mutation.context.has(add.dot))) return false;
    this.survivors = this.survivors.filter((add) => !mutation.context.has(add.dot));
    return true;
  }
}

class RemoveWins {
  private added: VersionVector | undefined;
  /** Removes that no applied add has seen. */
  private unseen: Dot[] = [];

  get present(): boolean {
    return this.added !== undefined && this.unseen.length === 0;
  }

  add({ context }: Mutation): void {
    this.added = joined(this.added, context);
    if (this.unseen.length > 0) this.unseen = this.unseen.filter((remove) => !context.has(remove));
  }

  remove({ dot }: Mutation): void {
    if (this.added?.has(dot) !== true) this.unseen.push(dot);
  }
}
