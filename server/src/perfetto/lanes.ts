/** Something that takes a while, and what it is a part of. */
export interface Span {
  readonly startUs: number;
  readonly endUs: number;
  readonly parent: Span | undefined;
}

/**
 * Puts spans on as few lanes as it takes so that on each they lie side by side or within what they are a part of: the
 * slices of a thread have to nest, and what one session does at a time need not. Gives the lane of each, from 0.
 */
export function lanesOf<S extends Span>(spans: readonly S[]): ReadonlyMap<S, number> {
  const placed = new Map<Span, number>();
  const open: Span[][] = [];
  const ordered = [...spans].sort((a, b) => a.startUs - b.startUs || b.endUs - a.endUs || depthOf(a) - depthOf(b));
  for (const span of ordered) {
    for (const stack of open) while (isOver(stack.at(-1), span)) stack.pop();
    let lane = span.parent === undefined ? -1 : (placed.get(span.parent) ?? -1);
    if (!(lane >= 0 && fits(span, open[lane] ?? []))) lane = open.findIndex((stack) => stack.length === 0);
    if (lane < 0) lane = open.push([]) - 1;
    open[lane]?.push(span);
    placed.set(span, lane);
  }
  return new Map(spans.map((span) => [span, placed.get(span) ?? 0]));
}

const depthOf = ({ parent }: Span): number => (parent === undefined ? 0 : 1 + depthOf(parent));

/** What takes no time is over at once, but for what takes none within it. */
const isOver = (top: Span | undefined, next: Span): boolean =>
  top !== undefined && top.endUs <= next.startUs && !(next.parent === top && next.endUs === top.endUs);

const fits = (span: Span, stack: readonly Span[]): boolean =>
  stack.at(-1) === span.parent && span.endUs <= (span.parent?.endUs ?? Number.NEGATIVE_INFINITY);
