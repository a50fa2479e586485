import { ts } from "ts-morph";
import type { Extraction } from "../extract/extraction.js";
import type { FunctionFacts, Item } from "../extract/functions.js";
import { enclosingFunction, isFunctionNode } from "../extract/scopes.js";
import { unitsOf } from "../extract/units.js";
import { usesOf } from "../extract/uses.js";
import { type FunctionId, keyOf, type Value } from "../extract/values.js";
import type { Summaries } from "./summaries.js";

/** A call together with the code that it stands in. */
export interface Usage {
  readonly item: Item;
  readonly within: FunctionFacts;
  readonly file: string;
}

interface FileUsages {
  readonly byCell: ReadonlyMap<string, readonly Usage[]>;
  readonly byFunction: ReadonlyMap<FunctionId, readonly Usage[]>;
  /** Equal when nothing that other files can notice has changed, positions aside. */
  readonly contribution: string;
}

/** Who operates on which cell and who calls which function, over all relevant files. */
export class Usages {
  readonly #files = new Map<string, FileUsages>();

  constructor(
    private readonly x: Extraction,
    private readonly summaries: Summaries,
  ) {}

  /** Reads a file again; says whether other files may notice a difference. */
  update(file: string): boolean {
    const before = this.#files.get(file)?.contribution;
    const tree = this.x.documents.tree(file);
    if (tree === undefined) return this.#files.delete(file);
    const usages = this.#read(file, tree);
    this.#files.set(file, usages);
    return usages.contribution !== before;
  }

  remove(file: string): void {
    this.#files.delete(file);
  }

  ofCell(key: string): readonly Usage[] {
    return this.#collect((file) => file.byCell.get(key));
  }

  ofFunction(id: FunctionId): readonly Usage[] {
    return this.#collect((file) => file.byFunction.get(id));
  }

  #collect(pick: (file: FileUsages) => readonly Usage[] | undefined): readonly Usage[] {
    const found: Usage[] = [];
    for (const file of [...this.#files.keys()].sort()) found.push(...(pick(this.#files.get(file) as FileUsages) ?? []));
    return found;
  }

  #read(file: string, tree: ts.SourceFile): FileUsages {
    const byCell = new Map<string, Usage[]>();
    const byFunction = new Map<FunctionId, Usage[]>();
    const parts: string[] = [];
    for (const { runs } of unitsOf(tree)) {
      for (const node of runs) {
        const within = this.summaries.factsOf(node);
        if (within.items.length > 0) parts.push(describe(node));
        for (const item of within.items) {
          const usage = { item, within, file };
          const cell = cellKey(item.callee);
          if (cell !== undefined) push(byCell, cell, usage);
          if (item.callee.kind === "function") push(byFunction, item.callee.id, usage);
          parts.push(contributionOf(this.x, item));
        }
      }
    }
    return { byCell, byFunction, contribution: parts.join("\n") };
  }
}

/** The cell an operation is on, whatever class its receiver is seen as. */
export function cellKey(callee: Value): string | undefined {
  if (callee.kind !== "operation" || callee.cell.kind !== "cell") return undefined;
  return `${callee.cell.declaredIn}.${callee.cell.field}`;
}

function push<K>(map: Map<K, Usage[]>, key: K, usage: Usage): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [usage]);
  else list.push(usage);
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
