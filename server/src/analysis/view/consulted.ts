import type { ts } from "ts-morph";
import type { Sources } from "./view.js";

/** A model is made from what stands here: where that is another file, an edit there can change it. */
export function consult({ x }: Sources, node: ts.Node): void {
  x.noteNode(node);
  x.reads.noteFile(node.getSourceFile().fileName);
}
