import { ts } from "ts-morph";
import { compareLevels } from "../../../../runtime/src/levels.js";
import type { Fix } from "../../documents/finding.js";
import { functionOf, membersOf } from "../extract/class-members.js";
import { chainOf } from "../extract/classes.js";
import { isMarked } from "../extract/read-models.js";
import type { Value } from "../extract/values.js";
import type { Cell } from "../model.js";
import { nodeOf } from "../sites.js";
import type { ProjectionRead } from "../view/projection-reads.js";
import type { View } from "../view/view.js";
import { Edits } from "./edits.js";

/**
 * Only where the read stands in the command itself, and where one cell of the same type is all that the command could
 * have meant: one that it writes.
 */
export function readWriteModel(view: View, read: ProjectionRead): Fix | undefined {
  const call = nodeOf(read.read);
  if (read.through.length > 0 || call === undefined || !ts.isCallExpression(call)) return undefined;
  const operation = call.expression;
  const access = ts.isPropertyAccessExpression(operation) ? operation.expression : undefined;
  if (access === undefined || !ts.isPropertyAccessExpression(access)) return undefined;
  const state = view.sources.x.evaluate(access);
  const cell = state.kind === "cell" ? view.cell(state.receiver, state.declaredIn, state.field) : undefined;
  if (state.kind !== "cell" || cell === undefined) return undefined;
  const written = cellsWrittenAround(view, call);
  const [only, ...others] = cellsOf(view, state).filter((each) => written.has(each) && couldStandFor(cell, each));
  if (only === undefined || others.length > 0) return undefined;
  const edits = new Edits(view.sources.x);
  edits.replace(access.name, only.name);
  return edits.toFix(`Read \`${only.name}\``, "suggested");
}

function cellsWrittenAround(view: View, node: ts.Node): ReadonlySet<Cell> {
  let member = node;
  while (member.parent !== undefined && !(ts.isClassElement(member) && ts.isClassLike(member.parent)))
    member = member.parent;
  const run = ts.isClassElement(member) ? functionOf(member) : undefined;
  const effects = run === undefined ? [] : view.effectsOf(run);
  return new Set(effects.flatMap(({ effect }) => (effect.access === "read" ? [] : [effect.cell])));
}

function cellsOf(view: View, { receiver }: Value & { readonly kind: "cell" }): readonly Cell[] {
  const { x } = view.sources;
  return chainOf(x, receiver).flatMap((link) =>
    [...membersOf(link.node).instance].flatMap(([name, member]) =>
      isMarked(x, member) ? [] : (view.cell(receiver, link.id, name) ?? []),
    ),
  );
}

/** Of the same type as far as the source says, and no weaker. */
function couldStandFor(cell: Cell, other: Cell): boolean {
  if (other === cell || other.dataType !== cell.dataType || typeof other.initial !== typeof cell.initial) return false;
  if (cell.level === undefined || other.level === undefined || compareLevels(other.level, cell.level) < 0) return false;
  return typeArguments(cell) === typeArguments(other);
}

function typeArguments(cell: Cell): string {
  const field = nodeOf(cell.site)?.parent;
  const value = field !== undefined && ts.isPropertyDeclaration(field) ? field.initializer : undefined;
  const types = value !== undefined && ts.isCallExpression(value) ? value.typeArguments : undefined;
  return (types ?? []).map((each) => each.getText()).join();
}
