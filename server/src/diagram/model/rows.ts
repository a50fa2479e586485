import type { Lane } from "./lanes.js";
import type { Item, PlacedItem, PlacedLane } from "./scene.js";

/** Heights in pixels. */
export const rowHeight = 24;
const barHeight = 18;
const lanePadding = 7;
const replicaAxis = 15;
const replicaRow = 17;

/** Of a dense picture, so many rows at most before things are drawn over one another. */
const denseRows = 3;
/** Between a label and what follows it. */
const labelGap = 10;
export const labelInset = 6;
export const markWidth = 18;
export const leastBar = 6;

interface PlaceOptions {
  readonly isDense: boolean;
  readonly width: number;
}

/** Gives every item a row in which nothing overlaps at any zoom: places spread when zooming in, labels stay as wide. */
export function placeRows(
  items: readonly Item[],
  lanes: readonly Lane[],
  options: PlaceOptions,
): { readonly lanes: readonly PlacedLane[]; readonly items: readonly PlacedItem[]; readonly height: number } {
  const placedLanes: PlacedLane[] = [];
  const rowsOfLane = lanes.map((_, lane) =>
    packed(
      items.filter((item) => item.lane === lane && isPacked(item)),
      options,
    ),
  );
  let top = 0;
  for (const [index, lane] of lanes.entries()) {
    const isFirstOfRegion = lane.kind !== "network" && lanes[index - 1]?.region !== lane.region;
    if (isFirstOfRegion && index > 0) top += 6;
    const count = rowsOfLane[index]?.count ?? 0;
    const height = heightOf(lane, count);
    placedLanes.push({ ...lane, top, height, axis: top + replicaAxis, isFirstOfRegion });
    top += height;
  }
  const placed: PlacedItem[] = [];
  for (const { rows } of rowsOfLane)
    for (const each of rows) placed.push({ ...each, ...verticalOf(each, placedLanes) });
  for (const item of items) {
    const [from, to] = [placedLanes[item.lane], placedLanes[item.target]];
    if (item.shape !== "message" || from === undefined || to === undefined) continue;
    placed.push({ ...item, row: 0, y0: from.axis, y1: to.axis, labelAt: "none", roomUntil: item.x1 });
  }
  return { lanes: placedLanes, items: placed, height: top + 4 };
}

const isPacked = ({ shape }: Item): boolean => shape !== "message";

function heightOf({ kind }: Lane, rows: number): number {
  if (kind === "replica") return replicaAxis + 9 + rows * replicaRow;
  return lanePadding + Math.max(1, rows) * rowHeight;
}

function verticalOf({ lane, row }: { lane: number; row: number }, lanes: readonly PlacedLane[]) {
  const { kind, top, axis } = lanes[lane] as PlacedLane;
  if (kind === "replica") return { y0: axis, y1: axis + 9 + row * replicaRow };
  const y0 = top + lanePadding + row * rowHeight;
  return { y0, y1: y0 + barHeight };
}

type RowItem = Omit<PlacedItem, "y0" | "y1">;

function packed(items: readonly Item[], options: PlaceOptions): { readonly rows: readonly RowItem[]; count: number } {
  const tiers = [...new Set(items.map(({ tier }) => tier))].sort((a, b) => a - b);
  const rows: RowItem[] = [];
  let count = 0;
  for (const tier of tiers) {
    const ofTier = items.filter((item) => item.tier === tier);
    const added = packTier(ofTier, count, options);
    rows.push(...added.rows);
    count += added.count;
  }
  return { rows, count };
}

/** First fit, in order of time. */
function packTier(items: readonly Item[], firstRow: number, { isDense, width }: PlaceOptions) {
  const ends: number[] = [];
  const last: number[] = [];
  const rows: RowItem[] = [];
  for (const item of [...items].sort((a, b) => a.x0 - b.x0)) {
    const labelAt = sideOf(item, width);
    const [start, end] = isDense ? [item.x0, Math.max(item.x1, item.x0 + 1)] : extentOf(item, labelAt);
    let row = ends.findIndex((each) => each <= start);
    if (row === -1) row = isDense && ends.length >= denseRows ? ends.indexOf(Math.min(...ends)) : ends.length;
    const previous = last[row];
    if (previous !== undefined && rows[previous] !== undefined)
      rows[previous] = { ...rows[previous], roomUntil: item.x0 };
    ends[row] = end + (isDense ? 0 : labelGap);
    last[row] = rows.length;
    rows.push({ ...item, row: firstRow + row, labelAt, roomUntil: Number.POSITIVE_INFINITY });
  }
  return { rows, count: ends.length };
}

/** What is written needs its mark too. */
export function textWidth({ labelWidth, mark }: Item): number {
  return labelWidth + (mark === "" ? 0 : markWidth);
}

function sideOf(item: Item, width: number): PlacedItem["labelAt"] {
  if (item.label === "") return "none";
  const isBar = item.shape === "call" || item.shape === "operation" || item.shape === "fault";
  const text = textWidth(item) + labelInset;
  if (isBar && item.x1 - item.x0 >= text + labelInset) return "inside";
  return item.x1 + text + labelInset > width && item.x0 > text + labelInset ? "before" : "after";
}

function extentOf(item: Item, labelAt: PlacedItem["labelAt"]): readonly [number, number] {
  const end = Math.max(item.x1, item.x0 + leastBar);
  const text = textWidth(item) + labelInset;
  if (labelAt === "before") return [item.x0 - text, end];
  return [item.x0, labelAt === "after" ? end + text : end];
}
