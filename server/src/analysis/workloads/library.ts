/**
 * What signatures of plain data need of the standard library. TypeScript's own declarations take a hundred times as long
 * to read; they are read only where a type is not found here.
 */
export const library = `
interface Array<T> {
  [n: number]: T; length: number;
  map<U>(change: (value: T, index: number) => U): U[];
  filter(test: (value: T, index: number) => unknown): T[];
  includes(value: T): boolean;
  concat(...items: (T | readonly T[])[]): T[];
  slice(start?: number, end?: number): T[];
}
interface ReadonlyArray<T> {
  readonly [n: number]: T; readonly length: number;
  map<U>(change: (value: T, index: number) => U): U[];
  filter(test: (value: T, index: number) => unknown): T[];
  includes(value: T): boolean;
  concat(...items: (T | readonly T[])[]): T[];
  slice(start?: number, end?: number): T[];
}
interface ConcatArray<T> { readonly [n: number]: T; readonly length: number }
interface Boolean { valueOf(): boolean }
interface Number { toFixed(digits?: number): string; toString(radix?: number): string; valueOf(): number }
interface String { readonly length: number; readonly [n: number]: string; valueOf(): string; toUpperCase(): string; toLowerCase(): string; trim(): string; slice(start?: number, end?: number): string; split(by: string): string[] }
interface BigInt { valueOf(): bigint }
interface Symbol { valueOf(): symbol }
interface SymbolConstructor { readonly iterator: unique symbol; readonly asyncIterator: unique symbol; (description?: string): symbol }
declare const Symbol: SymbolConstructor;
interface Object { valueOf(): Object }
interface ObjectConstructor { freeze<const T>(value: T): Readonly<T> }
declare const Object: ObjectConstructor;
interface Function { readonly name: string }
interface CallableFunction extends Function {}
interface NewableFunction extends Function {}
interface IArguments { length: number }
interface RegExp { test(text: string): boolean }
interface Error { name: string; message: string; stack?: string }
interface ErrorConstructor { new (message?: string): Error; (message?: string): Error; readonly prototype: Error }
declare var Error: ErrorConstructor;
interface Date { getTime(): number; toISOString(): string }
interface DateConstructor { new (value?: number | string | Date): Date; now(): number }
declare const Date: DateConstructor;
interface PromiseLike<T> { then<U>(next: (value: T) => U | PromiseLike<U>): PromiseLike<U> }
interface Promise<T> { then<U>(next: (value: T) => U | PromiseLike<U>): Promise<U> }
interface Map<K, V> { get(key: K): V | undefined; set(key: K, value: V): this; readonly size: number }
interface ReadonlyMap<K, V> { get(key: K): V | undefined; readonly size: number }
interface Set<T> { has(value: T): boolean; add(value: T): this; readonly size: number }
interface ReadonlySet<T> { has(value: T): boolean; readonly size: number }
interface Iterable<T> { [Symbol.iterator](): { next(): { value: T; done?: boolean } } }
interface ArrayLike<T> { readonly [n: number]: T; readonly length: number }
interface IterableIterator<T> { next(): { value: T; done?: boolean } }
interface TemplateStringsArray extends ReadonlyArray<string> { readonly raw: readonly string[] }
interface ClassDecoratorContext<C = unknown> { readonly kind: "class" }
interface ClassMethodDecoratorContext<This = unknown, V = unknown> { readonly kind: "method" }
interface ClassFieldDecoratorContext<This = unknown, V = unknown> { readonly kind: "field" }
interface TypedPropertyDescriptor<T> { value?: T }
type PropertyKey = string | number | symbol;
type Partial<T> = { [P in keyof T]?: T[P] };
type Required<T> = { [P in keyof T]-?: T[P] };
type Readonly<T> = { readonly [P in keyof T]: T[P] };
type Pick<T, K extends keyof T> = { [P in K]: T[P] };
type Record<K extends keyof any, T> = { [P in K]: T };
type Exclude<T, U> = T extends U ? never : T;
type Extract<T, U> = T extends U ? T : never;
type Omit<T, K extends keyof any> = Pick<T, Exclude<keyof T, K>>;
type NonNullable<T> = T & {};
type Parameters<T extends (...args: any) => any> = T extends (...args: infer P) => any ? P : never;
type ConstructorParameters<T extends abstract new (...args: any) => any> = T extends abstract new (...args: infer P) => any ? P : never;
type ReturnType<T extends (...args: any) => any> = T extends (...args: any) => infer R ? R : any;
type InstanceType<T extends abstract new (...args: any) => any> = T extends abstract new (...args: any) => infer R ? R : any;
type Awaited<T> = T extends PromiseLike<infer U> ? Awaited<U> : T extends Promise<infer U> ? Awaited<U> : T;
type NoInfer<T> = intrinsic;
type Uppercase<S extends string> = intrinsic;
type Lowercase<S extends string> = intrinsic;
type Capitalize<S extends string> = intrinsic;
type Uncapitalize<S extends string> = intrinsic;
`;
