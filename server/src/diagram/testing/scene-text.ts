import type { Picture, Schedule } from "../input.js";
import { causeOf, violatedUs } from "../model/cause.js";
import { type Scene, sceneOf } from "../model/scene.js";
import { timeText } from "../model/wording.js";

interface TextOptions {
  readonly onlyCause: boolean;
  readonly isFolded: boolean;
  readonly width?: number;
}

/** A scene as text, for cases that a person reviews: lanes, and in each row what stands in it from left to right. */
export function sceneText(
  schedule: Schedule,
  picture: Picture,
  { onlyCause, isFolded, width = 800 }: TextOptions,
): string {
  const cause = causeOf(schedule, picture);
  const visible = [...schedule.events.keys()].filter((index) => !onlyCause || cause.has(index));
  const untilUs = onlyCause ? violatedUs(schedule, picture, cause) : Number.POSITIVE_INFINITY;
  // A text of fixed width is the same on every machine.
  const scene = sceneOf({ schedule, picture, visible, width, isFolded, untilUs, measure: (text) => text.length * 7 });
  return [...foldLines(scene), ...scene.lanes.flatMap((_, lane) => laneLines(scene, lane)), ""].join("\n");
}

function foldLines({ time }: Scene): readonly string[] {
  return time.folds.map(({ startUs, endUs }) => `folded ${timeText(startUs)} – ${timeText(endUs)}`);
}

function laneLines(scene: Scene, lane: number): readonly string[] {
  const { region, title, top, height } = scene.lanes[lane] as Scene["lanes"][number];
  const items = scene.items.filter((item) => item.lane === lane).sort((a, b) => a.row - b.row || a.x0 - b.x0);
  return [
    `${[region, title].filter((part) => part !== "").join(" · ")}  ${top}–${top + height}`,
    ...items.map(({ shape, row, x0, x1, label, labelAt, mark, isRacing, target }) => {
      const place = `${Math.round(x0)}–${Math.round(x1)}`.padEnd(9);
      const number = mark === "" ? "" : `(${mark})${isRacing ? "!" : ""} `;
      const to = target === -1 ? "" : ` → ${scene.lanes[target]?.region}`;
      return `  ${row}  ${place} ${shape.padEnd(9)} ${number}${label}${to}${labelAt === "before" ? "  (before)" : ""}`;
    }),
  ];
}
