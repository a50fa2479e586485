import { ts } from "ts-morph";
import type { Extraction } from "../extract/extraction.js";
import { skeletonOf } from "../extract/skeleton.js";
import { fileShape, unitsOf } from "../extract/units.js";
import { keyOf, type Value } from "../extract/values.js";

interface FileShape {
  readonly declarations: string;
  /** What declares values: others may hold parts of it, which a comment that is written before it replaces. */
  readonly nodes: readonly ts.Node[];
  readonly exports: string;
  /** Bodies that others see through, by function, with what they return if that can be compared. */
  readonly bodies: ReadonlyMap<string, Body>;
}

interface Body {
  readonly node: ts.Node;
  readonly text: string;
  returned: string | undefined;
  epoch: number;
}

/** How far an edit reaches: not beyond its unit, to those who import the file, or to whoever looks names up in it. */
export type Reach = "unit" | "dependents" | "everybody";

/** Compares a file with what it was, as others see it. */
export class Shapes {
  readonly #known = new Map<string, FileShape>();

  constructor(
    private readonly x: Extraction,
    private readonly epochOf: (file: string) => number,
  ) {}

  forget(file: string): void {
    this.#known.delete(file);
  }

  /** Takes note of the file as it is now. */
  compare(file: string): Reach {
    const before = this.#known.get(file);
    const after = this.#read(file);
    if (after === undefined) this.#known.delete(file);
    else this.#known.set(file, after);
    if (before === undefined || after === undefined || before.exports !== after.exports) return "everybody";
    if (before.declarations !== after.declarations || before.bodies.size !== after.bodies.size) return "dependents";
    if (before.nodes.some((node, index) => node !== after.nodes[index])) return "dependents";
    for (const [id, body] of after.bodies) {
      const old = before.bodies.get(id);
      const isSame = old?.node === body.node || (old?.text === body.text && old.returned !== undefined);
      if (old !== undefined && isSame) Object.assign(body, { returned: old.returned, epoch: old.epoch });
      else if (old?.returned === undefined || old.epoch !== this.epochOf(file) || old.returned !== this.#returned(id))
        return "dependents";
    }
    return "unit";
  }

  /** Once a file is edited it will be again: what its functions return now is what the next edit is compared with. */
  prepare(file: string): void {
    const epoch = this.epochOf(file);
    for (const [id, body] of this.#known.get(file)?.bodies ?? []) {
      if (body.epoch === epoch) continue;
      body.returned = this.#returned(id);
      body.epoch = epoch;
    }
  }

  #returned(id: string): string | undefined {
    const node = this.x.functionNode(id);
    const value = node === undefined ? undefined : this.x.returned(node);
    return value !== undefined && isComparable(value) ? keyOf(value) : undefined;
  }

  #read(file: string): FileShape | undefined {
    const tree = this.x.documents.tree(file);
    if (tree === undefined) return undefined;
    const bodies = new Map<string, Body>();
    const nodes: ts.Node[] = [];
    for (const { node, inferred } of unitsOf(tree)) {
      if (!ts.isMethodDeclaration(node) && !ts.isFunctionDeclaration(node)) nodes.push(node);
      if (inferred === undefined) continue;
      const text = inferred.getText(tree);
      bodies.set(this.x.functionId(inferred), { node: inferred, text, returned: undefined, epoch: -1 });
    }
    const { exports, stars } = skeletonOf(tree);
    return { declarations: fileShape(tree), nodes, exports: JSON.stringify([[...exports], stars]), bodies };
  }
}

/** Its key says all there is to it. */
function isComparable(value: Value): boolean {
  switch (value.kind) {
    case "plain":
    case "literal":
    case "instance":
    case "class":
    case "cell":
    case "parameter":
    case "store":
    case "runtime":
    case "global":
    case "module":
      return true;
    case "collection":
      return isComparable(value.element) && (value.items?.every(isComparable) ?? true);
    case "object":
      return [...value.members.values()].every(isComparable);
    default:
      return false;
  }
}
