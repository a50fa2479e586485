import { labelInset, leastBar, textWidth } from "../model/rows.js";
import type { PlacedItem, Scene } from "../model/scene.js";
import type { Palette } from "./palette.js";

/** Pixels that stay where they are: names of lanes at the left, times at the top. */
export const gutter = 144;
export const axisHeight = 28;

/** One frame to paint: what, where the window onto it is, and what is marked. */
export interface Frame {
  readonly context: CanvasRenderingContext2D;
  readonly palette: Palette;
  readonly scene: Scene;
  readonly width: number;
  readonly height: number;
  /** Of zooming and panning along time. */
  readonly scale: number;
  readonly offset: number;
  /** Rows above the window. */
  readonly scrolled: number;
  readonly selected: number | undefined;
  /** The events of the sentence under the pointer. */
  readonly pointed: ReadonlySet<number>;
  readonly matching: ReadonlySet<number> | undefined;
  /** What to be strong in, where all is shown. */
  readonly cause: ReadonlySet<number> | undefined;
  readonly racing: ReadonlySet<number>;
  readonly instantUs: number;
  readonly violationUs: number | undefined;
}

/** Where a place of the scene is in the window. */
export function across({ scale, offset }: Pick<Frame, "scale" | "offset">, x: number): number {
  return gutter + x * scale + offset;
}

export function down({ scrolled }: Pick<Frame, "scrolled">, y: number): number {
  return axisHeight + y - scrolled;
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Of a bar or point, without its label. */
export function boxOf(frame: Frame, item: PlacedItem): Box {
  const x = across(frame, item.x0);
  const y = down(frame, item.y0);
  return { x, y, width: Math.max(leastBar, across(frame, item.x1) - x), height: item.y1 - item.y0 };
}

/** Where its label begins; undefined where it has none, or would run into the next in its row. */
export function labelPlace(frame: Frame, item: PlacedItem, box: Box): number | undefined {
  if (item.labelAt === "none") return undefined;
  const width = textWidth(item);
  if (box.width >= width + 2 * labelInset) {
    // Of a bar that begins left of the window, the label stays in sight.
    const start = Math.max(box.x, gutter) + labelInset;
    return Math.min(start, box.x + box.width - width - labelInset);
  }
  if (item.labelAt === "before") return box.x - width - labelInset;
  const start = box.x + box.width + labelInset;
  const room = across(frame, item.roomUntil) - start;
  return frame.scene.isDense && room < width ? undefined : start;
}
