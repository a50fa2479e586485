import { ts } from "ts-morph";
import { Reads } from "../reads.js";
import { remembered } from "../remembered.js";
import type { Documents } from "../workspace/documents.js";
import type { Resolver } from "../workspace/resolution.js";
import type { DecoratorFacts } from "./annotations.js";
import { membersOf } from "./class-members.js";
import type { FunctionFacts } from "./functions.js";
import type { Target } from "./names.js";
import { type Declaration, type FunctionNode, localsOf, memberName, unitOf } from "./scopes.js";
import { hasModifier } from "./skeleton.js";
import type { ClassId, FunctionId, StoreId, Value } from "./values.js";

/** Asks the type checker where names could not decide. */
export interface TypeSource {
  /** `member` is what is called on it: where nothing of that name exists, the checker is not asked. */
  valueOf(expression: ts.Expression, member: string): Value;
  /** What declares the type of an expression, each part of a union; an export of the runtime by its own name. */
  declarationsOf(expression: ts.Expression): readonly (ts.Node | string)[];
}

/** How values are found. The parts call one another without end, so they meet here and not in each other's imports. */
export interface Evaluation {
  readonly evaluate: (x: Extraction, node: ts.Expression) => Value;
  readonly declared: (x: Extraction, node: Declaration | ts.ExportAssignment) => Value;
  readonly target: (x: Extraction, target: Target | undefined, name: string) => Value;
  readonly type: (x: Extraction, node: ts.TypeNode) => Value;
  readonly member: (x: Extraction, value: Value, name: string) => Value;
  readonly call: (x: Extraction, node: ts.CallExpression) => Value;
  readonly returned: (x: Extraction, node: FunctionNode) => Value;
  /** What a member holds that a level labels as a store; undefined for any other. */
  readonly store: (x: Extraction, member: ts.Node) => Value | undefined;
  readonly contextual: (x: Extraction, owner: FunctionNode, node: ts.ParameterDeclaration) => Value | undefined;
}

interface UnitMemory {
  readonly epoch: number;
  readonly values: Map<ts.Node, Value>;
  readonly facts: Map<ts.Node, FunctionFacts>;
  readonly targets: Map<ts.Node, Target>;
  readonly decorators: Map<ts.Node, readonly DecoratorFacts[]>;
}

/**
 * What is known so far, remembered per unit (a method, a field, a top-level statement). A unit's memory is valid as long
 * as its node lives, which an edit inside it ends, and as long as no declaration that its file depends on changed,
 * which raises the file's epoch.
 */
