import type { Level } from "../../../../runtime/src/levels.js";
import type { Fix } from "../../documents/finding.js";
import type { Annotation, Cell, FloatingOperation, MechanismCall, Method, Step } from "../model.js";

/** What rules can offer. Each gives undefined where the edit cannot be made without guessing. */
export interface Fixes {
  /** Gives cells a stronger level. */
  raise(cells: readonly Cell[], level: Level): Fix | undefined;
  /** Gives cells a weaker level. */
  weaken(cells: readonly Cell[], level: Level): Fix | undefined;
  /** Sets options of a mechanism, where they stand in its call. */
  configure(call: MechanismCall, options: MechanismCall["options"], kind: Fix["kind"]): Fix | undefined;
  removeAnnotation(annotation: Annotation, title: string): Fix | undefined;
  /** Splits a transaction: what `moved` does happens after the commit. `steps` is all that the transaction does. */
  moveAfterTransaction(method: Method, moved: readonly Step[], steps: readonly Step[]): Fix | undefined;
  /** Turns a transaction into a saga with a compensation to fill in, for these cells. */
  saga(method: Method, cells: readonly Cell[]): Fix | undefined;
  /** Turns a cell into `@Eventual() counter()`; a register's updates become increments. */
  eventualCounter(cell: Cell): Fix | undefined;
  /** Waits for an operation where its promise was let go; in async functions only. */
  awaitOperation(floating: FloatingOperation): Fix | undefined;
}
