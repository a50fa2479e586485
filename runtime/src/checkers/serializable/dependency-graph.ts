/**
 * `ww`: overwrote what the other wrote. `wr`: read what the other wrote. `rw`: read what the other then overwrote (an
 * anti-dependency). `order`: came before the other in its session, or in real time. After Adya, Weak Consistency, 1999, §3.1.
 */
export type DependencyKind = "ww" | "wr" | "rw" | "order";

/** `from` has to come before `to`. Both are indices of events. */
export interface Dependency {
  readonly from: number;
  readonly to: number;
  readonly kind: DependencyKind;
  /** Index of the cell; absent for `order`. */
  readonly cell?: number;
  /** What was there before `to` wrote, or what it read. */
  readonly before?: unknown;
  /** What `to` wrote; absent for `wr`. */
  readonly after?: unknown;
  /** Whether it holds only because sessions, or time, order some events. */
  readonly isByOrder: boolean;
  /** Events other than these two from which it follows. */
  readonly because: readonly number[];
  /** It follows from one event's coming before another, by a path of dependencies of earlier rounds. */
  readonly implied?: { readonly from: number; readonly to: number; readonly round: number };
}

export class DependencyGraph {
  private readonly outgoing: Dependency[][];

  constructor(readonly size: number) {
    this.outgoing = Array.from({ length: size }, () => []);
  }

  /** Of several between the same two, the first of a kind is kept. */
  add(dependency: Dependency): boolean {
    const { from, to, kind } = dependency;
    if (from === to) return false;
    const known = this.outgoing[from] as Dependency[];
    if (known.some((other) => other.to === to && other.kind === kind)) return false;
    known.push(dependency);
    return true;
  }

  from(event: number): readonly Dependency[] {
    return this.outgoing[event] as readonly Dependency[];
  }
}
