import type { ts } from "ts-morph";
import type { Position, Range } from "../documents/finding.js";
import type { Site } from "./model.js";

/** Lines and columns are computed when they are asked for: most sites never reach a finding. */
class NodeSite implements Site {
  constructor(
    readonly node: ts.Node,
    private readonly end: ts.Node,
  ) {}

  get file(): string {
    return this.node.getSourceFile().fileName;
  }

  get range(): Range {
    const tree = this.node.getSourceFile();
    return rangeBetween(tree, this.node.getStart(tree), this.end.getEnd());
  }
}

export function siteOf(node: ts.Node, end: ts.Node = node): Site {
  return new NodeSite(node, end);
}

/** The node a site was made from: for fix helpers only. */
export function nodeOf(site: Site): ts.Node | undefined {
  return site instanceof NodeSite ? site.node : undefined;
}

export function rangeBetween(tree: ts.SourceFile, start: number, end: number): Range {
  return { start: positionAt(tree, start), end: positionAt(tree, end) };
}

function positionAt(tree: ts.SourceFile, offset: number): Position {
  const { line, character } = tree.getLineAndCharacterOfPosition(offset);
  return { line: line + 1, column: character + 1 };
}
