/** A small random program, of which a tape of numbers makes each choice; where the tape ends everything is a constant. */
export interface Program {
  /**
   * The bodies of the methods `run` and `later`, which runs after it, with reads of `this.r0` … and writes of
   * `this.w0` …, each write cell at one place.
   */
  readonly body: string;
  readonly afterwards: string;
  readonly writes: readonly string[];
}

export const reads: readonly string[] = ["r0", "r1", "r2"];

/** What programs leave values in, for a method that runs later: fields, a field behind accessors, static fields. */
export const members = `
kept = 0;
box = { a: 0, b: 0 };
list = [0];
#hidden = 0;
get shown(): number { return this.#hidden; }
set shown(value: number) { this.#hidden = value; }
get twice(): number { return this.doubled(this.shown); }
note(value: number): void { this.kept = value; }
doubled(a: number): number { return 2 * a; }
`;

/** What programs call: pure functions, functions that wait, that write to what they are given, that throw, that call back. */
export const readingFunctions = `
const plus = (a: number, b: number): number => a + b;
async function later(a: number): Promise<number> {
  const result = await Promise.resolve(a);
  return result + 1;
}
function smaller(a: number, b: number): number {
  if (a < b) return a;
  return b;
}
async function put(cell: Register<number>, value: number): Promise<void> {
  await cell.write(value);
}
async function putIf(cell: Register<number>, value: number, isAllowed: boolean): Promise<void> {
  if (!isAllowed) return;
  await put(cell, value);
}
function check(a: number): void {
  if (a > 1) throw new Error("too large");
}
async function call<T>(back: (a: number) => Promise<T>, a: number): Promise<T> {
  const result = await back(a);
  return result;
}
function pair(a: number, b: number): { readonly first: number; readonly rest: readonly number[] } {
  return { first: a, rest: [b] };
}
async function copy(from: Register<number>, to: Register<number>): Promise<void> {
  await to.write(await from.read());
}
async function copyIf(from: Register<number>, to: Register<number>): Promise<void> {
  if ((await from.read()) > 1) await to.write(7);
}
async function peek(cell: Register<number>, value = cell.read()): Promise<number> {
  return value;
}
function atLeast(a: number, { least = a } = {}): number {
  return least;
}
const tools = { put: async (to: Register<number>, value: number) => to.write(value) };
let last = 0;
const latest = { a: 0, b: 0 };
function remember(value: number): void {
  last = value;
}
`;

export function programOf(tape: readonly number[]): Program {
  return new Generator(tape).generate();
}

class Generator {
  #at = 0;
  #names = 0;
  readonly #writes: string[] = [];
  #scope: string[] = [];
  #loops = 0;

  constructor(private readonly tape: readonly number[]) {}

  generate(): Program {
    const body = this.#block(3, 6);
    const afterwards = this.#block(2, 4);
    return { body, afterwards, writes: this.#writes };
  }

  #choose(count: number): number {
    return (this.tape[this.#at++] ?? 0) % count;
  }

  #name(): string {
    return `v${this.#names++}`;
  }

  #cell(): string {
    const name = `w${this.#writes.length}`;
    this.#writes.push(name);
    return name;
  }

  #block(depth: number, most: number): string {
    const scope = this.#scope;
    this.#scope = [...scope];
    const count = this.#at >= this.tape.length ? 1 : 1 + this.#choose(most);
    const statements = Array.from({ length: count }, () => this.#statement(depth));
    this.#scope = scope;
    return statements.join("\n");
  }

  #statement(depth: number): string {
    const simple = [
      () => this.#declare(),
      () => this.#write(),
      () => this.#assign(),
      () => this.#destructure(),
      () => this.#write(),
      () => this.#leave(),
      () => this.#keep(),
      () => this.#keep(),
    ];
    const compound = [
      () => `if (${this.#condition(2)}) {\n${this.#block(depth - 1, 3)}\n} else {\n${this.#block(depth - 1, 2)}\n}`,
      () => `if (${this.#condition(2)}) ${this.#exit()}`,
      () => this.#forOf(depth),
      () => this.#counted(depth),
      () => `try {\n${this.#block(depth - 1, 3)}\n} catch {\n${this.#block(depth - 1, 2)}\n}`,
      () =>
        `switch (${this.#value(1)}) {\ncase 1:\n${this.#block(depth - 1, 2)}\nbreak;\ndefault:\n${this.#block(depth - 1, 2)}\n}`,
      () => this.#closure(depth),
      () => this.#each(depth),
      () => `${this.#condition(1)} && (await this.${this.#cell()}.write(${this.#value(1)}));`,
    ];
    const forms = depth > 0 ? [...simple, ...compound] : simple;
    return forms[this.#choose(forms.length)]?.() ?? "";
  }

