import { ts } from "ts-morph";
import { isAtLeast, type Level, strongest, weakest } from "../../../../runtime/src/levels.js";
import { decoratorsOf, levelDecorator } from "../extract/annotations.js";
import { membersOf } from "../extract/class-members.js";
import { baseOf, findMember } from "../extract/classes.js";
import { accessOf } from "../extract/operation-names.js";
import { enclosingFunction, type FunctionNode, isFunctionNode } from "../extract/scopes.js";
import type { Usage } from "../flow/usages.js";
import type { Cell } from "../model.js";
import { nodeOf } from "../sites.js";
import { claimsOf } from "../view/claims.js";
import { levelReadsOf } from "../view/level-reads.js";
import type { View } from "../view/view.js";
import { flowBounds } from "./flow-bounds.js";
import { subclassesOf } from "./subclasses.js";

/** Which levels a cell's uses in the analysed files can live with, when those of `together` get the same. */
export function boundsOf(view: View, cell: Cell, together: readonly Cell[]): (level: Level) => boolean {
  const uses = usesOf(view, cell);
  const reached = methodsReaching(view, uses);
  const isInTransaction = reached.some((run) => isAnnotated(view, run, "Transaction"));
  const files = new Set([...uses.map(({ file }) => file), ...reached.map((run) => run.getSourceFile().fileName)]);
  const flows = flowBounds(view, cell, together, files);
  const asked = [...uses.flatMap((use) => demandOf(view, use)), ...askedLevels(view, cell, files)];
  const floor = [...asked, ...claimOf(view, cell, uses), ...baseLevel(view, cell), ...flows.floor];
  const ceiling = [
    ...reached.flatMap((run) => availableCeiling(view, run, cell)),
    ...subclassLevels(view, cell),
    ...flows.ceiling,
  ];
  const least = floor.reduce<Level>(strongest, "none");
  const most = ceiling.reduce<Level>(weakest, "linearizable");
  // A read that is weakened stays out of its transaction; at the level that it asks for it would be part of it.
  const isTaken = (level: Level): boolean => isInTransaction && asked.includes(level);
  return (level) => isAtLeast(level, least) && isAtLeast(most, level) && !isTaken(level);
}

/**
 * The other cells of the transactions that the cell takes part in, and of theirs, where all of these are at one level
 * now. Where they are not, nothing is lost by moving one alone. Undefined where a subclass has one of them at another
 * level than its own class: then it depends on the object what moves.
 */
export function movingWith(view: View, cell: Cell): readonly Cell[] | undefined {
  const found = new Map<string, Cell>();
  const pending: Cell[] = [cell];
  for (let each = pending.pop(); each !== undefined; each = pending.pop()) {
    const key = keyOf(view, each);
    if (key === undefined || found.has(key)) continue;
    found.set(key, each);
    for (const run of methodsReaching(view, usesOf(view, each))) {
      if (!isAnnotated(view, run, "Transaction")) continue;
      for (const { effect } of view.effectsOf(run)) {
        if (effect.access === "read" && effect.level !== effect.cellLevel) continue;
        const other = declared(view, effect.cell);
        if (other.level !== effect.cellLevel) return undefined;
        pending.push(other);
      }
    }
  }
  const others = [...found.values()].slice(1);
  return others.every(({ level }) => level === cell.level) ? others : [];
}

/** As its own class has it, whatever subclass it was met in. */
function declared(view: View, cell: Cell): Cell {
  const field = nodeOf(cell.site)?.parent;
  if (field === undefined || !ts.isPropertyDeclaration(field) || !ts.isClassLike(field.parent)) return cell;
  const id = view.sources.x.classId(field.parent);
  return view.cell(id, id, cell.name) ?? cell;
}

function keyOf(view: View, cell: Cell): string | undefined {
  const owner = nodeOf(cell.site)?.parent.parent;
  return owner !== undefined && ts.isClassLike(owner) ? `${view.sources.x.classId(owner)}.${cell.name}` : undefined;
}

function usesOf(view: View, cell: Cell): readonly Usage[] {
  const key = keyOf(view, cell);
  return key === undefined ? [] : view.sources.usages.ofCell(key);
}

