/**
 * The runtime's types as far as they decide what a receiver is. The type pass uses these in place of the installed package:
 * small, always there, and the same whichever version the project has.
 */
export const prelude = `
export type Level = "none" | "eventual" | "causal" | "sequential" | "linearizable";
type AnyClass = abstract new (...args: any) => any;
type AnyMethod<This> = (this: This, ...args: any) => Promise<unknown>;
interface Annotation {
  <This, V>(value: undefined, context: ClassFieldDecoratorContext<This, V>): void;
  <This, M extends AnyMethod<This>>(method: M, context: ClassMethodDecoratorContext<This, M>): void;
  <C extends AnyClass>(target: C, context: ClassDecoratorContext<C>): void;
}
interface MergingOptions {
  readonly merge?: Merge | ((a: any, b: any) => unknown);
  readonly mechanism?: object;
  readonly conflict?: "add-wins" | "remove-wins";
  readonly timeoutMs?: number;
}
export function Replicated(): Annotation;
export function NoConsistency(options?: MergingOptions): Annotation;
export function Eventual(options?: MergingOptions): Annotation;
export function Causal(options?: MergingOptions): Annotation;
export function Sequential(options?: object): Annotation;
export function Linearizable(options?: object): Annotation;
export function Transaction(options?: object): Annotation;
export function Saga(options: { readonly compensate: string }): Annotation;
export function Available(): Annotation;
export function Deadline(ms: number): Annotation;
export function Invariant(text: string, options?: { readonly when?: "always" | "converged" }): Annotation;
export function Workload(options: object): Annotation;
export function Query(): Annotation;
export function Command(): Annotation;
export function ReadModel(): Annotation;
export interface Projection<Event, State> {
  readonly name: string;
  readonly initialState: State;
  readonly evolve: (state: State, event: Event) => State;
}
export function projection<Event, State>(definition: Projection<Event, State>): Projection<Event, State>;
export type Event<Type extends string = string, Data extends object = object> = { readonly type: Type } & Readonly<Data>;
export interface Decider<Command, Event, State> {
  readonly initialState: State;
  readonly decide: (command: Command, state: State) => readonly Event[];
  readonly evolve: (state: State, event: Event) => State;
}
export function decider<Command, Event, State>(definition: Decider<Command, Event, State>): Decider<Command, Event, State>;
export interface SagaStep { readonly cell: string; readonly operation: string; readonly args: readonly unknown[]; readonly before?: unknown; readonly after?: unknown }
export interface SagaSteps { readonly completed: readonly SagaStep[]; readonly indeterminate: readonly SagaStep[] }
export declare class Register<T> {
  read(): Promise<T>;
  write(value: T): Promise<void>;
  update(change: (current: T) => T): Promise<T>;
  compareAndSet(expected: T, next: T): Promise<boolean>;
  siblings(): Promise<readonly T[]>;
  at(level: Level): this;
}
export declare class Counter {
  read(): Promise<number>;
  increment(by?: number): Promise<void>;
  decrement(by?: number): Promise<void>;
  at(level: Level): this;
}
export declare class ReplicatedSet<T> {
  has(value: T): Promise<boolean>;
  add(value: T): Promise<void>;
  delete(value: T): Promise<void>;
  values(): Promise<readonly T[]>;
  size(): Promise<number>;
  at(level: Level): this;
}
export declare class ReplicatedMap<K extends string, V> {
  get(key: K): Promise<V | undefined>;
  put(key: K, value: V): Promise<void>;
  update(key: K, change: (current: V | undefined) => V): Promise<V>;
  delete(key: K): Promise<void>;
  has(key: K): Promise<boolean>;
  entries(): Promise<readonly [K, V][]>;
  at(level: Level): this;
}
export declare class Log<T> {
  append(entry: T): Promise<void>;
  entries(): Promise<readonly T[]>;
  at(level: Level): this;
}
export function register<T>(initial: T): Register<T>;
export function counter(initial?: number): Counter;
export function set<T>(): ReplicatedSet<T>;
export function map<K extends string, V>(): ReplicatedMap<K, V>;
export function log<T>(): Log<T>;
interface ReplicatedType<T> { readonly type: abstract new (...args: any) => T }
type Openable<T> = (new (id: string) => T) | ReplicatedType<T>;
export function replicated<T>(type: abstract new (...args: any) => T, options: { readonly create: (id: string) => T }): ReplicatedType<T>;
export function open<T>(type: Openable<T>, id: string): T;
export declare class Session {
  open<T>(type: Openable<T>, id: string): T;
  moveTo(region: string): Promise<void>;
  token(): string;
}
export declare const deployment: { session(options?: { readonly region?: string; readonly token?: string }): Session; record(options: object): void };
export function endorse<T>(value: T, reason: string): T;
interface Merge { (a: any, b: any): any; readonly wallClock: Merge }
export declare const lastWriterWins: Merge;
export function isolated(): object;
export function cache(options: object): object;
export function gossip(options?: object): object;
export function causalBroadcast(): object;
export function orderedLog(options?: object): object;
export function raft(options?: object): object;
export function primaryReplica(options?: object): object;
export function multiPrimary(): object;
export function quorum(options: { readonly n: number; readonly r: number; readonly w: number; readonly sloppy?: boolean }): object;
export function trueTime(options?: object): object;
export declare class UnavailableError extends Error {}
export declare class IndeterminateError extends Error {}
export declare class ConflictError extends Error {}
export function isUnavailable(error: unknown): boolean;
export function isIndeterminate(error: unknown): boolean;
interface ScenarioSession { open<T>(type: Openable<T>, id: string): T; moveTo(region: string): Promise<void> }
interface ScenarioContext {
  session(region: string): ScenarioSession;
  open<T>(type: Openable<T>, id: string): T;
  sleep(ms: number): Promise<void>;
  now(): number;
  random(): number;
  check(name: string, predicate: () => unknown): Promise<void>;
  converged(name: string, predicate: (session: ScenarioSession) => unknown): void;
}
export function scenario(name: string, options: { readonly setup?: (context: { open<T>(type: Openable<T>, id: string): T }) => Promise<void>; readonly [option: string]: any }, body: (context: ScenarioContext) => Promise<void>): object;
`;
