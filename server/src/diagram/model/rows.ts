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
export const markWidth = 20;
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
    if (isPacked(item) || from === undefined || to === undefined) continue;
    const y1 = item.shape === "lost" ? borderOf(from, to, placedLanes) : to.axis;
    placed.push({ ...item, row: 0, y0: from.axis, y1, labelAt: "none", roomUntil: item.x1 });
  }
  return { lanes: placedLanes, items: placed, height: top + 4 };
}

const isPacked = ({ shape }: Item): boolean => shape !== "message" && shape !== "lost";

/** Where a region's lanes end, on the side of another: that is as far as a message gets that is lost. */
function borderOf({ region, axis }: PlacedLane, to: PlacedLane, lanes: readonly PlacedLane[]): number {
  const own = lanes.filter((lane) => lane.region === region);
  const tops = own.map(({ top }) => top);
  const bottoms = own.map(({ top, height }) => top + height);
  return to.axis > axis ? Math.max(...bottoms) + 3 : Math.min(...tops) - 3;
}

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

interface Packed {
  readonly rows: readonly RowItem[];
  readonly count: number;
}

/** First fit, in order of time. Of a call and what is in it, what is deeper stands below. */
function packed(items: readonly Item[], options: PlaceOptions): Packed {
  return options.isDense ? packedByTier(items, options.width) : packedByBlock(items, options.width);
}

/** An item of the outermost tier begins a block; what follows deeper belongs to it. */
function packedByBlock(items: readonly Item[], width: number): Packed {
  const ends: number[] = [];
  const rows: RowItem[] = [];
  for (const block of blocksOf(items)) {
    const placed = placedInBlock(block, width);
    const height = 1 + Math.max(...placed.map(({ row }) => row));
    let base = 0;
    while (
      placed.some(
        ({ item, row, labelAt }) => extentOf(item, labelAt)[0] < (ends[base + row] ?? Number.NEGATIVE_INFINITY),
      )
    )
      base++;
    for (let row = base; row < base + height; row++) ends[row] ??= Number.NEGATIVE_INFINITY;
    for (const { item, row, labelAt } of placed) {
      ends[base + row] = Math.max(ends[base + row] as number, extentOf(item, labelAt)[1] + labelGap);
      rows.push({ ...item, row: base + row, labelAt, roomUntil: Number.POSITIVE_INFINITY });
    }
  }
  return { rows, count: ends.length };
}

function blocksOf(items: readonly Item[]): readonly (readonly Item[])[] {
  const ordered = [...items].sort((a, b) => a.x0 - b.x0 || a.tier - b.tier);
  const blocks: Item[][] = [];
  for (const item of ordered) {
    const last = blocks.at(-1);
    if (last === undefined || item.tier === 0 || last[0]?.tier !== 0) blocks.push([item]);
    else last.push(item);
  }
  return blocks;
}

function placedInBlock(block: readonly Item[], width: number) {
  const ends: number[] = [];
  return block.map((item) => {
    const labelAt = sideOf(item, width);
    const [start, end] = extentOf(item, labelAt);
    let row = item.tier;
    while (start < (ends[row] ?? Number.NEGATIVE_INFINITY)) row++;
    ends[row] = end + labelGap;
    return { item, row, labelAt };
  });
}

/** Labels have no say: there are too many of them. */
function packedByTier(items: readonly Item[], width: number): Packed {
  const tiers = [...new Set(items.map(({ tier }) => tier))].sort((a, b) => a - b);
  const rows: RowItem[] = [];
  let count = 0;
  for (const tier of tiers) {
    const added = packTier(
      items.filter((item) => item.tier === tier),
      count,
      width,
    );
    rows.push(...added.rows);
    count += added.count;
  }
  return { rows, count };
}

function packTier(items: readonly Item[], firstRow: number, width: number): Packed {
  const ends: number[] = [];
  const last: number[] = [];
  const rows: RowItem[] = [];
  for (const item of [...items].sort((a, b) => a.x0 - b.x0)) {
    let row = ends.findIndex((each) => each <= item.x0);
    if (row === -1) row = ends.length >= denseRows ? ends.indexOf(Math.min(...ends)) : ends.length;
    const previous = last[row];
    if (previous !== undefined && rows[previous] !== undefined)
      rows[previous] = { ...rows[previous], roomUntil: item.x0 };
    ends[row] = Math.max(item.x1, item.x0 + 1);
    last[row] = rows.length;
    rows.push({
      ...item,
      row: firstRow + row,
      labelAt: denseSideOf(item, width),
      roomUntil: Number.POSITIVE_INFINITY,
    });
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

/** Of many labels most are left out, so only what stands alone may reach to the left. */
function denseSideOf(item: Item, width: number): PlacedItem["labelAt"] {
  if (item.shape === "flag") return sideOf(item, width);
  return item.label === "" ? "none" : "after";
}

function extentOf(item: Item, labelAt: PlacedItem["labelAt"]): readonly [number, number] {
  const end = Math.max(item.x1, item.x0 + leastBar);
  const text = textWidth(item) + labelInset;
  if (labelAt === "before") return [item.x0 - text, end];
  return [item.x0, labelAt === "after" ? end + text : end];
}
