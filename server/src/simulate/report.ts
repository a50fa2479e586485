import type { FinishedRun } from "./run-scenario.js";
import type { Style } from "./style.js";

export function renderRun({ run }: FinishedRun, style: Style, width: number): string {
  return `${run.outcome} ${run.target} ${width} ${style.isColored}\n`;
}
