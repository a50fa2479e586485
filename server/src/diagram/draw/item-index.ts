import Flatbush from "flatbush";
import type { PlacedItem } from "../model/scene.js";

/** From so many on, what would fall onto the same pixels is left out before anything is looked up. */
const manyItems = 8_000;

interface Level {
  readonly items: readonly PlacedItem[];
  readonly tree: Flatbush | undefined;
}

/**
 * Finds what is in sight. A picture of many items has a thinner index for each power of two of the zoom, made when it is
 * first needed: seen from afar, most of a hundred thousand events share their pixels with others.
 */
export class ItemIndex {
  private readonly levels = new Map<number, Level>();

  constructor(private readonly items: readonly PlacedItem[]) {}

  /** Items that touch a box, in the order in which they are painted. */
  search(scale: number, box: readonly [left: number, top: number, right: number, bottom: number]): PlacedItem[] {
    const { items, tree } = this.levelFor(scale);
    const found = tree?.search(...box) ?? [];
    return found.sort((a, b) => a - b).map((index) => items[index] as PlacedItem);
  }

  private levelFor(scale: number): Level {
    const power = this.items.length < manyItems ? 0 : 2 ** Math.ceil(Math.log2(Math.max(1, scale)));
    const known = this.levels.get(power);
    if (known !== undefined) return known;
    const items = power === 0 ? this.items : thinned(this.items, power);
    const level = { items, tree: treeOf(items) };
    this.levels.set(power, level);
    return level;
  }
}

function treeOf(items: readonly PlacedItem[]): Flatbush | undefined {
  if (items.length === 0) return undefined;
  const tree = new Flatbush(items.length);
  for (const { x0, x1, y0, y1 } of items) tree.add(x0, Math.min(y0, y1), x1, Math.max(y0, y1));
  tree.finish();
  return tree;
}

/** Of what would be painted within the same two pixels, the first; what has a number always. */
function thinned(items: readonly PlacedItem[], scale: number): readonly PlacedItem[] {
  const taken = new Set<number>();
  return items.filter((item) => {
    if (item.mark !== "") return true;
    const key = pixelKey(item, Math.round((item.x0 * scale) / 2));
    if (taken.has(key)) return false;
    taken.add(key);
    return true;
  });
}

/** Items with the same key cover one another. */
export function pixelKey({ lane, target, row }: PlacedItem, column: number): number {
  return ((column * 128 + lane) * 128 + target + 1) * 64 + Math.min(row, 63);
}
