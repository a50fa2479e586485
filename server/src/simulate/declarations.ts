import { type AnyNode, parse } from "acorn";

interface Declaration {
  readonly order: number;
  readonly text: string;
  readonly isClass: boolean;
}

/** The top level of a compiled program: what is declared there, and which declarations name which. */
export class Declarations {
  private readonly byName = new Map<string, Declaration>();
  private readonly localNames = new Map<string, string>();

  constructor(code: string) {
    const program = parse(code, { ecmaVersion: "latest", allowReturnOutsideFunction: true });
    for (const node of program.body) this.collect(node, code);
    for (const [, exported = "", local = ""] of code.matchAll(/^ {2}(?:"?)([\w$]+)(?:"?): \(\) => ([\w$]+),?$/gm))
      this.localNames.set(exported, local);
  }

  orderOf(exported: string): number {
    return this.declarationOf(exported)?.order ?? Number.MAX_SAFE_INTEGER;
  }

  isClass(exported: string): boolean {
    return this.declarationOf(exported)?.isClass === true;
  }

  /** Classes that the program exports and that nothing in it opens by name. */
  unopenedClasses(): readonly string[] {
    const texts = [...this.byName.values()].map(({ text }) => text);
    return [...this.localNames.keys()].filter((exported) => {
      const call = openCall(this.localOf(exported));
      return this.isClass(exported) && !texts.some((text) => call.test(text));
    });
  }

  /** Classes with a decorator that the program keeps to itself. */
  unexportedClasses(): readonly string[] {
    const exported = new Set(this.localNames.values());
    return [...this.byName]
      .filter(([name, { isClass }]) => isClass && !name.startsWith("_") && !exported.has(name))
      .map(([name]) => name)
      .filter(
        (name) => this.byName.has(`_${name}_decorators`) || this.byName.get(name)?.text.includes("__decorateClass"),
      );
  }

  /** The name inside of the program, the same for two exports of one thing. */
  localOf(exported: string): string {
    return this.localNames.get(exported) ?? exported;
  }

  /** The class that an export was made from: `export const accounts = replicated(Account, { create })`. */
  wrappedBy(exported: string): string | undefined {
    const { text = "", isClass = false } = this.declarationOf(exported) ?? {};
    return isClass ? undefined : /\breplicated\)?\(\s*([\w$]+)/.exec(text)?.[1];
  }

  /**
   * Whether a declaration, or one that it names, directly or not, has `open(Class` in it; or opens what it is given, and
   * names the class: `bank(Account)`, where `bank` makes a scenario for a class.
   */
  opens(exported: string, local: string): boolean {
    const reached = this.reachedFrom(this.localOf(exported));
    const call = openCall(local);
    if (reached.some(({ text }) => call.test(text))) return true;
    const opensWhatItIsGiven = reached.some(({ text }) =>
      [...text.matchAll(/\bopen\(\s*([\w$]+)/g)].some(([, opened = ""]) => !this.byName.has(opened)),
    );
    return opensWhatItIsGiven && reached.some(({ text }) => new RegExp(`\\b${escaped(local)}(?![\\w$])`).test(text));
  }

  private reachedFrom(local: string): readonly Declaration[] {
    const seen = new Set<string>();
    const reached: Declaration[] = [];
    const visit = (name: string): void => {
      const declaration = this.byName.get(name);
      if (declaration === undefined || seen.has(name)) return;
      seen.add(name);
      // A class names others in its own methods, which is not this scenario opening them.
      if (declaration.isClass && seen.size > 1) return;
      reached.push(declaration);
      for (const word of new Set(declaration.text.match(/[\w$]+/g))) visit(word);
    };
    visit(local);
    return reached;
  }

  private declarationOf(exported: string): Declaration | undefined {
    return this.byName.get(this.localOf(exported));
  }

  private collect(node: AnyNode, code: string): void {
    const add = (name: string, start: number, end: number, isClass: boolean): void =>
      this.add(name, start, code.slice(start, end), isClass);
    if (node.type === "VariableDeclaration") {
      for (const { id, init, start, end } of node.declarations)
        if (id.type === "Identifier") add(id.name, start, end, this.isClassValue(init));
    } else if (node.type === "FunctionDeclaration" || node.type === "ClassDeclaration")
      add(node.id?.name ?? "default", node.start, node.end, node.type === "ClassDeclaration");
    else if (node.type === "ExpressionStatement" && node.expression.type === "AssignmentExpression") {
      // A decorated class is declared first and assigned in place: `Account = class { … }`.
      const { left, right } = node.expression;
      if (left.type === "Identifier") add(left.name, node.start, node.end, this.isClassValue(right));
    }
  }

  /** The compiler declares `_Account` and names it `Account` once its decorators have run. */
  private isClassValue(value: AnyNode | null | undefined): boolean {
    if (value?.type === "ClassExpression") return true;
    return value?.type === "Identifier" && this.byName.get(value.name)?.isClass === true;
  }

  private add(name: string, order: number, more: string, isClass: boolean): void {
    const known = this.byName.get(name);
    const text = `${known?.text ?? ""}\n${more}`;
    this.byName.set(name, { order: known?.order ?? order, text, isClass: isClass || known?.isClass === true });
  }
}

const escaped = (name: string): string => name.replaceAll("$", "\\$");
const openCall = (local: string): RegExp => new RegExp(`\\bopen\\(\\s*${escaped(local)}(?![\\w$])`);
