interface Memory<K, V> {
  get(key: K): V | undefined;
  set(key: K, value: V): unknown;
}

/** The value under a key, made when it is first asked for. */
export function remembered<K, V extends object>(memory: Memory<K, V>, key: K, make: () => V): V {
  const known = memory.get(key);
  if (known !== undefined) return known;
  const made = make();
  memory.set(key, made);
  return made;
}

/** Adds a member that is computed when first read. */
export function lazily<T extends object, K extends string, V>(
  base: T,
  key: K,
  compute: () => V,
): T & { readonly [P in K]: V } {
  let value: { readonly of: V } | undefined;
  return Object.defineProperty(base, key, {
    enumerable: true,
    configurable: true,
    get: () => {
      value ??= { of: compute() };
      return value.of;
    },
  }) as T & { readonly [P in K]: V };
}

/** Adds members each of which is computed when first read. */
export function allLazily<T extends object, A extends object>(
  base: T,
  compute: { readonly [P in keyof A]: () => A[P] },
): T & Readonly<A> {
  for (const key of Object.keys(compute) as (keyof A & string)[]) lazily(base, key, compute[key]);
  return base as T & Readonly<A>;
}
