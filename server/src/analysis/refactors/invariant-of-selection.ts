import { ts } from "ts-morph";
import { enclosingFunction, lookUp, skipOuter } from "../extract/scopes.js";
import { hasModifier } from "../extract/skeleton.js";
import { Edits } from "../fixes/edits.js";
import { bindsTightly } from "../fixes/field-to-cell.js";
import { indentOf } from "../fixes/move-after.js";
import { isWhole } from "../syntax-errors.js";
import { isReplicated } from "../view/constructions.js";
import { isAsync } from "../view/fates.js";
import type { View } from "../view/view.js";
import { constantOf, isCondition, negated, readsIn, textOf } from "./conditions.js";
import { cellNames, freeName, objectOf, spansLevels, writeInvariant } from "./invariant-method.js";
import { usesOfVariable } from "./local-uses.js";
import type { Offer } from "./refactor.js";
import { ancestorAt, isAnnotated, nodeAt, type Spot } from "./spot.js";

/**
 * The selected condition, in which nothing but the object's own cells varies. Where code throws if it holds, it is what
 * must not be: then the invariant is the opposite.
 */
export function fromSelection({ view, ...spot }: Spot): readonly Offer[] {
  const selected = selectedExpression({ view, ...spot });
  const method = selected && ancestorAt({ view, ...spot }, ts.isMethodDeclaration);
  if (selected === undefined || method === undefined || !isHome(view, method) || !isCondition(view, selected))
    return [];
  const around = enclosingFunction(selected);
  const inlined = around !== undefined && isAsync(around) ? inline(view, selected) : undefined;
  if (inlined === undefined || inlined.reads.length === 0) return [];
  const { reads, write, constants } = inlined;
  const removed = unneeded(selected, constants);
  if (removed.length < constants.length && narrows(selected)) return [];
  const names = cellNames(view, reads);
  const isViolation = isThrownOn(selected);
  const name = freeName(method.parent, nameFor(names));
  const writing = inlined.isRepeated ? (node: ts.Node) => node.getText() : write;
  const text = isViolation ? negated(selected, writing) : writing(selected);
  return [
    {
      title: `Extract \`@Invariant\` \`${name}\``,
      write() {
        const edits = new Edits(view.sources.x);
        const call = `await this.${name}()`;
        edits.replace(selected, isViolation ? `!(${call})` : bindsTightly(selected) ? `(${call})` : call);
        for (const each of removed) edits.remove(each);
        const body = inlined.isRepeated ? stepsOf(constants, text) : [`return ${text};`];
        const onlyConverged = spansLevels(view, reads);
        writeInvariant(edits, method, { name, sentence: inWords(text), onlyConverged, body });
        return edits.toFix(this.title, "suggested");
      },
    },
  ];
}

/** What is selected from its first to its last character; parentheses round it may be selected or not. */
function selectedExpression(spot: Spot): ts.Expression | undefined {
  const text = spot.tree.text.slice(spot.start, spot.end);
  const start = spot.start + text.length - text.trimStart().length;
  const end = spot.start + text.trimEnd().length;
  if (start >= end) return undefined;
  for (
    let node = nodeAt({ ...spot, start, end });
    node.getStart(spot.tree) === start && node.getEnd() === end;
    node = node.parent
  )
    if (ts.isExpression(node) && !ts.isParenthesizedExpression(node)) return node;
  return undefined;
}

function isHome(
  view: View,
  method: ts.MethodDeclaration,
): method is ts.MethodDeclaration & { readonly parent: ts.ClassLikeDeclaration } {
  if (!ts.isClassLike(method.parent) || !isWhole(method.parent) || hasModifier(method, ts.SyntaxKind.StaticKeyword))
    return false;
  return isReplicated(view, view.sources.x.classId(method.parent)) && !isAnnotated(view, method, "Invariant");
}

