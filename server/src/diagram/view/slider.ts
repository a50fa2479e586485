import { timeText } from "../model/wording.js";
import { element } from "./element.js";

/** Stops where something begins or ends. */
export class Slider {
  private readonly input = element("input", { type: "range", min: 0, step: 1, id: "fl-instant" });
  private readonly output = element("output", { for: "fl-instant" });
  readonly root = element(
    "div",
    { class: "fl-slider" },
    element("label", { for: "fl-instant" }, "Time"),
    this.input,
    this.output,
  );
  private instants: readonly number[] = [];

  constructor(onChange: (us: number) => void) {
    this.input.addEventListener("input", () => onChange(this.instants[Number(this.input.value)] ?? 0));
  }

  show(instants: readonly number[], us: number): void {
    this.instants = instants;
    this.input.max = String(Math.max(0, instants.length - 1));
    this.input.value = String(lastNotAfter(instants, us));
    this.input.setAttribute("aria-valuetext", timeText(us));
    this.output.textContent = timeText(us);
  }
}

function lastNotAfter(instants: readonly number[], us: number): number {
  let low = 0;
  let high = instants.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((instants[middle] as number) <= us) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}
