// biome-ignore lint/suspicious/noExplicitAny: functions of every shape are replaced; each replacement states its own types.
type AnyFunction = (this: any, ...args: any[]) => unknown;

/** One property that differs while simulations run. */
export class Patch {
  private original: PropertyDescriptor | undefined;

  constructor(
    private readonly target: object,
    private readonly key: PropertyKey,
    private readonly replacement: PropertyDescriptor,
  ) {}

  apply(): void {
    this.original = Object.getOwnPropertyDescriptor(this.target, this.key);
    Object.defineProperty(this.target, this.key, this.replacement);
  }

  restore(): void {
    if (this.original === undefined) Reflect.deleteProperty(this.target, this.key);
    else Object.defineProperty(this.target, this.key, this.original);
  }
}

/**
 * Replaces a function by what `make` makes of the real one. Nothing if this version of Node has no such function, so
 * that the tables may name newer ones.
 */
export function replaceFunction(
  target: object | undefined,
  key: string | symbol,
  // biome-ignore lint/suspicious/noExplicitAny: see above.
  make: (real: any) => AnyFunction,
): readonly Patch[] {
  const real: unknown = target === undefined ? undefined : Reflect.get(target, key);
  if (target === undefined || typeof real !== "function") return [];
  const value = resembling(make(real), real as AnyFunction);
  const own = Object.getOwnPropertyDescriptor(target, key);
  if (own?.configurable === false) return []; // node:crypto's getRandomValues leads to the one that is patched
  return [new Patch(target, key, { value, writable: true, configurable: true, enumerable: own?.enumerable ?? false })];
}

export function replaceGetter(target: object, key: string, get: () => unknown): readonly Patch[] {
  return [new Patch(target, key, { get, configurable: true, enumerable: true })];
}

/** Libraries look at names, arities and the `util.promisify` variants of functions. */
function resembling(replacement: AnyFunction, real: AnyFunction): AnyFunction {
  for (const key of ["name", "length"] as const)
    Object.defineProperty(replacement, key, { value: real[key], configurable: true });
  return replacement;
}
