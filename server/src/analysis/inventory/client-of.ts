import { ts } from "ts-morph";
import { type Declaration, localsOf, lookUp, skipOuter } from "../extract/scopes.js";
import { importedBy, isImport, skeletonOf } from "../extract/skeleton.js";
import type { Documents } from "../workspace/documents.js";
import type { Resolver } from "../workspace/resolution.js";
import { type Technology, technologyOf } from "./technologies.js";

export interface Sources {
  readonly documents: Pick<Documents, "tree">;
  readonly resolver: Pick<Resolver, "resolve">;
  /** What declarations lead to, as far as it is known; undefined while one is being followed, so that circles end. */
  readonly known: Map<ts.Node | string, Reached | undefined>;
}

/** A step from a client to what it is asked for: a member, perhaps called. */
export interface Segment {
  readonly name: string;
  readonly call: ts.CallExpression | ts.TaggedTemplateExpression | undefined;
}

/** A value of another package, and the steps from it. */
export interface Reached {
  readonly module: string;
  readonly name: string;
  /** An object, and no longer the class or the factory that makes it. */
  readonly isMade: boolean;
  /** `new Queue("mails")`, `createClient({ … })` */
  readonly made: ts.NewExpression | ts.CallExpression | undefined;
  /** `Order` of `Repository<Order>` or of `@InjectRepository(Order)` */
  readonly about: string | undefined;
  /** The field, the parameter or the variable that holds it, nearest to where it is used. */
  readonly holder: ts.Node | undefined;
  readonly segments: readonly Segment[];
  readonly transaction: TransactionState;
}

/** Whether it runs in a transaction: of the default isolation, of one that is asked for, or of one that is begun elsewhere. */
export type TransactionState = "none" | "default" | "isolated" | "elsewhere";

/** The client that an expression leads to, if it is one. */
export function clientOf(sources: Sources, node: ts.Expression): (Reached & { technology: Technology }) | undefined {
  const reached = reach(sources, node, 0);
  if (reached?.isMade !== true) return undefined;
  const technology = technologyOf(reached.module, reached.name);
  return technology && { ...reached, technology };
}

/** Assignments, members, barrels: further than this nobody follows them by eye either. */
const mostSteps = 12;

function reach(sources: Sources, given: ts.Expression, depth: number): Reached | undefined {
  if (depth > mostSteps) return undefined;
  const node = skipOuter(given);
  if (ts.isPropertyAccessExpression(node)) {
    if (node.expression.kind === ts.SyntaxKind.ThisKeyword) return reachOwn(sources, node, node.name.text, depth);
    return withMember(reach(sources, node.expression, depth + 1), node.name.text);
  }
  if (ts.isElementAccessExpression(node) && ts.isStringLiteralLike(node.argumentExpression))
    return withMember(reach(sources, node.expression, depth + 1), node.argumentExpression.text);
  const labelled = ts.isCallExpression(node) ? labelledBy(sources, node) : undefined;
  if (labelled !== undefined) return reach(sources, labelled, depth + 1);
  if (ts.isCallExpression(node) || ts.isTaggedTemplateExpression(node)) {
    const callee = ts.isCallExpression(node) ? node.expression : node.tag;
    return withCall(reach(sources, callee, depth + 1), node);
  }
  if (ts.isNewExpression(node)) {
    const made = reach(sources, node.expression, depth + 1);
    return made && { ...made, isMade: true, made: node, ...typeArgumentOf(node) };
  }
  if (!ts.isIdentifier(node)) return undefined;
  const declaration = lookUp(node.text, node);
  return declaration && reachDeclared(sources, declaration, depth + 1);
}

/** What `eventual(new Pool())` labels, which it gives back. */
function labelledBy(
  { resolver }: Sources,
  { expression, arguments: given }: ts.CallExpression,
): ts.Expression | undefined {
  const root = ts.isPropertyAccessExpression(expression) ? expression.expression : expression;
  if (!ts.isIdentifier(root)) return undefined;
  const tree = root.getSourceFile();
  const imported = skeletonOf(tree).imports.get(root.text);
  if (imported === undefined) return undefined;
  const resolution = resolver.resolve(tree.fileName, imported.specifier);
  return resolution.kind === "runtime" && resolution.entry === "label" ? given[0] : undefined;
}

