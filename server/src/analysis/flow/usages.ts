import { ts } from "ts-morph";
import type { Extraction } from "../extract/extraction.js";
import type { FunctionFacts, Item } from "../extract/functions.js";
import { type KeptElsewhere, keptElsewhere } from "../extract/mechanisms.js";
import { enclosingFunction, isFunctionNode } from "../extract/scopes.js";
import { type Unit, unitsOf } from "../extract/units.js";
import { usesOf } from "../extract/uses.js";
import { type FunctionId, keyOf, type Value } from "../extract/values.js";
import { remembered } from "../remembered.js";
import type { Summaries } from "./summaries.js";

/** A call together with the code that it stands in. */
export interface Usage {
  readonly item: Item;
  readonly within: FunctionFacts;
  readonly file: string;
}

/** The calls in a part of a file, nested functions included; the same object as long as the part stays as it is. */
export interface UnitUsages {
  readonly unit: Unit;
  readonly epoch: number;
  readonly usages: readonly Usage[];
  /** By cell or function. */
  readonly byKey: ReadonlyMap<string, readonly Usage[]>;
  /** Equal when nothing that other files can notice has changed, positions aside. */
  readonly contribution: string;
}

interface FileUsages {
  readonly parts: readonly UnitUsages[];
  /** Those that were asked for, by cell or function. */
  readonly lists: Map<string, readonly Usage[]>;
  /** Cells of this file by the other file that configures their mechanism. */
  readonly byConfiguring: ReadonlyMap<string, readonly KeptElsewhere[]>;
  /** The same in words, as other files notice it. */
  readonly configured: string;
}

/** Who operates on which cell, who calls which function, and whose mechanism keeps which cell, over all relevant files. */
export class Usages {
  readonly #files = new Map<string, FileUsages>();
  readonly #units = new WeakMap<Unit, UnitUsages>();
  readonly #parts = new WeakMap<ts.SourceFile, { readonly epoch: number; readonly parts: readonly UnitUsages[] }>();
  /** By cell, function or configuring file, which files use it, and in how many parts: most keys have one or two. */
  readonly #users = new Map<string, Map<string, number>>();
  readonly #noteCell: (key: string) => void;
  readonly #noteFunction: (id: FunctionId) => void;

  constructor(
    private readonly x: Extraction,
    private readonly summaries: Summaries,
    private readonly epochOf: (file: string) => number,
  ) {
    this.#noteCell = x.reads.topic((key: string) => this.ofCell(key));
    this.#noteFunction = x.reads.topic((id: FunctionId) => this.ofFunction(id));
  }

  /** Reads a file again; says whether other files may notice a difference. */
  update(file: string): boolean {
    const tree = this.x.documents.tree(file);
    if (tree === undefined) return this.remove(file);
    const before = this.#files.get(file);
    const after = this.#read(tree, before);
    this.#files.set(file, after);
    const [gone, come] = differenceOf(before?.parts ?? [], after.parts);
    this.#count(file, before?.byConfiguring.keys() ?? [], -1);
    this.#count(file, after.byConfiguring.keys(), 1);
    for (const { byKey } of gone) this.#count(file, byKey.keys(), -1);
    for (const { byKey } of come) this.#count(file, byKey.keys(), 1);
    for (const { byKey } of [...gone, ...come]) for (const key of byKey.keys()) after.lists.delete(key);
    if (before === undefined) return true;
    return contributionOfAll(gone) !== contributionOfAll(come) || before.configured !== after.configured;
  }

  /** Says whether the file had used anything. */
  remove(file: string): boolean {
    const known = this.#files.get(file);
    if (known === undefined) return false;
    this.#count(file, known.byConfiguring.keys(), -1);
    for (const { byKey } of known.parts) this.#count(file, byKey.keys(), -1);
    return this.#files.delete(file);
  }

  ofCell(key: string): readonly Usage[] {
    this.#noteCell(key);
    return this.#collect(cellPrefix + key);
  }

  ofFunction(id: FunctionId): readonly Usage[] {
    this.#noteFunction(id);
    return this.#collect(id);
  }

  /** Cells of other files that are kept by a mechanism which this file configures. */
  keptBy(file: string): readonly KeptElsewhere[] {
    return this.#usersOf(file).flatMap((each) => this.#files.get(each)?.byConfiguring.get(file) ?? []);
  }

  /** The calls in a part of a file. */
  ofUnit(file: string, unit: Unit): readonly Usage[] {
    return this.#readUnit(file, unit).usages;
  }