/** With each local constant in it replaced by what it is made of; undefined where something else varies. */
function inline(
  view: View,
  selected: ts.Expression,
):
  | {
      readonly reads: readonly ts.CallExpression[];
      readonly write: (node: ts.Node) => string;
      readonly constants: readonly ts.Expression[];
      /** One of them is named more than once: it has to be read once all the same. */
      readonly isRepeated: boolean;
    }
  | undefined {
  const reads: ts.CallExpression[] = [];
  const constants = new Map<ts.Node, ts.Expression>();
  const collect = (root: ts.Expression, depth: number): boolean => {
    const own = readsIn(view, root);
    if (own === undefined || depth > 5 || !own.every((each) => objectOf(each)?.kind === ts.SyntaxKind.ThisKeyword))
      return false;
    reads.push(...own);
    const visit = (node: ts.Node): boolean => {
      if (ts.isIdentifier(node) && !isMemberName(node)) {
        const declaration = lookUp(node.text, node);
        const isInside = declaration !== undefined && root.pos <= declaration.pos && declaration.end <= root.end;
        if (declaration !== undefined && !isInside && enclosingFunction(declaration) !== undefined) {
          const held = constantOf(node);
          if (held === undefined || !collect(held, depth + 1)) return false;
          constants.set(node, held);
        }
      }
      return !(ts.forEachChild(node, (child) => !visit(child) || undefined) ?? false);
    };
    return visit(root);
  };
  if (!collect(selected, 0)) return undefined;
  const write = (node: ts.Node): string =>
    textOf(node, (part) => {
      const held = constants.get(part);
      if (held === undefined) return undefined;
      const text = write(held);
      return part === node || ts.isIdentifier(skipOuter(held)) ? text : `(${text})`;
    });
  reads.sort((a, b) => a.pos - b.pos);
  const distinct = new Set(constants.values());
  return { reads, write, constants: [...distinct], isRepeated: distinct.size < constants.size };
}

/** The constants as they are declared, then the condition as it is written. */
function stepsOf(constants: readonly ts.Expression[], condition: string): readonly string[] {
  const declarations = constants
    .toSorted((a, b) => a.pos - b.pos)
    .map(({ parent }) => {
      const indent = indentOf(parent.getSourceFile(), parent);
      return `const ${parent.getText()};`.replaceAll(`\n${indent}`, "\n");
    });
  return [...declarations, `return ${condition};`].flatMap((each) => each.split("\n"));
}

/** What comes after it may rely on what it tells of a type. */
function narrows(selected: ts.Expression): boolean {
  return /\b(?:undefined|null|typeof|instanceof|in)\b|![\w$]/.test(selected.getText());
}

/** Declarations that nobody needs any more once the selection is gone, nor the others that need them. */
function unneeded(selected: ts.Expression, constants: readonly ts.Expression[]): readonly ts.Node[] {
  const gone: ts.Node[] = [selected];
  const isGone = (use: ts.Node): boolean => gone.some((each) => each.pos <= use.pos && use.end <= each.end);
  for (const held of constants.toSorted((a, b) => b.pos - a.pos)) {
    const declaration = held.parent as ts.VariableDeclaration;
    const list = declaration.parent as ts.VariableDeclarationList;
    const isAlone = ts.isVariableStatement(list.parent) && list.declarations.length === 1;
    if (isAlone && usesOfVariable(declaration).every(isGone)) gone.push(list.parent);
  }
  return gone.slice(1);
}

function isMemberName(node: ts.Identifier): boolean {
  const { parent } = node;
  return (
    (ts.isPropertyAccessExpression(parent) && parent.name === node) ||
    (ts.isPropertyAssignment(parent) && parent.name === node)
  );
}

/** `if (condition) throw …` */
function isThrownOn(selected: ts.Expression): boolean {
  const { parent } = selected;
  if (!ts.isIfStatement(parent) || parent.expression !== selected) return false;
  const then = ts.isBlock(parent.thenStatement) ? parent.thenStatement.statements.at(-1) : parent.thenStatement;
  return then !== undefined && ts.isThrowStatement(then);
}

function nameFor(cells: readonly string[]): string {
  const plain = cells.map((each) => each.replace(/^#/, ""));
  const [first = "it", ...others] = plain;
  const rest = others.map((each) => `And${each.charAt(0).toUpperCase()}${each.slice(1)}`).join("");
  return `${first}${rest}${others.length === 0 ? "Holds" : "Hold"}`;
}

/** `(await this.balance.read()) >= 0` reads as "balance >= 0". */
function inWords(text: string): string {
  const read = /await this\.#?([\w$]+)(?:\.at\([^()]*\))?\.(?:read|values|entries|size)\(\)/g;
  return text
    .replace(read, "$1")
    .replace(/\bthis\.#?|\bawait /g, "")
    .replace(/(?<![\w$])\(([\w$]+(?:\.[\w$]+\([^()]*\))?)\)/g, "$1")
    .replace(/\s+/g, " ");
}