function typeArgumentOf(node: ts.NewExpression): Partial<Reached> {
  const [first] = node.typeArguments ?? [];
  return first === undefined ? {} : { about: first.getText() };
}

function withMember(from: Reached | undefined, name: string): Reached | undefined {
  if (from === undefined) return undefined;
  if (from.isMade) return { ...from, segments: [...from.segments, { name, call: undefined }] };
  return { ...from, name: from.name === "default" || from.name === "*" ? name : `${from.name}.${name}` };
}

/** A call of what a package exports makes a client, unless a class of the project stands for the store itself. */
function withCall(
  from: Reached | undefined,
  call: ts.CallExpression | ts.TaggedTemplateExpression,
): Reached | undefined {
  if (from === undefined) return undefined;
  if (!from.isMade) return ts.isCallExpression(call) ? { ...from, isMade: true, made: call } : undefined;
  const last = from.segments.at(-1);
  if (last === undefined || last.call !== undefined)
    return { ...from, segments: [...from.segments, { name: "", call }] };
  return { ...from, segments: [...from.segments.slice(0, -1), { ...last, call }] };
}

/** Results that are clients again; those of other calls are data. */
const givesHandle =
  /^(?:|db|database|collection|producer|consumer|admin|getRepository|getTreeRepository|getMongoRepository|getConnection|connection|model|duplicate|createChannel|createConfirmChannel|channel|connect|getClient|\$extends|withSchema|withOptions|instance|bucket|container|doc|namespace|createQueryRunner|createEntityManager|fork|jetstream|topic|index|from|defaults)$/;

const isHandle = ({ segments }: Reached): boolean =>
  segments.every(({ name, call }) => call === undefined || givesHandle.test(name));

function reachDeclared(
  sources: Sources,
  node: Declaration | ts.PropertyDeclaration,
  depth: number,
): Reached | undefined {
  return remembered(sources, node, () => follow(sources, node, depth));
}

/** Many names lead to few declarations, and wide barrels are asked for each of them. */
function remembered(
  { known }: Sources,
  key: ts.Node | string,
  compute: () => Reached | undefined,
): Reached | undefined {
  if (known.has(key)) return known.get(key);
  known.set(key, undefined);
  const found = compute();
  known.set(key, found);
  return found;
}

function follow(sources: Sources, node: Declaration | ts.PropertyDeclaration, depth: number): Reached | undefined {
  if (depth > mostSteps) return undefined;
  if (isImport(node)) {
    const imported = importedBy(node);
    return imported && reachExport(sources, node.getSourceFile().fileName, imported.specifier, imported.name, depth);
  }
  if (ts.isClassLike(node)) return reachBase(sources, node, depth);
  if (!ts.isParameter(node) && !ts.isVariableDeclaration(node) && !ts.isPropertyDeclaration(node)) return undefined;
  const byType = node.type && reachType(sources, node.type, depth + 1);
  const found = byType ?? injected(sources, node, depth) ?? initial(sources, node, depth);
  return found && isHandle(found) ? { ...found, ...aboutOf(node), holder: node } : undefined;
}

function initial(
  sources: Sources,
  node: ts.ParameterDeclaration | ts.VariableDeclaration | ts.PropertyDeclaration,
  depth: number,
): Reached | undefined {
  if (node.initializer !== undefined) return reach(sources, node.initializer, depth + 1);
  if (ts.isParameter(node)) return reachTransaction(sources, node, depth);
  return undefined;
}