  /** The parts of a file with the calls in each, in source order. */
  partsOf(tree: ts.SourceFile): readonly UnitUsages[] {
    const file = tree.fileName;
    const epoch = this.epochOf(file);
    const known = this.#parts.get(tree);
    if (known?.epoch === epoch) return known.parts;
    const parts = unitsOf(tree).map((unit) => this.#readUnit(file, unit));
    this.#parts.set(tree, { epoch, parts });
    return parts;
  }

  #collect(key: string): readonly Usage[] {
    return this.#usersOf(key).flatMap((file) => {
      const known = this.#files.get(file);
      return known === undefined
        ? []
        : remembered(known.lists, key, () => known.parts.flatMap(({ byKey }) => byKey.get(key) ?? []));
    });
  }

  #usersOf(key: string): readonly string[] {
    return [...(this.#users.get(key)?.keys() ?? [])].sort();
  }

  #count(file: string, keys: Iterable<string>, by: 1 | -1): void {
    for (const key of keys) {
      const users = remembered(this.#users, key, () => new Map<string, number>());
      const count = (users.get(file) ?? 0) + by;
      if (count > 0) users.set(file, count);
      else users.delete(file);
      if (users.size === 0) this.#users.delete(key);
    }
  }

  #read(tree: ts.SourceFile, before: FileUsages | undefined): FileUsages {
    const byConfiguring = new Map<string, KeptElsewhere[]>();
    const configured: string[] = [];
    for (const kept of keptElsewhere(this.x, tree)) {
      const { owner, field, level, call } = kept;
      push(byConfiguring, call.getSourceFile().fileName, kept);
      configured.push(`${owner}.${field} ${level} kept by ${call.pos}`);
    }
    const parts = this.partsOf(tree);
    return { parts, lists: before?.lists ?? new Map(), byConfiguring, configured: configured.join("\n") };
  }

  #readUnit(file: string, unit: Unit): UnitUsages {
    const epoch = this.epochOf(file);
    const known = this.#units.get(unit);
    if (known?.epoch === epoch) return known;
    const usages: Usage[] = [];
    const byKey = new Map<string, Usage[]>();
    const parts: string[] = [];
    for (const node of unit.runs) {
      const within = this.summaries.factsOf(node);
      if (within.items.length > 0) parts.push(describe(node));
      for (const item of within.items) {
        const usage = { item, within, file };
        usages.push(usage);
        parts.push(contributionOf(this.x, item));
        const cell = cellKey(item.callee);
        if (cell !== undefined) push(byKey, cellPrefix + cell, usage);
        if (item.callee.kind === "function") push(byKey, item.callee.id, usage);
      }
    }
    const read: UnitUsages = { unit, epoch, usages, byKey, contribution: parts.join("\n") };
    this.#units.set(unit, read);
    return read;
  }
}

/** A field may come to hold a function where it held a cell. */
const cellPrefix = "cell ";

/** What lies between the common beginning and the common end of two lists. */
function differenceOf<T>(before: readonly T[], after: readonly T[]): readonly [readonly T[], readonly T[]] {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  let end = 0;
  while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  return [before.slice(start, before.length - end), after.slice(start, after.length - end)];
}

function contributionOfAll(parts: readonly UnitUsages[]): string {
  return parts
    .map(({ contribution }) => contribution)
    .filter((each) => each !== "")
    .join("\n");
}

/** The cell an operation is on, whatever class its receiver is seen as. */
export function cellKey(callee: Value): string | undefined {
  if (callee.kind !== "operation" || callee.cell.kind !== "cell") return undefined;
  return `${callee.cell.declaredIn}.${callee.cell.field}`;
}

function push<K, T>(map: Map<K, T[]>, key: K, value: T): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

function describe(node: ts.Node): string {
  const name = isFunctionNode(node) ? node.name?.getText() : undefined;
  return `${ts.SyntaxKind[node.kind]} ${name ?? ""} ${enclosingFunction(node) === undefined ? "" : "nested"}`;
}

function contributionOf(x: Extraction, item: Item): string {
  const uses = usesOf(x, item.node).map((use) => JSON.stringify(use));
  // Ids of nameless functions differ from one version of a file to the next.
  return `${keyOf(item.callee)}(${item.args.map(keyOf).join()}) ${item.handled} ${item.inline} ${uses.join()}`.replace(
    /#~\d+/g,
    "#~",
  );
}
