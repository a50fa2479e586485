import { ts } from "ts-morph";
import type { MethodShape, ParameterShape, WorkloadShape } from "../../../../runtime/src/explore/workload/shape.js";
import { type Disk, disk as realDisk } from "../workspace/disk.js";
import { type Additions, exportsOf, Handles, isAbstract, openedType } from "./handles.js";
import { type Method, methodsOf } from "./methods.js";
import { nearbyIn } from "./nearby.js";
import { type SignatureProgram, signatureProgram } from "./program.js";
import { chainOf, classDeclarationOf, isReplicated } from "./runtime-symbols.js";
import { isAbsent, present, type ValueSources, valuesOf } from "./values.js";

export type { Additions } from "./handles.js";

/** What the methods of a class take, and what the source says of how they are called. */
export interface ClassWorkload {
  readonly shape: WorkloadShape;
  readonly className: string;
  readonly isAbstract: boolean;
  /** Why its objects cannot be opened by an identity alone: what is wrong, and what to do. */
  readonly obstacle: string | undefined;
  /** By method: what `@Workload` says, where it is written out. */
  readonly overrides: ReadonlyMap<string, WorkloadOverride>;
}

export interface WorkloadOverride {
  /** As written. */
  readonly weight: string | undefined;
  readonly args: string | undefined;
}

export interface Workloads {
  /** By export. Missing: no class that can be opened. */
  readonly classes: ReadonlyMap<string, ClassWorkload>;
  /** The shapes name these exports. */
  readonly additions: Additions;
}

export interface WorkloadsRequest {
  /** Absolute. */
  readonly file: string;
  /** Exports: replicated classes, or what `replicated(…)` gave. Absent: all such. */
  readonly targets?: readonly string[] | undefined;
  /** Unsaved editor buffers by absolute path. */
  readonly buffers?: ReadonlyMap<string, string> | undefined;
}

/**
 * Reads workloads from signatures, by the type checker over the file and what it imports of the project. The types of
 * installed packages are read only if a parameter is of one.
 */
export function workloadsOf({ file, targets, buffers }: WorkloadsRequest): Workloads {
  const disk = buffers === undefined ? realDisk : withBuffers(buffers);
  const own = readFrom(signatureProgram(file, "own", disk), targets);
  return own.hasMissed ? readFrom(signatureProgram(file, "all", disk), targets) : own;
}

function readFrom(
  program: SignatureProgram | undefined,
  targets: readonly string[] | undefined,
): Workloads & { readonly hasMissed: boolean } {
  const classes = new Map<string, ClassWorkload>();
  if (program === undefined) return { classes, additions: new Map(), hasMissed: false };
  const { checker, tree } = program;
  const handles = new Handles(checker, tree);
  const exports = exportsOf(checker, tree);
  let hasMissed = false;
  const missed = (): void => {
    hasMissed = true;
  };
  for (const target of targets ?? exports.map(({ name }) => name)) {
    const exported = exports.find(({ name }) => name === target);
    const opened = exported === undefined ? undefined : openedType(checker, exported);
    const declaration = opened === undefined ? undefined : classDeclarationOf(opened.objects);
    if (opened === undefined || declaration === undefined) continue;
    if (targets === undefined && !isReplicated(checker, opened.objects)) continue;
    const own = { type: opened.objects, target };
    const handle = (type: ts.Type) => handles.of(type, own);
    const obstacle = opened.isMade ? undefined : obstacleOf(checker, declaration);
    const reader = new ClassReader({ checker, handle, missed }, own);
    classes.set(target, { ...reader.read(), isAbstract: !opened.isMade && isAbstract(declaration), obstacle });
  }
  return { classes, additions: handles.additions, hasMissed };
}

function obstacleOf(checker: ts.TypeChecker, declaration: ts.ClassLikeDeclaration): string | undefined {
  const name = declaration.name?.text ?? "the class";
  if (isAbstract(declaration)) return `\`${name}\` is abstract, so none can be opened. Export a class that extends it.`;
  const constructed = checker
    .getTypeOfSymbol(checker.getTypeAtLocation(declaration).symbol)
    .getConstructSignatures()[0];
  const [first, ...others] = constructed?.getParameters() ?? [];
  const isNeeded = ({ valueDeclaration: node }: ts.Symbol): boolean =>
    node !== undefined &&
    ts.isParameter(node) &&
    !checker.isOptionalParameter(node) &&
    node.dotDotDotToken === undefined;
  const more = others.filter(isNeeded);
  const takesText =
    first === undefined || checker.isTypeAssignableTo(checker.getStringType(), checker.getTypeOfSymbol(first));
  if (takesText && more.length === 0) return undefined;
  const needed = (takesText ? more : [first, ...more]).map((each) => `\`${each.name}\``).join(" and ");
  return (
    `\`${name}\` cannot be opened by an identity alone: its constructor needs ${needed}. Say how one is made: ` +
    `\`export const ${plural(name)} = replicated(${name}, { create: (id) => new ${name}(…) });\``
  );
}