/** `db.transaction(async (tx) => …)`: what is done by `tx` is done to the store, in a transaction. */
function reachTransaction(sources: Sources, node: ts.ParameterDeclaration, depth: number): Reached | undefined {
  const around = node.parent;
  const call = around.parent;
  if (!ts.isArrowFunction(around) && !ts.isFunctionExpression(around)) return undefined;
  if (call === undefined || !ts.isCallExpression(call) || around.parameters[0] !== node) return undefined;
  const callee = call.expression;
  if (!ts.isPropertyAccessExpression(callee) || !/transaction|begin/i.test(callee.name.text)) return undefined;
  const from = reach(sources, callee.expression, depth + 1);
  const isIsolated = /serializable|repeatable|snapshot/i.test(
    call.arguments
      .filter((each) => each !== around)
      .map((each) => each.getText())
      .join(" "),
  );
  return from && { ...from, transaction: isIsolated ? "isolated" : "default" };
}

function reachExport(
  sources: Sources,
  from: string,
  specifier: string,
  name: string,
  depth: number,
): Reached | undefined {
  if (depth > mostSteps) return undefined;
  const resolution = sources.resolver.resolve(from, specifier);
  if (resolution.kind === "runtime") return undefined;
  if (resolution.kind === "external") {
    const nothing = { made: undefined, about: undefined, holder: undefined, segments: [] };
    const module = specifier.replace(/^node:/, "");
    return { module, name, isMade: false, transaction: "none", ...nothing };
  }
  return remembered(sources, `${resolution.file}#${name}`, () => reachInFile(sources, resolution.file, name, depth));
}

function reachInFile(sources: Sources, file: string, name: string, depth: number): Reached | undefined {
  const tree = sources.documents.tree(file);
  if (tree === undefined) return undefined;
  const { exports, stars } = skeletonOf(tree);
  const exported = exports.get(name);
  if (exported === undefined) {
    for (const star of stars) {
      const found = reachExport(sources, file, star, name, depth + 1);
      if (found !== undefined && technologyOf(found.module, found.name) !== undefined) return found;
    }
    return undefined;
  }
  if (!("local" in exported)) return reachExport(sources, file, exported.specifier, exported.name, depth + 1);
  const declaration = localsOf(tree).get(exported.local) ?? defaultClass(tree, exported.local);
  return declaration && reachDeclared(sources, declaration, depth + 1);
}

function defaultClass(tree: ts.SourceFile, name: string): ts.ClassDeclaration | undefined {
  return name === "default" ? tree.statements.find(ts.isClassDeclaration) : undefined;
}

/** `class Prisma extends PrismaClient`: an object of it is a client of the base. */
function reachBase(sources: Sources, node: ts.ClassLikeDeclaration, depth: number): Reached | undefined {
  const base = node.heritageClauses?.find(({ token }) => token === ts.SyntaxKind.ExtendsKeyword)?.types[0];
  if (base === undefined) return undefined;
  const found = reach(sources, base.expression, depth + 1);
  const name = node.name?.text;
  // `Order.findAll()` asks the class itself, where it stands for a table.
  return found && { ...found, isMade: found.isMade || isActiveRecord(found), about: found.about ?? name };
}

const isActiveRecord = ({ module, name }: Reached): boolean =>
  technologyOf(module, name)?.addressing === "entity" && /^(?:Model|BaseEntity)$/.test(name);