export class Extraction {
  readonly #memory = new WeakMap<ts.Node, UnitMemory>();
  readonly #identities = new WeakMap<ts.Node, string>();
  readonly #anonymous = new Map<string, WeakRef<ts.Node>>();
  readonly #collected = new FinalizationRegistry<string>((id) => this.#anonymous.delete(id));
  #nextIdentity = 1;
  #hasStores = false;
  #depth = 0;
  #lowest = Number.POSITIVE_INFINITY;
  readonly #running = new Map<ts.Node, number>();
  readonly reads = new Reads();
  readonly #noteFunction = this.reads.topic((id: FunctionId) => this.#stateOf(this.#functionAt(id)));
  readonly #noteUnit = this.reads.topicOfObjects((unit: ts.Node) =>
    this.isCurrent(unit) ? this.#memoryOf(unit) : undefined,
  );

  constructor(
    readonly documents: Documents,
    readonly resolver: Resolver,
    readonly epochOf: (file: string) => number,
    readonly types: TypeSource,
    private readonly evaluation: Evaluation,
  ) {}

  /** What an expression refers to. */
  evaluate(node: ts.Expression): Value {
    return this.evaluation.evaluate(this, node);
  }

  /** What a declared name refers to. */
  declared(node: Declaration | ts.ExportAssignment): Value {
    return this.evaluation.declared(this, node);
  }

  target(target: Target | undefined, name: string): Value {
    return this.evaluation.target(this, target, name);
  }

  /** What a value of this type refers to. */
  type(node: ts.TypeNode): Value {
    return this.evaluation.type(this, node);
  }

  /** `value.name` */
  member(value: Value, name: string): Value {
    return this.evaluation.member(this, value, name);
  }

  /** What a call gives. */
  call(node: ts.CallExpression): Value {
    return this.evaluation.call(this, node);
  }

  /** What a function returns, awaited. May still mention the function's own parameters. */
  returned(node: FunctionNode): Value {
    return this.evaluation.returned(this, node);
  }

  /** The store that a field or a parameter of a constructor holds, if a level labels it as one. */
  store(member: ts.Node): Value | undefined {
    return this.evaluation.store(this, member);
  }

  /** What a callback's parameter gets from the call that the callback is passed to. */
  contextual(owner: FunctionNode, node: ts.ParameterDeclaration): Value | undefined {
    return this.evaluation.contextual(this, owner, node);
  }

  /**
   * Computes the value of a node once. A value that was reached while one of its own inputs was still open is only
   * remembered for the outermost, or the result would depend on where the evaluation began.
   */
  remember(node: ts.Node, compute: () => Value): Value {
    const { values } = this.#memoryOf(node);
    const known = values.get(node);
    if (known !== undefined) return known;
    const running = this.#running.get(node);
    if (running !== undefined) {
      this.#lowest = Math.min(this.#lowest, running);
      return { kind: "unknown" };
    }
    const depth = this.#depth++;
    this.#running.set(node, depth);
    try {
      const value = compute();
      if (this.#lowest >= depth) {
        values.set(node, value);
        this.#lowest = Number.POSITIVE_INFINITY;
      }
      return value;
    } finally {
      this.#running.delete(node);
      this.#depth = depth;
    }
  }

  /** What an import leads to: through a wide barrel that takes a while. */
  rememberTarget(node: ts.Node, compute: () => Target): Target {
    return remembered(this.#memoryOf(node).targets, node, compute);
  }

  rememberFacts(node: ts.Node, compute: () => FunctionFacts): FunctionFacts {
    const { facts } = this.#memoryOf(node);
    return remembered(facts, node, compute);
  }

  rememberDecorators(node: ts.Node, compute: () => readonly DecoratorFacts[]): readonly DecoratorFacts[] {
    return remembered(this.#memoryOf(node).decorators, node, compute);
  }

  #memoryOf(node: ts.Node): UnitMemory {
    const unit = unitOf(node);
    const epoch = this.epochOf(node.getSourceFile().fileName);
    const known = this.#memory.get(unit);
    if (known?.epoch === epoch) return known;
    const memory: UnitMemory = {
      epoch,
      values: new Map(),
      facts: new Map(),
      targets: new Map(),
      decorators: new Map(),
    };
    this.#memory.set(unit, memory);
    return memory;
  }

  classId(node: ts.ClassLikeDeclaration): ClassId {
    const file = node.getSourceFile().fileName;
    if (ts.isClassDeclaration(node) && ts.isSourceFile(node.parent)) {
      if (node.name !== undefined) return `${file}#${node.name.text}`;
      if (hasModifier(node, ts.SyntaxKind.DefaultKeyword)) return `${file}#default`;
    }
    return this.#identity(node, file);
  }

  classNode(id: ClassId): ts.ClassLikeDeclaration | undefined {
    const node = this.#anonymous.get(id)?.deref() ?? this.#topLevel(id);
    return node !== undefined && ts.isClassLike(node) ? node : undefined;
  }

  functionId(node: FunctionNode): FunctionId {
    const file = node.getSourceFile().fileName;
    const holder = ts.isArrowFunction(node) || ts.isFunctionExpression(node) ? node.parent : node;
    if (ts.isClassElement(holder) && ts.isClassDeclaration(holder.parent) && ts.isSourceFile(holder.parent.parent)) {
      const name = ts.isConstructorDeclaration(holder) ? "constructor" : memberName(holder);
      if (name !== undefined) {
        const accessor = ts.isGetAccessorDeclaration(holder)
          ? "get "
          : ts.isSetAccessorDeclaration(holder)
            ? "set "
            : "";
        const separator = hasModifier(holder, ts.SyntaxKind.StaticKeyword) ? "::" : ".";
        return `${this.classId(holder.parent)}${separator}${accessor}${name}`;
      }
    }
    if (ts.isFunctionDeclaration(node) && ts.isSourceFile(node.parent))
      return `${file}#${node.name?.text ?? "default"}`;
    if (
      ts.isVariableDeclaration(holder) &&
      ts.isIdentifier(holder.name) &&
      ts.isVariableStatement(holder.parent.parent) &&
      ts.isSourceFile(holder.parent.parent.parent)
    ) {
      return `${file}#${holder.name.text}`;
    }
    return this.#identity(node, file);
  }

  #identity(node: ts.Node, file: string): string {
    let id = this.#identities.get(node);
    if (id === undefined) {
      id = `${file}#~${this.#nextIdentity++}`;
      this.#identities.set(node, id);
      this.#anonymous.set(id, new WeakRef(node));
      this.#collected.register(node, id);
    }
    return id;
  }

  /** The function that an id means now. Ids are kept where nodes would go stale with the next edit. */
  functionNode(id: FunctionId): FunctionNode | undefined {
    this.#noteFunction(id);
    return this.#functionAt(id);
  }

  /** What stands here is looked at: of a source file all of it. */
  noteNode(node: ts.Node): void {
    this.#noteUnit(unitOf(node));
  }

  /** It has not been edited away. */
  isCurrent(node: ts.Node): boolean {
    const tree = node.getSourceFile();
    return this.documents.tree(tree.fileName) === tree;
  }

  /** Another object once an edit may have changed what is known of the unit around a node. */
  stateOf(node: ts.Node): object {
    return this.#memoryOf(node);
  }

  #stateOf(node: ts.Node | undefined): object | undefined {
    return node && this.#memoryOf(node);
  }

  #functionAt(id: FunctionId): FunctionNode | undefined {
    const anonymous = this.#anonymous.get(id)?.deref();
    if (anonymous !== undefined) return anonymous as FunctionNode;
    const [, qualified = ""] = splitId(id);
    const member = /^(.*?)(::|\.)(?:(get|set) )?(.*)$/.exec(qualified);
    if (member === null) return functionIn(this.#topLevel(id));
    const owner = this.classNode(`${splitId(id)[0]}#${member[1]}`);
    return owner === undefined ? undefined : memberFunction(owner, member[2] === "::", member[3], member[4] ?? "");
  }

  /** Of a labelled member its class and name, of a label in a variable at the top of a file the variable's. */
  storeId(node: ts.Node): StoreId {
    this.#hasStores = true;
    const file = node.getSourceFile().fileName;
    let holder = node;
    while (holder.parent !== undefined && isTransparent(holder.parent)) holder = holder.parent;
    if (ts.isCallExpression(node)) holder = holder.parent;
    const name = memberName(holder);
    if (name === undefined) return this.#identity(node, file);
    if (ts.isParameter(holder) && ts.isClassLike(holder.parent.parent))
      return `${this.classId(holder.parent.parent)}.${name}`;
    if (ts.isPropertyDeclaration(holder) && ts.isClassLike(holder.parent))
      return `${this.classId(holder.parent)}.${name}`;
    const list = ts.isVariableDeclaration(holder) ? holder.parent.parent : undefined;
    const isTop = list !== undefined && ts.isVariableStatement(list) && ts.isSourceFile(list.parent);
    return isTop ? `${file}#${name}` : this.#identity(node, file);
  }

  /** The member, the variable, or the call that labels: what the id was made from, or holds it. */
  storeNode(id: StoreId): ts.Node | undefined {
    const anonymous = this.#anonymous.get(id)?.deref();
    if (anonymous !== undefined) return anonymous;
    const [file, qualified] = splitId(id);
    const [owner = "", name] = qualified.split(/\.(.*)/);
    if (name === undefined) return this.#topLevel(id);
    const node = this.classNode(`${file}#${owner}`);
    return node === undefined ? undefined : membersOf(node).instance.get(name);
  }

  /** Something was found to be a labelled store, so that it pays to look what happens to stores. */
  get hasStores(): boolean {
    return this.#hasStores;
  }

  #topLevel(id: string): ts.Node | undefined {
    const [file, name] = splitId(id);
    const tree = this.documents.tree(file);
    if (tree === undefined) return undefined;
    const named = localsOf(tree).get(name);
    if (named !== undefined) return named;
    return name === "default"
      ? tree.statements.find((each) => hasModifier(each, ts.SyntaxKind.DefaultKeyword))
      : undefined;
  }
}