/** `Account` → `accounts` */
function plural(name: string): string {
  const stem = name.charAt(0).toLowerCase() + name.slice(1);
  return /[^aeiou]y$/.test(stem) ? `${stem.slice(0, -1)}ies` : `${stem}${/(?:s|x|ch|sh)$/.test(stem) ? "es" : "s"}`;
}

class ClassReader {
  readonly #fields: readonly ts.Node[];

  readonly #checker: ts.TypeChecker;

  constructor(
    private readonly sources: Pick<ValueSources, "checker" | "handle" | "missed">,
    private readonly own: { readonly type: ts.Type; readonly target: string },
  ) {
    this.#checker = sources.checker;
    this.#fields = chainOf(sources.checker, own.type).flatMap(({ members }) =>
      members.filter(ts.isPropertyDeclaration),
    );
  }

  read(): Omit<ClassWorkload, "obstacle" | "isAbstract"> {
    const { type, target } = this.own;
    const methods = methodsOf(this.#checker, type);
    const written = methods.filter(({ workloads }) => workloads.length > 0);
    return {
      shape: { target, methods: methods.map((method) => this.#shapeOf(method, methods)) },
      className: classDeclarationOf(type)?.name?.text ?? target,
      overrides: new Map(written.map(({ name, workloads }) => [name, overrideOf(workloads)])),
    };
  }

  #shapeOf(method: Method, all: readonly Method[]): MethodShape {
    const others = all.filter((each) => each !== method).map(({ node }) => node);
    const nearby = nearbyIn(this.#checker, [method.node, ...this.#fields, ...others]);
    const sources: ValueSources = { ...this.sources, nearby, method: method.name };
    const parameters = method.signature.getParameters().flatMap((each) => this.#parameters(each, sources));
    return { name: method.name, parameters: withoutNeedless(parameters) };
  }

  /** One, unless it is a rest of several: `...pair: [string, number]`. */
  #parameters(symbol: ts.Symbol, sources: ValueSources): readonly ParameterShape[] {
    const { valueDeclaration: node } = symbol;
    const declaration = node !== undefined && ts.isParameter(node) ? node : undefined;
    const name = nameOf(symbol, declaration);
    const type = this.#checker.getTypeOfSymbol(symbol);
    if (declaration?.dotDotDotToken !== undefined) return this.#rest(name, type, sources);
    const isOptional = declaration !== undefined && this.#checker.isOptionalParameter(declaration);
    const values = valuesOf(type, name, sources);
    return [{ name, values: isOptional ? present(values) : values, isOptional, isRest: false }];
  }

  #rest(name: string, type: ts.Type, sources: ValueSources): readonly ParameterShape[] {
    if (this.#checker.isTupleType(type)) {
      const { target } = type as ts.TupleTypeReference;
      return this.#checker.getTypeArguments(type as ts.TypeReference).map((each, index) => {
        const flags = target.elementFlags[index] ?? ts.ElementFlags.Required;
        const values = valuesOf(each, `${name}[${index}]`, sources);
        const isOptional = (flags & ts.ElementFlags.Optional) !== 0;
        const isRest = (flags & ts.ElementFlags.Variable) !== 0;
        return { name: `${name}${index}`, values: isOptional ? present(values) : values, isOptional, isRest };
      });
    }
    const element = this.#checker.getIndexTypeOfType(type, ts.IndexKind.Number);
    return [{ name, values: valuesOf(element ?? type, name, sources), isOptional: false, isRest: true }];
  }
}

/** `{ amount, note }: Payment` has no name but its pattern. */
function nameOf(symbol: ts.Symbol, declaration: ts.ParameterDeclaration | undefined): string {
  if (declaration === undefined || ts.isIdentifier(declaration.name)) return symbol.name;
  const pattern = declaration.name.getText().replace(/\s+/g, " ");
  return pattern.length > 40 ? `${pattern.slice(0, 39)}…` : pattern;
}

/** What may be left out and cannot be made is left out; before others it is undefined. */
function withoutNeedless(parameters: readonly ParameterShape[]): readonly ParameterShape[] {
  const isNeedless = ({ values, isOptional, isRest }: ParameterShape): boolean =>
    (isOptional && isAbsent(values)) || (isRest && values.kind === "impossible");
  const last = parameters.findLastIndex((each) => !isNeedless(each));
  return parameters
    .slice(0, last + 1)
    .map((each) => (isNeedless(each) ? { ...each, values: { kind: "undefined" } as const } : each));
}

function overrideOf(calls: readonly ts.CallExpression[]): WorkloadOverride {
  const written = (option: string): string | undefined => {
    for (const call of calls.toReversed()) {
      const options = call.arguments[0];
      if (options === undefined || !ts.isObjectLiteralExpression(options)) continue;
      const found = options.properties.find((each) => each.name?.getText() === option);
      if (found !== undefined) return ts.isPropertyAssignment(found) ? found.initializer.getText() : found.getText();
    }
    return undefined;
  };
  return { weight: written("weight"), args: written("args") };
}

function withBuffers(buffers: ReadonlyMap<string, string>): Disk {
  return {
    kind: (path) => (buffers.has(path) ? "file" : realDisk.kind(path)),
    read: (file) => buffers.get(file) ?? realDisk.read(file),
    realpath: (path) => realDisk.realpath(path),
  };
}