function reachType(sources: Sources, node: ts.TypeNode, depth: number): Reached | undefined {
  if (ts.isUnionTypeNode(node)) {
    for (const each of node.types) {
      const found = reachType(sources, each, depth);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (!ts.isTypeReferenceNode(node)) return undefined;
  const { typeName, typeArguments } = node;
  const [first] = typeArguments ?? [];
  if (ts.isIdentifier(typeName) && typeName.text === "ReturnType" && first !== undefined && ts.isTypeQueryNode(first)) {
    const { exprName } = first;
    const made = ts.isIdentifier(exprName) ? reach(sources, exprName, depth + 1) : undefined;
    return made && { ...made, isMade: true };
  }
  const root = ts.isIdentifier(typeName) ? typeName : typeName.left;
  if (!ts.isIdentifier(root)) return undefined;
  const declaration = lookUp(root.text, node);
  const found = declaration && reachDeclared(sources, declaration, depth + 1);
  const reached = ts.isIdentifier(typeName) ? found : withMember(found, typeName.right.text);
  if (reached === undefined || technologyOf(reached.module, reached.name) === undefined) return undefined;
  const about = first === undefined ? reached.about : first.getText();
  // `tx: Prisma.TransactionClient`: whoever began it knows more.
  const isGiven = /Transaction|EntityManager|QueryRunner|PoolClient/.test(typeName.getText());
  return { ...reached, isMade: true, about, transaction: isGiven ? "elsewhere" : reached.transaction };
}

/** `@Inject(CACHE_MANAGER)`, `@InjectRedis()`: the parameter's type is an interface that says nothing. */
function injected(sources: Sources, node: ts.Node, depth: number): Reached | undefined {
  for (const call of injections(node)) {
    const token = ts.isIdentifier(call.expression) && call.expression.text === "Inject" ? call.arguments[0] : undefined;
    if (token === undefined || !ts.isIdentifier(token)) continue;
    const found = reach(sources, token, depth + 1);
    if (found !== undefined && /CACHE_MANAGER/.test(found.name)) return { ...found, name: "Cache", isMade: true };
  }
  return undefined;
}

/** `@InjectRepository(Order)`, `@InjectQueue("mails")` */
function aboutOf(node: ts.Node): Partial<Reached> {
  for (const call of injections(node)) {
    if (!ts.isIdentifier(call.expression) || !/^Inject\w+$/.test(call.expression.text)) continue;
    const [first] = call.arguments;
    if (first === undefined) continue;
    if (ts.isStringLiteralLike(first)) return { about: first.text };
    return { about: first.getText().replace(/\.name$/, "") };
  }
  return {};
}

function injections(node: ts.Node): readonly ts.CallExpression[] {
  if (!ts.isParameter(node) && !ts.isPropertyDeclaration(node)) return [];
  return (ts.getDecorators(node) ?? []).map(({ expression }) => expression).filter(ts.isCallExpression);
}

/** `this.prisma`: a field, a parameter of the constructor, or a member that the class has from its base. */
function reachOwn(sources: Sources, node: ts.Node, name: string, depth: number): Reached | undefined {
  let around: ts.Node | undefined = node;
  while (around !== undefined && !ts.isClassLike(around)) around = around.parent;
  if (around === undefined) return undefined;
  for (const member of around.members) {
    if (ts.isConstructorDeclaration(member)) {
      const own = member.parameters.find(
        (each) => ts.isParameterPropertyDeclaration(each, member) && each.name.getText() === name,
      );
      if (own !== undefined) return reachDeclared(sources, own, depth + 1);
    } else if (member.name?.getText() === name) {
      if (!ts.isPropertyDeclaration(member)) return undefined;
      return reachDeclared(sources, member, depth + 1) ?? reachAssigned(sources, around, member, depth);
    }
  }
  const base = reachBase(sources, around, depth + 1);
  return base && withMember({ ...base, isMade: true, holder: around.name }, name);
}

/** `this.redis = new Redis()` in the constructor. */
function reachAssigned(
  sources: Sources,
  owner: ts.ClassLikeDeclaration,
  field: ts.PropertyDeclaration,
  depth: number,
): Reached | undefined {
  const body = owner.members.find(ts.isConstructorDeclaration)?.body;
  for (const statement of body?.statements ?? []) {
    if (!ts.isExpressionStatement(statement) || !ts.isBinaryExpression(statement.expression)) continue;
    const { left, right, operatorToken } = statement.expression;
    if (operatorToken.kind !== ts.SyntaxKind.EqualsToken || left.getText() !== `this.${field.name.getText()}`) continue;
    const found = reach(sources, right, depth + 1);
    return found && isHandle(found) ? { ...found, holder: field } : undefined;
  }
  return undefined;
}
