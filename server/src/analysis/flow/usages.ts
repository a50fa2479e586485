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

interface UnitUsages {
  readonly epoch: number;
  readonly usages: readonly Usage[];
  readonly contribution: string;
}

interface FileUsages {
  readonly byCell: ReadonlyMap<string, readonly Usage[]>;
  readonly byFunction: ReadonlyMap<FunctionId, readonly Usage[]>;
  /** Cells of this file by the other file that configures their mechanism. */
  readonly byConfiguring: ReadonlyMap<string, readonly KeptElsewhere[]>;
  /** Equal when nothing that other files can notice has changed, positions aside. */
  readonly contribution: string;
}

/** Who operates on which cell, who calls which function, and whose mechanism keeps which cell, over all relevant files. */
export class Usages {
  readonly #files = new Map<string, FileUsages>();
  readonly #units = new WeakMap<Unit, UnitUsages>();
  /** By cell, function or configuring file, which files use it: most keys have one or two. */
  readonly #users = new Map<string, Set<string>>();

  constructor(
    private readonly x: Extraction,
    private readonly summaries: Summaries,
    private readonly epochOf: (file: string) => number,
  ) {}

  /** Reads a file again; says whether other files may notice a difference. */
  update(file: string): boolean {
    const before = this.#files.get(file)?.contribution;
    this.remove(file);
    const tree = this.x.documents.tree(file);
    if (tree === undefined) return before !== undefined;
    const usages = this.#read(file, tree);
    this.#files.set(file, usages);
    for (const key of keysOf(usages)) remembered(this.#users, key, () => new Set()).add(file);
    return usages.contribution !== before;
  }

  /** Says whether the file had used anything. */
  remove(file: string): boolean {
    const known = this.#files.get(file);
    if (known === undefined) return false;
    for (const key of keysOf(known)) this.#users.get(key)?.delete(file);
    return this.#files.delete(file);
  }

  ofCell(key: string): readonly Usage[] {
    return this.#collect(key, (file) => file.byCell);
  }

  ofFunction(id: FunctionId): readonly Usage[] {
    return this.#collect(id, (file) => file.byFunction);
  }

  /** Cells of other files that are kept by a mechanism which this file configures. */
  keptBy(file: string): readonly KeptElsewhere[] {
    return this.#collect(file, (each) => each.byConfiguring);
  }

  /** All calls in a part of a file, nested functions included; the same list as long as the part stays as it is. */
  ofUnit(file: string, unit: Unit): readonly Usage[] {
    return this.#readUnit(file, unit).usages;
  }

  #collect<T>(key: string, pick: (file: FileUsages) => ReadonlyMap<string, readonly T[]>): readonly T[] {
    const files = [...(this.#users.get(key) ?? [])].sort();
    return files.flatMap((file) => pick(this.#files.get(file) as FileUsages).get(key) ?? []);
  }

  #read(file: string, tree: ts.SourceFile): FileUsages {
    const byCell = new Map<string, Usage[]>();
    const byFunction = new Map<FunctionId, Usage[]>();
    const parts: string[] = [];
    for (const unit of unitsOf(tree)) {
      const { usages, contribution } = this.#readUnit(file, unit);
      if (contribution !== "") parts.push(contribution);
      for (const usage of usages) {
        const { callee } = usage.item;
        const cell = cellKey(callee);
        if (cell !== undefined) push(byCell, cell, usage);
        if (callee.kind === "function") push(byFunction, callee.id, usage);
      }
    }
    const byConfiguring = new Map<string, KeptElsewhere[]>();
    for (const kept of keptElsewhere(this.x, tree)) {
      const { owner, field, level, call } = kept;
      push(byConfiguring, call.getSourceFile().fileName, kept);
      parts.push(`${owner}.${field} ${level} kept by ${call.pos}`);
    }
    return { byCell, byFunction, byConfiguring, contribution: parts.join("\n") };
  }

  #readUnit(file: string, unit: Unit): UnitUsages {
    const epoch = this.epochOf(file);
    const known = this.#units.get(unit);
    if (known?.epoch === epoch) return known;
    const usages: Usage[] = [];
    const parts: string[] = [];
    for (const node of unit.runs) {
      const within = this.summaries.factsOf(node);
      if (within.items.length > 0) parts.push(describe(node));
      for (const item of within.items) {
        usages.push({ item, within, file });
        parts.push(contributionOf(this.x, item));
      }
    }
    const read: UnitUsages = { epoch, usages, contribution: parts.join("\n") };
    this.#units.set(unit, read);
    return read;
  }
}

function* keysOf({ byCell, byFunction, byConfiguring }: FileUsages): Iterable<string> {
  yield* byConfiguring.keys();
  yield* byCell.keys();
  yield* byFunction.keys();
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