function isTransparent(node: ts.Node): boolean {
  return (
    ts.isParenthesizedExpression(node) ||
    ts.isAsExpression(node) ||
    ts.isSatisfiesExpression(node) ||
    ts.isNonNullExpression(node) ||
    ts.isAwaitExpression(node)
  );
}

function memberFunction(
  owner: ts.ClassLikeDeclaration,
  isStatic: boolean,
  accessor: string | undefined,
  name: string,
): FunctionNode | undefined {
  if (accessor === "set" || name === "constructor") {
    return owner.members
      .map(functionIn)
      .find(
        (each) =>
          each?.body !== undefined &&
          (name === "constructor"
            ? ts.isConstructorDeclaration(each)
            : ts.isSetAccessor(each) && memberName(each) === name),
      );
  }
  const found = functionIn(membersOf(owner)[isStatic ? "static" : "instance"].get(name));
  return found?.body === undefined ? undefined : found;
}

function functionIn(node: ts.Node | undefined): FunctionNode | undefined {
  if (node === undefined) return undefined;
  if (
    ts.isMethodDeclaration(node) ||
    ts.isConstructorDeclaration(node) ||
    ts.isAccessor(node) ||
    ts.isFunctionDeclaration(node)
  )
    return node;
  if (ts.isPropertyDeclaration(node) || ts.isVariableDeclaration(node)) {
    const value = node.initializer;
    if (value !== undefined && (ts.isArrowFunction(value) || ts.isFunctionExpression(value))) return value;
  }
  return undefined;
}

/** The first `#` after the extension: private names bring a second one, as in `/a.ts#Account.#credit`. */
export function splitId(id: string): readonly [file: string, name: string] {
  const parts = /^(.*?\.[cm]?tsx?)#(.*)$/.exec(id);
  return [parts?.[1] ?? id, parts?.[2] ?? ""];
}
