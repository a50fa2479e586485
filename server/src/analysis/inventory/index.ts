import path from "node:path";
import { ts } from "ts-morph";
import type { AnalysisOptions, SyntaxProblem } from "../analysis.js";
import { isFunctionNode, memberName } from "../extract/scopes.js";
import { actionOf } from "../extract/store-actions.js";
import type { Site } from "../model.js";
import { rangeBetween } from "../sites.js";
import type { StoreAction } from "../states.js";
import { firstSyntaxError } from "../syntax-errors.js";
import { AnalysedFiles } from "../workspace/analysed-files.js";
import { type Disk, disk as realDisk } from "../workspace/disk.js";
import { Documents } from "../workspace/documents.js";
import { Resolver } from "../workspace/resolution.js";
import { isLocking, isRelative, mentionedValues, optionsOf, resultName, writtenFields } from "./call-options.js";
import { clientOf, type Reached, type Sources, type TransactionState } from "./client-of.js";
import { datasetsOf, textOf } from "./datasets.js";
import { type PrismaSchema, readPrismaSchemas } from "./prisma-schema.js";
import type { Technology, TechnologyId } from "./technologies.js";

export type { PrismaSchema } from "./prisma-schema.js";
export type { TechnologyId } from "./technologies.js";

/** One call of the client of a store, wherever it stands and whether or not anybody labelled the store. */
export interface StoreUse {
  readonly technology: TechnologyId;
  /** The package that the client is from. */
  readonly module: string;
  /** What holds the client: a field, a parameter, a variable. */
  readonly holder: Site;
  /** The table, key, topic …; undefined where the code does not say it here. */
  readonly dataset: string | undefined;
  readonly operation: string;
  readonly action: StoreAction;
  /** What it asks for, or its client was made with, that tells how fresh an answer is: `ConsistentRead: true`. */
  readonly options: string;
  /** Names of the parts that it writes. */
  readonly fields: readonly string[];
  readonly transaction: TransactionState;
  /** The variable that its result is put into. */
  readonly result: string | undefined;
  /** The names in what is written, those of the key aside. */
  readonly values: readonly string[];
  /** It keeps others away, or expects that nothing has changed: `FOR UPDATE`, `WATCH`, a condition on a version. */
  readonly locks: boolean;
  /** The store itself computes the new value from the old: `{ increment: 1 }`. */
  readonly isRelative: boolean;
  /** `OrdersService.place`; undefined in code that runs at load. */
  readonly within: string | undefined;
  readonly site: Site;
}

export interface Inventory {
  /** That were looked at, sorted. */
  readonly files: readonly string[];
  /** In the order of files and lines. */
  readonly uses: readonly StoreUse[];
  readonly prisma: readonly PrismaSchema[];
  /** The first place of each file where the parser had to guess; what could be read of it was looked at. */
  readonly syntaxErrors: readonly SyntaxProblem[];
}

/** An inventory under way, for callers who have something else to do in between. */
export interface Stocktaking {
  /** All that there are to look at, sorted. */
  readonly files: readonly string[];
  look(file: string): void;
  /** Of the files that were looked at so far. */
  readonly inventory: Inventory;
}

/**
 * What stores the code uses, by the clients that it imports: syntax and imports alone, so that it needs no annotation, no
 * installed package and no type checker.
 */
export function takeInventory(options: AnalysisOptions): Inventory {
  const stocktaking = beginInventory(options);
  for (const file of stocktaking.files) stocktaking.look(file);
  return stocktaking.inventory;
}

export function beginInventory(
  options: AnalysisOptions & { readonly isIncluded?: (file: string) => boolean },
  disk: Disk = realDisk,
): Stocktaking {
  const found = new AnalysedFiles(options, disk);
  const documents = new Documents(disk);
  const project = options.project === undefined ? undefined : path.resolve(options.root, options.project);
  const resolver = new Resolver(disk, (file) => found.has(file), project);
  const sources = { documents, resolver, known: new Map() };
  const { isIncluded = () => true } = options;
  const files: string[] = [];
  const uses: StoreUse[] = [];
  const syntaxErrors: SyntaxProblem[] = [];
  return {
    files: [...found].filter((file) => found.isAsked(file) && isIncluded(file)).sort(),
    look(file) {
      files.push(file);
      const tree = documents.tree(file);
      if (tree === undefined) return;
      const problem = firstSyntaxError(tree);
      if (problem !== undefined) syntaxErrors.push(problem);
      // Who never calls a member of anything imported or given uses no store.
      if (/\bimport\b|\brequire\b/.test(tree.text)) collect(sources, tree, uses);
    },
    get inventory() {
      return { files, uses, syntaxErrors, prisma: readPrismaSchemas(options.root, disk) };
    },
  };
}

