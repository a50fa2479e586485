import { digitsFor, durationText, timeText } from "../model/wording.js";
import { across, axisHeight, down, type Frame, gutter } from "./frame.js";

/** Behind everything: lanes, stretches in which regions were cut off or down, and folded time. */
export function paintGround(frame: Frame): void {
  const { context, palette, width, height } = frame;
  context.fillStyle = palette.ground;
  context.fillRect(0, 0, width, height);
  paintRegions(frame);
  paintFaults(frame);
  paintFolds(frame);
  paintAxes(frame);
}

/** Over everything: names of lanes and times stay in sight. */
export function paintMargins(frame: Frame): void {
  paintGutter(frame);
  paintTimes(frame);
}

interface Band {
  readonly region: string;
  readonly top: number;
  readonly bottom: number;
}

function bandsOf({ scene }: Frame): readonly Band[] {
  const bands: Band[] = [];
  for (const { region, kind, top, height } of scene.lanes) {
    if (kind === "network") continue;
    const last = bands.at(-1);
    if (last?.region === region) bands[bands.length - 1] = { ...last, bottom: top + height };
    else bands.push({ region, top, bottom: top + height });
  }
  return bands;
}

function paintRegions(frame: Frame): void {
  const { context, palette, width } = frame;
  for (const { top, bottom } of bandsOf(frame)) {
    context.fillStyle = palette.surface;
    context.fillRect(gutter, down(frame, top), width - gutter, bottom - top);
  }
}

function paintFaults(frame: Frame): void {
  const { context, palette, scene } = frame;
  const bands = bandsOf(frame);
  for (const { sides, regions, startUs, endUs } of scene.faults) {
    const [x0, x1] = [across(frame, scene.time.x(startUs)), across(frame, scene.time.x(endUs))];
    for (const { top, bottom } of bands.filter(({ region }) => regions.includes(region)))
      hatch(frame, x0, down(frame, top), x1 - x0, bottom - top);
    context.strokeStyle = palette.danger;
    context.lineWidth = 1.5;
    context.setLineDash([6, 4]);
    for (const [index, { region, top }] of bands.entries()) {
      const above = bands[index - 1];
      const side = (name: string): number => sides.findIndex((each) => each.includes(name));
      // Who is on neither side can reach both.
      if (above === undefined || side(above.region) === -1 || side(region) === -1) continue;
      if (side(above.region) === side(region)) continue;
      const y = Math.round(down(frame, (above.bottom + top) / 2)) + 0.5;
      line(context, x0, y, x1, y);
    }
    context.setLineDash([]);
  }
}

/** Stripes rather than a colour alone. */
function hatch({ context, palette, width }: Frame, x: number, y: number, wide: number, high: number): void {
  const [left, right] = [Math.max(x, gutter), Math.min(x + wide, width)];
  if (right <= left) return;
  context.save();
  context.beginPath();
  context.rect(left, y, right - left, high);
  context.clip();
  context.strokeStyle = palette.cut;
  context.lineWidth = 1;
  context.beginPath();
  const step = 9;
  for (let start = left - high - ((left - high) % step); start < right; start += step) {
    context.moveTo(start, y + high);
    context.lineTo(start + high, y);
  }
  context.stroke();
  context.restore();
}

/** A gap in the lanes, as in paper that was folded. */
function paintFolds(frame: Frame): void {
  const { context, palette, scene, height } = frame;
  context.fillStyle = palette.ground;
  context.strokeStyle = palette.rule;
  context.lineWidth = 1;
  for (const { startUs, endUs } of scene.time.folds) {
    const x = Math.round(across(frame, (scene.time.x(startUs) + scene.time.x(endUs)) / 2));
    if (x < gutter) continue;
    context.fillRect(x - 3, axisHeight, 7, height);
    for (const side of [-3.5, 4.5]) line(context, x + side, axisHeight, x + side, height);
  }
}

function paintAxes(frame: Frame): void {
  const { context, palette, scene, width } = frame;
  context.strokeStyle = palette.message;
  context.lineWidth = 1;
  for (const { kind, axis } of scene.lanes) {
    if (kind !== "replica") continue;
    const y = Math.round(down(frame, axis)) + 0.5;
    line(context, gutter, y, width, y);
  }
}