/** A read that asks for a level, by `.at(…)` or by its method's, must not ask for more than the cell gives. */
function demandOf(view: View, { item, within }: Usage): readonly Level[] {
  const { callee } = item;
  if (callee.kind !== "operation" || accessOf(callee.name) !== "read") return [];
  const asked = callee.cell.kind === "cell" ? callee.cell.at : undefined;
  if (asked !== undefined) return [asked];
  const method = levelDecorator(view.sources.x, holderOf(within.node))?.level;
  return method === undefined ? [] : [method];
}

/** By `.at(…)` without an operation yet, or in a function that is given the cell. */
function askedLevels(view: View, cell: Cell, files: Iterable<string>): readonly Level[] {
  const node = nodeOf(cell.site);
  return [...new Set([...files, cell.site.file])].flatMap((file) => {
    const tree = view.sources.x.documents.tree(file);
    const reads = tree === undefined ? [] : levelReadsOf(view, tree);
    return reads.filter((read) => nodeOf(read.cell.site) === node).map(({ level }) => level);
  });
}

/** What only one of several may win is decided from sequential up. */
function claimOf(view: View, cell: Cell, uses: readonly Usage[]): readonly Level[] {
  const node = nodeOf(cell.site);
  const isClaimed = [...new Set(uses.map(({ file }) => file))].some((file) => {
    const tree = view.sources.x.documents.tree(file);
    return tree !== undefined && claimsOf(view, tree).some((claim) => nodeOf(claim.cell.site) === node);
  });
  return isClaimed && cell.level !== undefined && isAtLeast(cell.level, "sequential") ? ["sequential"] : [];
}

/** A subclass must not give an inherited cell less than its base does. */
function baseLevel(view: View, cell: Cell): readonly Level[] {
  const owner = nodeOf(cell.site)?.parent.parent;
  const { x } = view.sources;
  const base = owner !== undefined && ts.isClassLike(owner) ? baseOf(x, owner) : undefined;
  const inherited = base === undefined ? undefined : findMember(x, base, cell.name, "instance");
  if (base === undefined || inherited === undefined) return [];
  const level = view.cell(base, inherited.declaredIn, cell.name)?.level;
  return level === undefined ? [] : [level];
}

function subclassLevels(view: View, cell: Cell): readonly Level[] {
  const owner = nodeOf(cell.site)?.parent.parent;
  if (owner === undefined || !ts.isClassLike(owner)) return [];
  return subclassesOf(view, owner).flatMap((each) => {
    const id = view.sources.x.classId(each);
    return membersOf(each).instance.has(cell.name) ? (view.cell(id, id, cell.name)?.level ?? []) : [];
  });
}

/** What must answer under any partition writes at causal at most, and reads at sequential. */
function availableCeiling(view: View, run: FunctionNode, cell: Cell): readonly Level[] {
  if (!isAnnotated(view, run, "Available")) return [];
  const node = nodeOf(cell.site);
  return view
    .effectsOf(run)
    .filter(({ effect }) => nodeOf(effect.cell.site) === node && !effect.handled)
    .flatMap(({ effect }): readonly Level[] => {
      if (effect.access !== "read") return ["causal"];
      return effect.readAt === undefined && effect.methodLevel === undefined ? ["sequential"] : [];
    });
}

/** The functions that the uses stand in, and all that lead there. */
function methodsReaching(view: View, uses: readonly Usage[]): readonly FunctionNode[] {
  const { x, usages } = view.sources;
  const seen = new Set<FunctionNode>();
  const visit = (node: ts.Node | undefined): void => {
    if (node === undefined || !isFunctionNode(node) || seen.has(node) || seen.size > mostCallers) return;
    seen.add(node);
    visit(enclosingFunction(node));
    for (const caller of usages.ofFunction(x.functionId(node))) visit(caller.within.node);
  };
  for (const { within } of uses) visit(within.node);
  return [...seen];
}

/** Something that so many call is not looked at further. */
const mostCallers = 200;

function isAnnotated(view: View, run: FunctionNode, name: string): boolean {
  return decoratorsOf(view.sources.x, holderOf(run)).some((each) => each.name === name);
}

/** What carries the decorators: a method, or the field that a function is in. */
function holderOf(node: ts.Node): ts.Node {
  return node.parent !== undefined && ts.isPropertyDeclaration(node.parent) ? node.parent : node;
}