function collect(sources: Sources, tree: ts.SourceFile, uses: StoreUse[]): void {
  const visit = (node: ts.Node): void => {
    if ((ts.isCallExpression(node) || ts.isTaggedTemplateExpression(node)) && !isContinued(node)) {
      const callee = ts.isCallExpression(node) ? node.expression : node.tag;
      const client = callee.kind === ts.SyntaxKind.SuperKeyword ? undefined : clientOf(sources, node);
      if (client !== undefined) uses.push(...usesOf(node, client));
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
}

function usesOf(
  node: ts.CallExpression | ts.TaggedTemplateExpression,
  client: Reached & { readonly technology: Technology },
): readonly StoreUse[] {
  const { technology, module, holder, segments, transaction, made } = client;
  const calls = segments.filter(({ call }) => call !== undefined).map(({ name }) => name);
  const called = calls.length > 0 && calls.at(-1) === "" ? [...calls.slice(0, -1), "query"] : calls;
  if (called.length === 0) return [];
  const { action, name } = actionOf(byText, called, node);
  const isListening = /^(?:subscribe|consume|process|run|eachMessage)$/.test(name);
  const datasets = datasetsOf(client, technology);
  if (action === "unknown" && !isListening && datasets.length === 0) return [];
  if (
    /^(?:on|once|off|connect|disconnect|quit|close|end|release|ping)$|^\$(?:connect|disconnect|on|use|extends|transaction)$/.test(
      name,
    )
  )
    return [];
  if (action === "unknown" && !isListening && technology.addressing !== "prisma" && technology.addressing !== "key")
    return [];
  const use = {
    technology: technology.id,
    module,
    holder: siteAt(holder ?? node),
    operation: name,
    action: isListening ? ("read" as const) : action,
    options: optionsOf(node, made),
    fields: writtenFields(node),
    transaction,
    result: resultName(node),
    values: mentionedValues(node, technology.addressing === "key"),
    locks: isLocking(node, name),
    isRelative: isRelative(node),
    within: around(node),
    site: siteAt(node),
  };
  if (datasets.length === 0) return [{ ...use, dataset: undefined }];
  return datasets.map((dataset) => ({ ...use, dataset }));
}

/** By names, and by texts where they stand or are the value of a constant. */
const byText = {
  evaluate: (node: ts.Expression) => {
    const value = textOf(node);
    return value === undefined ? ({ kind: "unknown" } as const) : ({ kind: "literal", value } as const);
  },
};

const promiseMethods = new Set(["then", "catch", "finally"]);

/** The last call of a chain tells what happens. */
function isContinued(node: ts.Node): boolean {
  let holder = node;
  while (ts.isNonNullExpression(holder.parent) || ts.isParenthesizedExpression(holder.parent)) holder = holder.parent;
  const member = holder.parent;
  if (ts.isCallExpression(member) && member.expression === holder) return true;
  if (!ts.isPropertyAccessExpression(member) || member.expression !== holder) return false;
  const isCalled = ts.isCallExpression(member.parent) && member.parent.expression === member;
  return isCalled && !promiseMethods.has(member.name.text);
}

/** Plain data: nothing of the tree is kept. */
function siteAt(node: ts.Node): Site {
  const tree = node.getSourceFile();
  const named = (node as { readonly name?: ts.Node }).name ?? node;
  return { file: tree.fileName, range: rangeBetween(tree, named.getStart(tree), named.getEnd()) };
}

/** The outermost function around: callbacks belong to the method that they stand in. */
function around(node: ts.Node): string | undefined {
  let name: string | undefined;
  for (let each: ts.Node | undefined = node.parent; each !== undefined; each = each.parent) {
    if (ts.isClassLike(each)) return [each.name?.text, name].filter((part) => part !== undefined).join(".");
    if (!isFunctionNode(each)) continue;
    const holder = ts.isArrowFunction(each) || ts.isFunctionExpression(each) ? each.parent : each;
    name = memberName(holder) ?? name;
  }
  return name;
}