  #declare(): string {
    const value = this.#value(2);
    const name = this.#name();
    this.#scope.push(name);
    return `let ${name} = ${value};`;
  }

  #assign(): string {
    const name = this.#variable();
    if (name === undefined) return this.#declare();
    return `${name} ${["=", "+=", "-=", "="][this.#choose(4)]} ${this.#value(2)};`;
  }

  #destructure(): string {
    const [a, b] = [this.#name(), this.#name()];
    const [x, y] = [this.#value(1), this.#value(1)];
    this.#scope.push(a, b);
    switch (this.#choose(4)) {
      case 0:
        return `let [${a}, ${b}] = await Promise.all([later(${x}), later(${y})]);`;
      case 1:
        return `let { first: ${a}, rest: [${b} = 7] } = pair(${x}, ${y});`;
      case 2:
        return `let { ${a}, ...${b}_ } = { ${a}: ${x}, other: ${y} }; let ${b} = ${b}_.other;`;
      default:
        return `const ${a}_ = { x: ${x}, y: 0 }; ${a}_.y = ${y}; let ${a} = ${a}_.x; let ${b} = ${a}_.y;`;
    }
  }

  /** For whoever runs later. */
  #keep(): string {
    const value = this.#value(2);
    const places = ["this.kept", "this.box.a", "this.shown", "last", "latest.b", "this.list[0]"];
    const forms = [
      ...places.map((place) => `${place} = ${value};`),
      `this.note(${value});`,
      `remember(${value});`,
      `this.list.push(${value});`,
      `({ first: this.kept, rest: [this.box.b] } = pair(${value}, 1));`,
    ];
    return forms[this.#choose(forms.length)] ?? "";
  }

  #write(): string {
    const cell = this.#cell();
    switch (this.#choose(12)) {
      case 0:
        return `await put(this.${cell}, ${this.#value(2)});`;
      case 1:
        return `await putIf(this.${cell}, ${this.#value(1)}, ${this.#condition(1)});`;
      case 2:
        return `await this.${cell}.update((current) => current + ${this.#variable() ?? "1"});`;
      case 3:
        return `await copy(this.${this.#read()}, this.${cell});`;
      case 4:
        return `await call(async (given) => this.${cell}.write(given), ${this.#value(1)});`;
      case 6:
        return `await copyIf(this.${this.#read()}, this.${cell});`;
      case 7:
        return `await tools.put(this.${cell}, ${this.#value(1)});`;
      case 8:
        return this.#copying(cell);
      case 9:
        return `await (async (to: Register<number>, given: number) => to.write(given))(this.${cell}, ${this.#value(1)});`;
      case 5:
        return `await later(${this.#value(1)}).then((given) => this.${cell}.write(given));`;
      default:
        return `await this.${cell}.write(${this.#value(2)});`;
    }
  }

  /** By a function that is written here and takes the cells that it works on. */
  #copying(cell: string): string {
    const name = this.#name();
    const bodies = ["await to.write(await from.read());", "if ((await from.read()) > 1) await to.write(3);"];
    const body = bodies[this.#choose(bodies.length)] ?? "";
    return `const ${name} = async (from: Register<number>, to: Register<number>): Promise<void> => { ${body} };\nawait ${name}(this.${this.#read()}, this.${cell});`;
  }

  #leave(): string {
    return this.#choose(2) === 0
      ? `check(${this.#value(1)} + (await this.${this.#read()}.read()));`
      : `if (${this.#condition(1)}) ${this.#exit()}`;
  }

  #exit(): string {
    const exits = ["return;", 'throw new Error("stop");', ...(this.#loops > 0 ? ["break;", "continue;"] : [])];
    return exits[this.#choose(exits.length)] ?? "return;";
  }

  #forOf(depth: number): string {
    const values = `[${this.#value(1)}, ${this.#value(1)}]`;
    return this.#loop((name) => `for (let ${name} of ${values})`, depth);
  }

  #counted(depth: number): string {
    const most = this.#value(1);
    return this.#loop((name) => `for (let ${name} = 0; ${name} < 3 && ${name} < ${most}; ${name}++)`, depth, true);
  }

  #loop(head: (name: string) => string, depth: number, isCounted = false): string {
    const name = this.#name();
    const scope = this.#scope;
    if (!isCounted) this.#scope = [...scope, name];
    this.#loops++;
    const body = this.#block(depth - 1, 3);
    this.#loops--;
    this.#scope = scope;
    return `${head(name)} {\n${body}\n}`;
  }

  #closure(depth: number): string {
    const [name, parameter] = [this.#name(), this.#name()];
    const scope = this.#scope;
    const loops = this.#loops;
    this.#scope = [...scope, parameter];
    this.#loops = 0;
    const body = this.#block(depth - 1, 3);
    const result = this.#value(1);
    this.#scope = scope;
    this.#loops = loops;
    const given = this.#value(1);
    const answer = this.#name();
    this.#scope.push(answer);
    return `const ${name} = async (${parameter}: number): Promise<number> => {\n${this.#returning(body)}\nreturn ${result};\n};\nlet ${answer} = await ${name}(${given});`;
  }

  #each(depth: number): string {
    const name = this.#name();
    const scope = this.#scope;
    const loops = this.#loops;
    this.#scope = [...scope, name];
    this.#loops = 0;
    const body = this.#block(depth - 1, 2);
    this.#scope = scope;
    this.#loops = loops;
    // One element: several would run at once, and the order of what they write would tell of their timing.
    const values = `[${this.#value(1)}]`;
    return `await Promise.all(${values}.filter((each) => each < 9).map(async (${name}) => {\n${body}\n}));`;
  }

  /** A `return` in a function that gives a number. */
  #returning(body: string): string {
    return body.replaceAll("return;", "return 1;");
  }

  #variable(): string | undefined {
    return this.#scope.length === 0 ? undefined : this.#scope[this.#choose(this.#scope.length)];
  }

  #read(): string {
    return reads[this.#choose(reads.length)] ?? "r0";
  }

  #value(depth: number): string {
    const leaves = [
      () => String(this.#choose(4)),
      () => `(await this.${this.#read()}.read())`,
      () => this.#variable() ?? "1",
      () => this.#variable() ?? "2",
      () => this.#left(),
      () => this.#left(),
    ];
    const nodes = [
      () => `(${this.#value(depth - 1)} + ${this.#value(depth - 1)})`,
      () => `(${this.#condition(depth - 1)} ? ${this.#value(depth - 1)} : ${this.#value(depth - 1)})`,
      () => `(${this.#value(depth - 1)} || ${this.#value(depth - 1)})`,
      () => `(maybe(${this.#value(depth - 1)}) ?? ${this.#value(depth - 1)})`,
      () => `plus(${this.#value(depth - 1)}, ${this.#value(depth - 1)})`,
      () => `smaller(${this.#value(depth - 1)}, ${this.#value(depth - 1)})`,
      () => `(await later(${this.#value(depth - 1)}))`,
      () => `Math.max(${this.#value(depth - 1)}, 1)`,
      () => `this.doubled(${this.#value(depth - 1)})`,
      () => `[${this.#value(depth - 1)}, ${this.#value(depth - 1)}].reduce((sum, each) => sum + each, 0)`,
      () => `Number(\`\${${this.#value(depth - 1)}}\`)`,
      () => `pair(${this.#value(depth - 1)}, ${this.#value(depth - 1)}).first`,
      () => `(await peek(this.${this.#read()}))`,
      () => `atLeast(${this.#value(depth - 1)})`,
      () => `(await (async (given: number) => given + 1)(${this.#value(depth - 1)}))`,
      () => `(await call(async (given) => given + ${this.#variable() ?? "1"}, ${this.#value(depth - 1)}))`,
    ];
    const forms = depth > 0 ? [...leaves, ...nodes] : leaves;
    return forms[this.#choose(forms.length)]?.() ?? "0";
  }

  /** What has been left by then, here or in the method that ran before. */
  #left(): string {
    const places = ["this.kept", "this.box.a", "this.box.b", "this.shown", "this.twice", "last", "latest.b"];
    const all = [...places, "(this.list.at(-1) ?? 0)"];
    return all[this.#choose(all.length)] ?? "last";
  }

  #condition(depth: number): string {
    switch (this.#choose(depth > 0 ? 5 : 2)) {
      case 0:
        return `${this.#value(depth)} > 1`;
      case 1:
        return `${this.#value(depth)} === ${this.#value(0)}`;
      case 2:
        return `!(${this.#condition(depth - 1)})`;
      case 3:
        return `(${this.#condition(depth - 1)} && ${this.#condition(depth - 1)})`;
      default:
        return `(${this.#condition(depth - 1)} || ${this.#condition(depth - 1)})`;
    }
  }
}
