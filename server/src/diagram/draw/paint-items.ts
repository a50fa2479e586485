import type { ScheduleEvent } from "../input.js";
import { labelInset, markWidth, textWidth } from "../model/rows.js";
import type { PlacedItem } from "../model/scene.js";
import { across, axisHeight, type Box, boxOf, down, type Frame, gutter, labelPlace } from "./frame.js";
import { pixelKey } from "./item-index.js";
import { line } from "./paint-ground.js";

/** More messages in sight than these are drawn once for each pixel that they would share. */
const manyMessages = 600;

export function paintItems(frame: Frame, items: readonly PlacedItem[], events: readonly ScheduleEvent[]): void {
  const { context, width, height } = frame;
  context.save();
  context.beginPath();
  context.rect(gutter, axisHeight, width - gutter, height - axisHeight);
  context.clip();
  context.textBaseline = "middle";
  paintMessages(
    frame,
    items.filter(({ shape }) => isMessage(shape)),
  );
  paintInstant(frame);
  const painted = new Set<number>();
  for (const item of items) {
    if (isMessage(item.shape) || isCovered(frame, item, painted)) continue;
    paintItem(frame, item, events[item.event] as ScheduleEvent);
  }
  context.globalAlpha = 1;
  context.restore();
}

const isMessage = (shape: PlacedItem["shape"]): boolean => shape === "message" || shape === "lost";

/** Of a dense picture, what falls onto the same pixels is painted once. */
function isCovered(frame: Frame, item: PlacedItem, painted: Set<number>): boolean {
  const { x0, event, mark } = item;
  if (!frame.scene.isDense || event === frame.selected || mark !== "") return false;
  const key = pixelKey(item, Math.round(across(frame, x0) / 2));
  if (painted.has(key)) return true;
  painted.add(key);
  return false;
}

/** What is not in question steps back. */
function strength({ matching, cause, selected, pointed }: Frame, event: number): number {
  if (event === selected || pointed.has(event)) return 1;
  if (matching !== undefined) return matching.has(event) ? 1 : 0.15;
  if (pointed.size > 0) return 0.35;
  return cause === undefined || cause.has(event) ? 1 : 0.55;
}

function paintMessages(frame: Frame, items: readonly PlacedItem[]): void {
  const isMany = items.length > manyMessages;
  if (isMany) paintManyMessages(frame, items);
  for (const item of items) {
    const isStrong = item.event === frame.selected || frame.pointed.has(item.event);
    if (isStrong || !isMany) paintMessage(frame, item, isStrong);
  }
  frame.context.globalAlpha = 1;
}

function paintMessage(frame: Frame, item: PlacedItem, isStrong: boolean): void {
  const { context, palette } = frame;
  const isAside = frame.cause?.has(item.event) === false;
  const isLost = item.shape === "lost";
  context.globalAlpha = (isAside ? 0.4 : 0.9) * strength(frame, item.event);
  context.strokeStyle = isStrong ? palette.accent : isLost && !isAside ? palette.danger : palette.message;
  context.lineWidth = isStrong ? 2 : palette.edgeWidth * 1.2;
  context.fillStyle = context.strokeStyle;
  const [x0, y0, y1] = [across(frame, item.x0), down(frame, item.y0), down(frame, item.y1)];
  if (isLost) paintLost(context, x0, y0, y1);
  else paintArrow(context, { x0, y0, x1: across(frame, item.x1), y1 }, !isAside);
}

/** Lines that a path may have before it costs more than several. */
const linesInPath = 120;

/** All alike, one for each few pixels, and many in one path: that is what keeps panning smooth. */
function paintManyMessages(frame: Frame, items: readonly PlacedItem[]): void {
  const { context, palette, matching } = frame;
  const painted = new Set<number>();
  context.globalAlpha = 0.4;
  context.strokeStyle = palette.message;
  context.lineWidth = palette.edgeWidth;
  context.beginPath();
  for (const item of items) {
    if (matching?.has(item.event) === false) continue;
    const x0 = across(frame, item.x0);
    const key = pixelKey(item, Math.round(x0 / 5));
    if (painted.has(key)) continue;
    painted.add(key);
    context.moveTo(x0, down(frame, item.y0));
    context.lineTo(item.shape === "lost" ? x0 + lostReach : across(frame, item.x1), down(frame, item.y1));
    if (painted.size % linesInPath !== 0) continue;
    context.stroke();
    context.beginPath();
  }
  context.stroke();
}

