import { ts } from "ts-morph";
import { compareLevels, type Level } from "../../../../runtime/src/levels.js";
import { decoratorsOf } from "../extract/annotations.js";
import { hasModifier } from "../extract/skeleton.js";
import { Edits } from "../fixes/edits.js";
import { decorators } from "../fixes/levels.js";
import { argumentOf, indentOf, linesOf, returns } from "../fixes/move-after.js";
import { nodeOf } from "../sites.js";
import { type StateEffect, stateOf } from "../states.js";
import { isAsync } from "../view/fates.js";
import type { View } from "../view/view.js";
import { distribute, type Share } from "./distribution.js";
import type { Refactoring } from "./refactor.js";
import { methodAt } from "./spot.js";

type Method = ts.MethodDeclaration & { readonly body: ts.Block };

/**
 * One transaction for each level, the strongest first: what may be refused is over before anything is done that cannot be
 * taken back. Only for whole statements that need nothing of one another across levels, in a body that never returns early.
 */
export const splitByLevel: Refactoring = {
  id: "splitByLevel",
  kind: "rewrite",
  offersAt({ view, ...spot }) {
    const node = methodAt({ view, ...spot });
    const decorator = node && decoratorsOf(view.sources.x, node).find(({ name }) => name === "Transaction")?.node;
    if (node === undefined || decorator?.parent !== node || !isSplittable(node)) return [];
    const shares = sharesOf(view, node);
    const names = shares?.transactions.map(({ of }) => nameFor(node, of)) ?? [];
    if (shares === undefined || node.parent.members.some((each) => names.includes(each.name?.getText() ?? "")))
      return [];
    return [
      {
        title: `Split \`${node.name.getText()}\` into one transaction for each level`,
        write() {
          const edits = new Edits(view.sources.x);
          edits.remove(decorator);
          const text = render(node, shares, decorator.getText());
          edits.splice(node.getSourceFile(), node.body.getStart(), node.body.getEnd(), text);
          return edits.toFix(this.title, "suggested");
        },
      },
    ];
  },
};

interface Shares {
  /** What comes before, and belongs to no level: it stays where it is. */
  readonly before: readonly ts.Statement[];
  readonly transactions: readonly Share<Level>[];
}

function isSplittable(node: Method): node is Method & { readonly parent: ts.ClassLikeDeclaration } {
  const isPlain = ts.isIdentifier(node.name) && ts.isClassLike(node.parent) && node.asteriskToken === undefined;
  if (!isPlain || !isAsync(node) || hasModifier(node, ts.SyntaxKind.StaticKeyword) || returns(node.body)) return false;
  return !node.parameters.some((each) => argumentOf(each) === undefined) && standsOnItsOwnLines(node.body);
}

/** No two statements share a line, and no comment is left over at the end. */
function standsOnItsOwnLines({ statements, ...body }: ts.Block): boolean {
  const tree = statements[0]?.getSourceFile();
  if (tree === undefined) return false;
  const lines = statements.map((each) => linesOf(tree, each));
  const end = lines.at(-1)?.end ?? 0;
  const isApart = lines.every(({ start }, index) => start >= (lines[index - 1]?.end ?? statements.pos));
  return isApart && end < body.end && tree.text.slice(end, body.end - 1).trim() === "";
}

function sharesOf(view: View, node: Method): Shares | undefined {
  const levelsIn = new Map<ts.Statement, Set<Level>>(node.body.statements.map((each) => [each, new Set()]));
  for (const step of view.method(node.parent as ts.ClassLikeDeclaration, node, node).steps) {
    const place = nodeOf(step.site);
    const statement = node.body.statements.find(
      (each) => place !== undefined && each.pos <= place.pos && place.end <= each.end,
    );
    if (statement === undefined) return undefined;
    // To write two stores one after the other is no better, whatever is round it.
    if (step.stateEffects.some((effect) => "store" in effect)) return undefined;
    for (const effect of step.stateEffects) if (takesPart(effect)) levelsIn.get(statement)?.add(stateOf(effect).level);
  }
  const shares = distribute(node.body, (statement) => [...(levelsIn.get(statement) ?? [])]);
  if (shares === undefined || shares.groups.length < 2) return undefined;
  const transactions = shares.groups.toSorted((a, b) => compareLevels(b.of, a.of));
  return { before: shares.before, transactions };
}

/** A read that was weakened on purpose is of no level. */
function takesPart(effect: StateEffect): boolean {
  return effect.access !== "read" || effect.level === stateOf(effect).level;
}

function nameFor(node: Method, level: Level): string {
  return `${node.name.getText()}${decorators[level]}`;
}

function render(node: Method, { before, transactions }: Shares, decorator: string): string {
  const tree = node.getSourceFile();
  const indent = indentOf(tree, node);
  const step = indentOf(tree, node.body.statements[0] ?? node.body);
  const head = tree.text.slice(
    node.typeParameters?.pos === undefined ? node.name.getEnd() : node.typeParameters.pos - 1,
    node.body.getStart(tree),
  );
  const text = (statements: readonly ts.Statement[]): string =>
    statements
      .map((each) => linesOf(tree, each))
      .map(({ start, end }) => tree.text.slice(start, end))
      .join("");
  const given = node.parameters.map(argumentOf).join(", ");
  const calls = transactions.map(({ of }) => `${step}await this.${nameFor(node, of)}(${given});\n`).join("");
  const methods = transactions.map(
    ({ of, statements }) =>
      `\n\n${indent}${decorator}\n${indent}private async ${nameFor(node, of)}${head}{\n${text(statements)}${indent}}`,
  );
  return `{\n${text(before)}${calls}${indent}}${methods.join("")}`;
}
