// biome-ignore lint/suspicious/noExplicitAny: the constructor type that every class is assignable to
export type AnyClass = abstract new (...args: any) => unknown;

export type Place = "class" | "field" | "method" | "static method" | "parameter";

/** Where a decorator stands, in one shape for both dialects. */
export type Target =
  | { readonly place: "class"; readonly owner: object; readonly type: AnyClass }
  | { readonly place: "parameter"; readonly owner: object }
  | Member<"field">
  | Member<"method">
  | Member<"static method">;

interface Member<P extends Place> {
  readonly place: P;
  /** What the class's record is kept by. */
  readonly owner: object;
  readonly name: string | symbol;
}
