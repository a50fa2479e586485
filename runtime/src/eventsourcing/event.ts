/**
 * Something that happened: `Event<"Reserved", { sku: string; amount: number }>`. Its members are read-only, as what
 * happened does not change; what they hold is as mutable as it is declared.
 */
export type Event<Type extends string = string, Data extends object = object> = {
  readonly type: Type;
} & Readonly<Data>;