interface Segment {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

function paintArrow(context: CanvasRenderingContext2D, { x0, y0, x1, y1 }: Segment, hasHead: boolean): void {
  line(context, x0, y0, x1, y1);
  if (!hasHead) return;
  const angle = Math.atan2(y1 - y0, x1 - x0);
  context.beginPath();
  context.moveTo(x1, y1);
  for (const side of [-0.4, 0.4]) context.lineTo(x1 - 8 * Math.cos(angle + side), y1 - 8 * Math.sin(angle + side));
  context.fill();
}

/** Pixels that a lost message gets along time, as nobody knows when it was. */
export const lostReach = 14;

/** It sets out, and ends at a cross. */
function paintLost(context: CanvasRenderingContext2D, x0: number, y0: number, y1: number): void {
  const [x, y] = [x0 + lostReach, y1];
  context.setLineDash([3, 3]);
  line(context, x0, y0, x, y);
  context.setLineDash([]);
  line(context, x - 3.5, y - 3.5, x + 3.5, y + 3.5);
  line(context, x - 3.5, y + 3.5, x + 3.5, y - 3.5);
}

function paintItem(frame: Frame, item: PlacedItem, event: ScheduleEvent): void {
  const { context } = frame;
  context.globalAlpha = strength(frame, item.event);
  const box = boxOf(frame, item);
  if (isMinute(frame, item, box)) paintTick(frame, item, box, event);
  else if (item.shape === "state" || item.shape === "merge" || item.shape === "note") paintPoint(frame, item);
  else if (item.shape === "flag") paintFlag(frame, item, box, event);
  else paintBar(frame, item, box, event);
}

/** Too small and too crowded for more than a stroke. */
function isMinute(frame: Frame, item: PlacedItem, box: Box): boolean {
  if (!frame.scene.isDense || item.mark !== "" || item.event === frame.selected) return false;
  return box.width <= 8 && labelPlace(frame, item, box) === undefined;
}

function paintTick(frame: Frame, item: PlacedItem, box: Box, event: ScheduleEvent): void {
  const { context, palette } = frame;
  const isOnAxis = frame.scene.lanes[item.lane]?.kind === "replica";
  context.fillStyle = isOnAxis
    ? item.shape === "state"
      ? palette.accent
      : palette.muted
    : barColors(frame, item, event).edge;
  if (isOnAxis) context.fillRect(box.x - 1.5, box.y - 3, 3, 6);
  else context.fillRect(box.x, box.y + 2, Math.min(box.width, 3), box.height - 4);
}

function paintBar(frame: Frame, item: PlacedItem, box: Box, event: ScheduleEvent): void {
  const { context, palette } = frame;
  const { fill, edge, isDashed } = barColors(frame, item, event);
  context.beginPath();
  context.roundRect(box.x + 0.5, box.y + 0.5, Math.max(1, box.width - 1), box.height - 1, Math.min(3.5, box.width / 2));
  context.fillStyle = fill;
  context.fill();
  context.strokeStyle = edge;
  context.lineWidth = item.isRacing ? palette.edgeWidth + 0.5 : palette.edgeWidth;
  if (isDashed) context.setLineDash([4, 3]);
  context.stroke();
  context.setLineDash([]);
  ring(frame, item, box);
  paintLabel(frame, item, box);
}

function barColors({ palette }: Frame, item: PlacedItem, event: ScheduleEvent) {
  if (item.shape === "fault") return { fill: palette.dangerFill, edge: palette.danger, isDashed: false };
  const outcome = event.kind === "call" || event.kind === "operation" ? event.outcome : "ok";
  if (item.isRacing) return { fill: palette.dangerFill, edge: palette.danger, isDashed: outcome !== "ok" };
  if (outcome === "info" || outcome === "pending")
    return { fill: palette.doubtFill, edge: palette.doubt, isDashed: true };
  if (outcome === "fail" || outcome === "error") return { fill: palette.ground, edge: palette.muted, isDashed: true };
  if (item.shape === "call") return { fill: palette.callFill, edge: palette.callEdge, isDashed: false };
  const isRead = event.kind === "operation" && !event.mutates;
  return { fill: isRead ? palette.readFill : palette.operationFill, edge: palette.operationEdge, isDashed: false };
}

function paintLabel(frame: Frame, item: PlacedItem, box: Box): void {
  const place = labelPlace(frame, item, box);
  if (place === undefined) return;
  const { context, palette } = frame;
  const y = box.y + box.height / 2 + 0.5;
  let x = place;
  x += paintMark(frame, item, x, y);
  context.font = palette.font;
  const isInside = box.width >= textWidth(item) + 2 * labelInset;
  write(frame, item.label, { x, y, color: palette.text, hasHalo: !isInside });
}

interface Writing {
  readonly x: number;
  readonly y: number;
  readonly color: string;
  /** So that lines behind it do not run through it. */
  readonly hasHalo: boolean;
}

function write({ context, palette, scene }: Frame, text: string, { x, y, color, hasHalo }: Writing): void {
  if (hasHalo && !scene.isDense) {
    context.strokeStyle = palette.surface;
    context.lineWidth = 4;
    context.lineJoin = "round";
    context.strokeText(text, x, y);
  }
  context.fillStyle = color;
  context.fillText(text, x, y);
}

/** The numbered circle by which the story speaks of it; answers the room that it takes. */
function paintMark({ context, palette }: Frame, { mark, isRacing, shape }: PlacedItem, x: number, y: number): number {
  if (mark === "") return 0;
  const isStrong = isRacing || shape === "merge" || shape === "flag";
  context.beginPath();
  context.arc(x + 7, y - 0.5, 7.5, 0, 2 * Math.PI);
  context.fillStyle = isStrong ? palette.danger : palette.muted;
  context.fill();
  context.font = palette.markFont;
  context.fillStyle = palette.ground;
  context.textAlign = "center";
  context.fillText(mark, x + 7, y);
  context.textAlign = "left";
  return markWidth;
}

function paintPoint(frame: Frame, item: PlacedItem): void {
  const { context, palette } = frame;
  const center = across(frame, item.x0);
  const axis = down(frame, item.y0);
  const y = down(frame, item.y1) + 8;
  const isMerge = item.shape === "merge";
  context.fillStyle = isMerge ? palette.danger : item.shape === "note" ? palette.muted : palette.accent;
  context.beginPath();
  if (isMerge) diamond(context, center, axis, 6);
  else context.arc(center, axis, 3.5, 0, 2 * Math.PI);
  context.fill();
  const place = labelPlace(frame, item, { x: center - 3, y, width: 6, height: 0 });
  if (place !== undefined) {
    context.strokeStyle = palette.rule;
    context.lineWidth = 1;
    if (y - axis > 18) line(context, center + 0.5, axis + 5, center + 0.5, y - 4);
    const start = place - (item.labelAt === "after" ? labelInset : -labelInset);
    const x = start + paintMark(frame, item, start, y);
    context.font = palette.font;
    write(frame, item.label, { x, y, color: isMerge ? palette.danger : palette.muted, hasHalo: true });
  }
  ring(frame, item, { x: center - 5, y: axis - 5, width: 10, height: 10 });
}

function diamond(context: CanvasRenderingContext2D, x: number, y: number, radius: number): void {
  context.moveTo(x - radius, y);
  context.lineTo(x, y - radius);
  context.lineTo(x + radius, y);
  context.lineTo(x, y + radius);
  context.closePath();
}

function paintFlag(frame: Frame, item: PlacedItem, box: Box, event: ScheduleEvent): void {
  const { context, palette } = frame;
  const isBad = event.kind !== "verdict" || !event.ok;
  context.strokeStyle = isBad ? palette.danger : palette.muted;
  context.fillStyle = context.strokeStyle;
  context.lineWidth = 1.5;
  line(context, box.x, box.y, box.x, frame.height);
  const place = labelPlace(frame, item, { ...box, width: 0 });
  if (place !== undefined) {
    const y = box.y + box.height / 2 + 0.5;
    const x = place + paintMark(frame, item, place, y);
    context.font = palette.strongFont;
    context.fillStyle = isBad ? palette.danger : palette.muted;
    context.fillText(item.label, x, y);
  }
  ring(frame, item, { ...box, x: box.x - 3 });
}

function ring({ context, palette, selected, pointed }: Frame, item: PlacedItem, box: Box): void {
  if (item.event !== selected && !pointed.has(item.event)) return;
  context.strokeStyle = palette.accent;
  context.lineWidth = 2;
  context.beginPath();
  context.roundRect(box.x - 2, box.y - 2, box.width + 4, box.height + 4, 5);
  context.stroke();
}

/** Where the slider is. */
function paintInstant(frame: Frame): void {
  const { context, palette, scene, height, instantUs } = frame;
  const x = Math.round(across(frame, scene.time.x(instantUs))) + 0.5;
  context.strokeStyle = palette.accent;
  context.lineWidth = 1.5;
  line(context, x, axisHeight, x, height);
}
