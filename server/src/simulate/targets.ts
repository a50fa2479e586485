import { type AnyNode, parse } from "acorn";
import { UnusableInputError } from "./unusable-input.js";

export interface Scenario {
  /** Export name. */
  readonly name: string;
  readonly title: string;
}

interface Selection {
  /** As people wrote it, for messages. */
  readonly shown: string;
  readonly name: string | undefined;
  readonly scenarios: readonly Scenario[];
  /** The compiled program. */
  readonly code: string;
}

/**
 * The scenarios that `file` or `file#name` means, in the order in which they are declared. A class means the scenarios
 * that open it, in their bodies or through the functions of the program that they name.
 */
export function selectScenarios({ shown, name, scenarios, code }: Selection): readonly Scenario[] {
  const declarations = new Declarations(code);
  const ordered = [...scenarios].sort((a, b) => declarations.orderOf(a.name) - declarations.orderOf(b.name));
  const classes = declarations.replicatedClasses();
  if (name === undefined) {
    if (ordered.length > 0) return ordered;
    throw noTarget(shown, classes);
  }
  const named = ordered.filter((scenario) => scenario.name === name);
  if (named.length > 0) return named;
  const openers = ordered.filter((scenario) => declarations.opens(scenario.name, name));
  if (openers.length > 0) return openers;
  if (declarations.isClass(name))
    throw new UnusableInputError(`No exported scenario of ${shown} opens ${name}.`, howToWriteOne([name]));
  throw new UnusableInputError(`${shown} has no target named ${name}.`, available(ordered, classes));
}

export function noTarget(shown: string, classes: readonly string[] = []): UnusableInputError {
  return new UnusableInputError(`${shown} has no target: it exports no scenario.`, howToWriteOne(classes));
}

function howToWriteOne(classes: readonly string[]): string {
  const opened = classes[0] ?? "Account";
  const generated = classes.length === 0 ? "" : " A workload generated from the class's methods is not built yet.";
  return `Export one: export const survives = scenario("survives a partition", { regions: ["nyc", "london", "tokyo"] }, async ({ session, converged }) => { session("nyc").open(${opened}, "a") … }).${generated}`;
}

function available(scenarios: readonly Scenario[], classes: readonly string[]): string {
  const names = [...scenarios.map(({ name }) => name), ...classes];
  return names.length === 0 ? howToWriteOne(classes) : `It has ${names.join(", ")}.`;
}

interface Declaration {
  readonly order: number;
  readonly text: string;
  readonly isClass: boolean;
}

/** The top level of a program: what is declared there, and which declarations name which. */
class Declarations {
  private readonly byName = new Map<string, Declaration>();
  private readonly localNames = new Map<string, string>();

  constructor(private readonly code: string) {
    const program = parse(code, { ecmaVersion: "latest", allowReturnOutsideFunction: true });
    for (const node of program.body) this.collect(node);
    for (const [, exported = "", local = ""] of code.matchAll(/^ {2}([\w$]+): \(\) => ([\w$]+),?$/gm))
      this.localNames.set(exported, local);
  }

  orderOf(exported: string): number {
    return this.declarationOf(exported)?.order ?? Number.MAX_SAFE_INTEGER;
  }

  isClass(name: string): boolean {
    return this.declarationOf(name)?.isClass === true;
  }

  /** Exported classes that carry the annotation, in either dialect as the compiler writes it. */
  replicatedClasses(): readonly string[] {
    return [...this.localNames]
      .filter(([exported, local]) => this.isClass(exported) && this.isReplicated(local))
      .map(([exported]) => exported);
  }

  private isReplicated(local: string): boolean {
    const name = local.replaceAll("$", "\\$");
    const decorators = `(?:_${name}_decorators\\d* = |\\b${name} = __decorateClass\\()`;
    return new RegExp(`${decorators}\\[[^\\]]*\\bReplicated\\)?\\(`).test(this.code);
  }

  /** Whether a declaration, or one that it names, directly or not, has `open(Class` in it. */
  opens(exported: string, className: string): boolean {
    const local = this.localNames.get(className) ?? className;
    const call = new RegExp(`\\bopen\\(\\s*${local.replaceAll("$", "\\$")}\\b`);
    const seen = new Set<string>();
    const visit = (name: string): boolean => {
      const declaration = this.byName.get(name);
      if (declaration === undefined || seen.has(name)) return false;
      seen.add(name);
      if (call.test(declaration.text)) return true;
      // A class names others in its own methods, which is not this scenario opening them.
      if (declaration.isClass && seen.size > 1) return false;
      return [...new Set(declaration.text.match(/[\w$]+/g))].some(visit);
    };
    return visit(this.localNames.get(exported) ?? exported);
  }

  private declarationOf(exported: string): Declaration | undefined {
    return this.byName.get(this.localNames.get(exported) ?? exported);
  }

  private collect(node: AnyNode): void {
    if (node.type === "VariableDeclaration") {
      for (const { id, init, start, end } of node.declarations)
        if (id.type === "Identifier") this.add(id.name, start, end, this.isClassValue(init));
    } else if (node.type === "FunctionDeclaration" || node.type === "ClassDeclaration")
      this.add(node.id?.name ?? "default", node.start, node.end, node.type === "ClassDeclaration");
    else if (node.type === "ExpressionStatement" && node.expression.type === "AssignmentExpression") {
      // A decorated class is declared first and assigned in place: `Account = class { … }`.
      const { left, right } = node.expression;
      if (left.type === "Identifier") this.add(left.name, node.start, node.end, this.isClassValue(right));
    }
  }

  /** The compiler declares `_Account` and names it `Account` once its decorators have run. */
  private isClassValue(value: AnyNode | null | undefined): boolean {
    if (value?.type === "ClassExpression") return true;
    return value?.type === "Identifier" && this.byName.get(value.name)?.isClass === true;
  }

  private add(name: string, start: number, end: number, isClass: boolean): void {
    const known = this.byName.get(name);
    const text = `${known?.text ?? ""}\n${this.code.slice(start, end)}`;
    this.byName.set(name, { order: known?.order ?? start, text, isClass: isClass || known?.isClass === true });
  }
}