function paintGutter(frame: Frame): void {
  const { context, palette, scene, height } = frame;
  context.fillStyle = palette.ground;
  context.fillRect(0, 0, gutter, height);
  context.textBaseline = "middle";
  for (const lane of scene.lanes) {
    const y = down(frame, lane.kind === "replica" ? lane.axis : lane.top + 16);
    const isNamed = lane.isFirstOfRegion && lane.region !== "";
    if (isNamed) {
      context.font = palette.strongFont;
      context.fillStyle = palette.text;
      context.textAlign = "left";
      context.fillText(
        shortened(context, lane.region, 76),
        2,
        down(frame, lane.kind === "replica" ? lane.axis : lane.top + 16),
      );
    }
    context.font = palette.font;
    context.fillStyle = palette.muted;
    context.textAlign = "right";
    context.fillText(lane.title, gutter - 10, y);
  }
  context.textAlign = "left";
}

function paintTimes(frame: Frame): void {
  const { context, palette, scene, width } = frame;
  context.fillStyle = palette.ground;
  context.fillRect(0, 0, width, axisHeight);
  context.font = palette.font;
  context.textBaseline = "middle";
  context.textAlign = "center";
  context.strokeStyle = palette.rule;
  const taken: (readonly [number, number])[] = [];
  const put = (text: string, x: number, color: string): boolean => {
    const half = context.measureText(text).width / 2 + 7;
    const isFree =
      x - half >= gutter - 20 && x + half <= width + 20 && taken.every(([a, b]) => x + half <= a || x - half >= b);
    if (!isFree) return false;
    taken.push([x - half, x + half]);
    context.fillStyle = color;
    context.fillText(text, Math.min(Math.max(x, gutter + half - 7), width - half + 5), 11);
    return true;
  };
  for (const { startUs, endUs } of scene.time.folds) {
    const x = across(frame, (scene.time.x(startUs) + scene.time.x(endUs)) / 2);
    if (put(`⋯ ${durationText(endUs - startUs)} ⋯`, x, palette.muted)) continue;
  }
  const placed = [...ticksOf(frame)].flatMap((us) => {
    const x = across(frame, scene.time.x(us));
    return x < gutter - 1 || x > width ? [] : [{ us, x }];
  });
  const digits = digitsFor(withRoom(placed).map(({ us }) => us));
  for (const { us, x } of placed) {
    if (!put(timeText(us, digits), x, palette.text)) continue;
    line(context, Math.round(x) + 0.5, axisHeight - 7, Math.round(x) + 0.5, axisHeight - 2);
  }
  context.textAlign = "left";
  line(context, gutter, axisHeight - 1.5, width, axisHeight - 1.5);
}

/** Those of which a time of three digits can stand beside the one before. */
function withRoom(ticks: readonly { readonly us: number; readonly x: number }[]) {
  const found: { readonly us: number; readonly x: number }[] = [];
  for (const tick of ticks) if (tick.x - (found.at(-1)?.x ?? -tickDistance) >= tickDistance / 2) found.push(tick);
  return found;
}

/** Pixels between two times that are told. */
const tickDistance = 100;

/** The instants themselves where there are few; else whatever time it is at even distances. */
function ticksOf({ scene, scale, offset, width }: Frame): readonly number[] {
  const { time, instants } = scene;
  if (instants.length <= 300) return instants;
  if (time.folds.length === 0) {
    const [from, to] = [time.x.invert(-offset / scale), time.x.invert((width - gutter - offset) / scale)];
    const ticks = Math.max(2, Math.round((width - gutter) / tickDistance));
    return time.x.copy().domain([from, to]).range([0, 1]).ticks(ticks);
  }
  const count = Math.ceil((width - gutter) / tickDistance);
  return Array.from({ length: count }, (_, index) => time.x.invert((index * tickDistance - offset) / scale));
}

function shortened(context: CanvasRenderingContext2D, text: string, room: number): string {
  if (context.measureText(text).width <= room) return text;
  let end = text.length;
  while (end > 1 && context.measureText(`${text.slice(0, end)}…`).width > room) end--;
  return `${text.slice(0, end)}…`;
}

export function line(context: CanvasRenderingContext2D, x0: number, y0: number, x1: number, y1: number): void {
  context.beginPath();
  context.moveTo(x0, y0);
  context.lineTo(x1, y1);
  context.stroke();
}
