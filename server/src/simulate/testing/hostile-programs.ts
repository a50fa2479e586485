export interface HostileProgram {
  /** At the top level of the file. */
  readonly before?: string;
  /** In the body of its scenario. */
  readonly body?: string;
  /** `violated`, `unknown`, `holds` or `refused`, and what is said about it. */
  readonly ends: RegExp;
  /** What is printed, if that is what it is about. */
  readonly prints?: RegExp;
}

/** It is stopped by the deadline. */
export const doesNotEnd = /^unknown: The schedule with seed 1 did not end within 2 s/;
const outside = (what: string) => new RegExp(`^violated: error: The code reached outside the simulation: \`${what}\``);
const outsideAtImport = (what: string) => new RegExp(`^violated: error: OutsideSimulationError: \`${what}\``);
const unreadable = /^violated: error: The scenario failed: what was thrown cannot be shown/;
const wildProxy =
  'new Proxy({}, { get() { throw new Error("get"); }, getPrototypeOf() { throw new Error("prototype"); } })';

/** What user code may do to whoever runs it, by accident mostly. The scenario around it opens `page` in nyc. */
export const hostilePrograms: Readonly<Record<string, HostileProgram>> = {
  // It does not end.
  "a loop in a predicate": { body: 'converged("never", () => { for (;;); });', ends: doesNotEnd },
  "a loop of ticks": {
    body: "const again = () => process.nextTick(again); again(); await sleep(1);",
    ends: doesNotEnd,
  },
  "a loop of immediates": { body: "for (;;) await new Promise((next) => setImmediate(next));", ends: doesNotEnd },
  "a thread that waits": {
    body: "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);",
    ends: doesNotEnd,
  },
  "a regular expression without end": { body: '/(a+)+$/.test("a".repeat(40) + "b");', ends: doesNotEnd },
  "printing without end": {
    body: 'for (;;) console.log("x".repeat(1000));',
    ends: doesNotEnd,
    prints: /^(?:x{1000}\n)+(?:x*\n… what is printed after this is left out\.\n)?$/,
  },
  "a promise that never settles": { body: "await { then() {} };", ends: /^unknown: The scenario never ended/ },
  "a listener that does not let the process end": {
    body: 'process.on("exit", () => { for (;;); });',
    ends: /^holds/,
  },

  // It ends the process.
  "process.abort": { body: "process.abort();", ends: outside("process.abort") },
  "process.kill": { body: 'process.kill(process.pid, "SIGKILL");', ends: outside("process.kill") },
  "process.reallyExit": { body: "(process as any).reallyExit(0);", ends: outside("process.reallyExit") },
  "process.exit at import": { before: "process.exit(0);", ends: outsideAtImport("process.exit") },
  "a signal of its own": { body: 'process.emit("SIGTERM");', ends: /^unknown: Stopped on request after 1 schedule/ },
  "nobody listens to errors": {
    body: 'process.removeAllListeners(); void Promise.reject(new Error("unheard")); await sleep(1);',
    ends: /^unknown: The schedule with seed 1 ended the process that it ran in[\s\S]*unheard/,
  },

  // It takes too much.
  "an array without end": {
    body: "const kept = [...(function* () { for (;;) yield {}; })()];",
    ends: /^unknown: The schedule with seed 1 (?:needed more than 128 MB of heap|did not end within)/,
  },
  "a string of 200 MB in a cell": {
    body: 'await page.title.write("x".repeat(200_000_000));',
    ends: /^unknown: The schedule with seed 1 needed more than 128 MB of heap/,
  },
  "an impossible string": { body: '"x".repeat(2 ** 30);', ends: /^violated: error: .*Invalid string length/ },
  "an impossible buffer": { body: "new ArrayBuffer(2 ** 50);", ends: /^violated: error: .*allocation failed/ },
  "deep recursion": {
    before: "const deep = (): number => 1 + deep();",
    body: "deep();",
    ends: /^violated: error: .*call stack size exceeded/,
  },
  "deep recursion of promises": {
    before: "const deep = async (): Promise<number> => 1 + (await deep());",
    body: "await deep();",
    ends: /^violated: error: .*call stack size exceeded/,
  },

  // It reaches outside.
  "a file at import": {
    before: 'import fs from "node:fs"; fs.writeFileSync("/tmp/faultline-hostile", "x");',
    ends: outsideAtImport("fs.writeFileSync"),
  },
  "a file at import, caught": {
    before: 'import fs from "node:fs"; try { fs.readFileSync("/etc/hosts"); } catch {}',
    ends: outside("fs.readFileSync"),
  },
  "a file in a method": {
    before: 'import fs from "node:fs"; class Store { load() { return fs.promises.readFile("/etc/hosts"); } }',
    body: "await new Store().load();",
    ends: outside("fs.promises.readFile"),
  },
  "a socket": {
    before: 'import net from "node:net";',
    body: 'new net.Socket().connect(80, "127.0.0.1");',
    ends: outside("net.Socket.connect"),
  },
  "a datagram": {
    before: 'import dgram from "node:dgram";',
    body: 'dgram.createSocket("udp4").bind(0);',
    ends: outside("dgram.createSocket"),
  },
  "a name": {
    before: 'import { lookup } from "node:dns/promises";',
    body: 'await lookup("localhost");',
    ends: outside("dns.promises.lookup"),
  },
  "a thread at import": {
    before: 'import { Worker } from "node:worker_threads"; new Worker("0", { eval: true });',
    ends: outsideAtImport("worker_threads.Worker"),
  },
  "another process": {
    before: 'import { spawn } from "node:child_process";',
    body: 'spawn("true");',
    ends: outside("child_process.spawn"),
  },
  "standard input": {
    body: 'const read: unknown[] = []; for await (const chunk of process.stdin) read.push(chunk); await check("empty", () => read.length === 0);',
    ends: /^holds/,
  },
  "answers of its own": {
    before: 'import fs from "node:fs";',
    body: 'const forged = JSON.stringify({ kind: "explored", tally: {} }) + "\\n"; process.stdout.write(forged); fs.writeSync(1, forged); await check("no", () => false);',
    ends: /^violated: invariant: "no"/,
    prints: /^(?:\{"kind":"explored","tally":\{\}\}\n)+$/,
  },
  "closing standard output": {
    before: 'import fs from "node:fs";',
    body: "fs.closeSync(1);",
    ends: /^unknown: The schedule with seed 1 ended the process/,
  },

  // It changes the language.
  "Array.prototype.push": {
    body: '(Array.prototype as any).push = () => { throw new Error("push"); }; await page.title.write("x");',
    ends: /^violated: error: The simulation broke off: push/,
  },
  "the iterator of arrays": {
    body: '(Array.prototype as any)[Symbol.iterator] = () => { throw new Error("iterator"); };',
    ends: /^violated: error: The simulation broke off: iterator/,
  },
  "a method on all arrays": {
    before: "(Array.prototype as any).last = function () { return this[this.length - 1]; };",
    body: 'await page.title.write(([1, 2] as any).last()); await check("two", async () => (await page.title.read() as any) === 2);',
    ends: /^holds/,
  },
  "a property of all objects": {
    before: "(Object.prototype as any).last = 1;",
    body: 'await page.title.write("x");',
    ends: /^holds/,
  },
  "a patch on top of the last one": {
    before:
      "const before = Array.prototype.indexOf; let depth = (before as any).depth ?? 0; (Array.prototype as any).indexOf = Object.assign(function (this: any, ...args: [any]) { return before.apply(this, args); }, { depth: depth + 1 });",
    body: 'await check("one", () => ([] as any).indexOf.depth === 1);',
    ends: /^holds/,
  },
  "Object.prototype.toJSON": {
    before: "(Object.prototype as any).toJSON = () => 1;",
    body: 'await check("no", () => false);',
    ends: /^violated: invariant: "no"/,
  },
  JSON: {
    before: '(JSON as any).stringify = () => "x"; (JSON as any).parse = () => ({ kind: "x" });',
    body: 'await check("no", () => false);',
    ends: /^violated: invariant: "no"/,
  },
  Promise: {
    before: "(globalThis as any).Promise = class {};",
    ends: /^(?:holds|unknown: The scenario never ended)/,
  },
  "Promise.prototype.then": {
    before: "(Promise.prototype as any).then = () => {};",
    body: "await page.views.increment();",
    ends: /^unknown: The scenario never ended/,
  },
  "Math.random": {
    before: "Math.random = () => 0.5;",
    body: 'await check("half", () => Math.random() === 0.5);',
    ends: /^holds/,
  },
  Date: {
    before: "(globalThis as any).Date = class { static now() { return 0; } };",
    body: 'await check("zero", () => Date.now() === 0);',
    ends: /^holds/,
  },
  "timers that do nothing": {
    before:
      "(globalThis as any).setTimeout = (globalThis as any).setImmediate = (globalThis as any).queueMicrotask = () => 0;",
    body: "await sleep(5);",
    ends: /^holds/,
  },
  console: { before: "(globalThis as any).console = undefined;", ends: /^holds/ },
  "process.on": {
    before: '(process as any).on = () => { throw new Error("on"); };',
    ends: /^violated: error: The simulation broke off: on/,
  },
  "globals that are gone": {
    before: 'for (const key of ["Map", "Error", "JSON", "Buffer", "Object"]) delete (globalThis as any)[key];',
    ends: /^refused: .*throws while it is evaluated, so it has no target: ReferenceError/,
  },
  "stacks that are no texts": {
    before: "(Error as any).prepareStackTrace = () => 1;",
    body: 'throw new Error("with another stack");',
    ends: /^violated: error: The scenario failed: with another stack/,
  },
  "frozen prototypes": {
    before: "for (const each of [Object, Array, Error, Function, Promise]) Object.freeze(each.prototype);",
    body: 'await check("no", () => false);',
    ends: /^violated: invariant: "no"/,
  },

  // Its values cannot be looked at.
  "a circle in a cell": {
    before: "const circle: any = { a: 1 }; circle.self = circle;",
    body: 'await page.title.write(circle); await check("round", async () => ((await page.title.read()) as any).self.self.a === 1);',
    ends: /^holds/,
  },
  "a circle in a comparison": {
    before: "const circle: any = { a: 1 }; circle.self = circle;",
    body: 'await check("same", () => circle === (1 as any));',
    ends: /^violated: invariant: "same" does not hold.*expected 1, observed \{a: 1, self: \{a: 1/,
  },
  "a function in a cell": {
    body: "await page.title.write((() => 1) as any);",
    ends: /^violated: error: .*`home.title` cannot hold a function/,
  },
  "100,000 objects in one another in a cell": {
    before: "let deep: any = {}; for (let i = 0; i < 100_000; i++) deep = { deep };",
    body: "await page.title.write(deep);",
    ends: /^violated: error: .*`home.title` cannot hold/,
  },
  "a value that throws when it is read": {
    body: 'await page.title.write({ get x() { throw new Error("getter"); } } as any);',
    ends: /^violated: error: The scenario failed: getter/,
  },
  "a proxy for a cell": {
    before:
      '@Replicated() class Wild { @Eventual() readonly views: any = new Proxy(counter(), { get() { throw new Error("proxy"); } }); constructor(readonly id: string) {} }',
    body: 'await session("nyc").open(Wild, "a").views.increment();',
    ends: /^violated: error: .*`Wild.views` is/,
  },

  // What it throws is no error.
  "thrown null": { body: "throw null;", ends: /^violated: error: .*null was thrown, which is not an Error/ },
  "thrown undefined": { body: "throw undefined;", ends: /^violated: error: .*undefined was thrown/ },
  "thrown at import": { before: "throw undefined;", ends: /^refused: .*throws while it is evaluated/ },
  "a thrown symbol": { body: 'throw Symbol("s");', ends: /^violated: error: .*Symbol\(s\) was thrown/ },
  "a thrown function": { body: "throw () => 1;", ends: /^violated: error: .*a function was thrown/ },
  "a thrown circle": {
    body: "const circle: any = {}; circle.c = circle; throw circle;",
    ends: /^violated: error: .*\{c: \{c: .*was thrown/,
  },
  "a thrown object without a prototype": { body: "throw Object.create(null);", ends: /^violated: error: .*was thrown/ },
  "a thrown proxy": { body: `throw ${wildProxy};`, ends: unreadable },
  "a thrown proxy at import": { before: `throw ${wildProxy};`, ends: /^refused: .*cannot be shown/ },
  "a rejected proxy": {
    body: `void Promise.reject(${wildProxy}); await sleep(1);`,
    ends: /^violated: error: A promise was rejected and nobody handled it: what was thrown cannot be shown/,
  },
  "a proxy thrown by a check": {
    body: `await check("c", () => { throw ${wildProxy}; });`,
    ends: /^violated: invariant: "c" does not hold.*cannot be shown/,
  },
  "an error whose message throws": {
    body: 'throw Object.defineProperty(new Error(), "message", { get() { throw new Error("message"); } });',
    ends: unreadable,
  },
  "an error whose stack throws": {
    body: 'throw Object.defineProperty(new Error(), "stack", { get() { throw new Error("stack"); } });',
    ends: unreadable,
  },
  "an error whose name is an object": {
    body: "throw Object.assign(new Error(), { name: { toString() { throw 1; } } });",
    ends: /^violated: error: .*cannot be shown/,
  },
  "an object whose toString throws": {
    body: 'throw { toString() { throw new Error("s"); }, toJSON() { throw new Error("j"); }, get message() { throw new Error("m"); } };',
    ends: unreadable,
  },
  "an error in a timer at import": {
    before: 'setTimeout(() => { throw new Error("later"); }, 1);',
    body: "await sleep(5);",
    ends: /^violated: error: A timer's callback threw: later/,
  },
  "a rejection at import": {
    before: 'void Promise.reject(new Error("at import"));',
    ends: /^violated: error: A promise was rejected and nobody handled it: at import/,
  },
};
