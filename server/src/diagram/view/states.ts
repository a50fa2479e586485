import { timeText } from "../model/wording.js";
import { element } from "./element.js";
import type { Choices, Subject } from "./model.js";

/** What every replica holds at the slider's instant. Differences have a sign, since not everybody sees the colour. */
export class StateTable {
  readonly root = element("section", { class: "fl-states" });

  show({ states, schedule, picture, racing }: Subject, { instantUs, onlyCause }: Choices): void {
    if (schedule.regions.length === 0) {
      this.root.replaceChildren();
      return;
    }
    const title = element("h2", {}, "Replicas at ", element("span", { class: "fl-when" }, timeText(instantUs)));
    const all = states.at(instantUs);
    const cells = new Set(picture.cells);
    for (const index of cells.size === 0 ? [] : racing) {
      const event = schedule.events[index];
      if (event?.kind === "operation") cells.add(event.cell);
    }
    const about = all.filter(({ cell }) => cells.size === 0 || cells.has(cell));
    const shown = onlyCause && about.length > 0 ? about : all;
    if (shown.length === 0) {
      this.root.replaceChildren(
        title,
        element("p", { class: "fl-muted" }, "This schedule does not say what its replicas held."),
      );
      return;
    }
    const head = ["cell", ...schedule.regions].map((text) => element("th", { scope: "col" }, text));
    const rows = shown.map(({ cell, values, differs, changed, isSplit }) => {
      const cells = values.map((value, index) => {
        const isOdd = differs[index] === true;
        const names = [isOdd && "fl-differs", changed[index] === true && "fl-changed"].filter((name) => name !== false);
        return element(
          "td",
          { class: names.join(" ") || undefined },
          isOdd && element("span", { class: "fl-sign", role: "img", "aria-label": "differs: " }, "≠ "),
          changed[index] === true &&
            element("span", { class: "fl-sign", role: "img", "aria-label": "just changed: " }, "● "),
          value ?? element("span", { class: "fl-muted" }, "initial"),
        );
      });
      return element(
        "tr",
        { class: isSplit ? "fl-split" : undefined },
        element("th", { scope: "row" }, cell),
        ...cells,
      );
    });
    const table = element("table", {}, element("thead", {}, element("tr", {}, ...head)), element("tbody", {}, ...rows));
    const left = all.length - shown.length;
    this.root.replaceChildren(
      title,
      element("div", { class: "fl-scroll", tabindex: 0, role: "region", "aria-label": "Replicas" }, table),
      left > 0 ? element("p", { class: "fl-muted" }, `${left} more without “Only the cause”`) : "",
    );
  }
}
