import { element } from "./element.js";
import { type Choices, isUpkeep, type Subject } from "./model.js";
import type { Theme } from "./theme.js";

interface ControlHandlers {
  readonly change: (choices: Partial<Choices>) => void;
  readonly zoom: (factor: number | "fit") => void;
  readonly violation: () => void;
  readonly nextMatch: (by: 1 | -1) => void;
  readonly theme: (theme: string) => void;
}

/** What is shown, and how near. */
export class Controls {
  readonly root = element("div", { class: "fl-controls", role: "group", "aria-label": "Diagram" });
  private readonly found = element("span", { class: "fl-found", role: "status" });
  private search: HTMLInputElement | undefined;
  private readonly boxes = new Map<"onlyCause" | "isFolded" | "messages" | "upkeep", HTMLInputElement>();

  /** The same for all pictures: what was chosen stays. */
  private readonly themes: HTMLElement;

  constructor(private readonly handlers: ControlHandlers) {
    this.themes = themes(handlers.theme);
  }

  show({ cause, schedule }: Subject, choices: Choices): void {
    const { change, zoom, violation, nextMatch } = this.handlers;
    this.boxes.clear();
    this.search = element("input", {
      ...{ type: "search", placeholder: "Search  /", "aria-label": "Search events", value: choices.query },
      input: () => change({ query: this.search?.value ?? "" }),
      keydown: (event) => {
        if ((event as KeyboardEvent).key === "Enter") nextMatch((event as KeyboardEvent).shiftKey ? -1 : 1);
      },
    });
    const button = (text: string, label: string, click: () => void) =>
      element("button", { type: "button", title: label, "aria-label": label, click }, text);
    const groups = [
      element(
        "div",
        { class: "fl-group" },
        cause !== undefined && this.box("onlyCause", "Only the cause", choices),
        this.box("isFolded", "Fold idle time", choices),
        schedule.events.some(({ kind }) => kind === "message") && this.box("messages", "Messages", choices),
        schedule.events.some((event) => event.kind === "message" && isUpkeep(event)) &&
          this.box("upkeep", "Heartbeats", choices),
      ),
      schedule.regions.length > 1 && this.regions(schedule.regions, choices),
      element("div", { class: "fl-group fl-search" }, this.search, this.found),
      element(
        "div",
        { class: "fl-group" },
        cause !== undefined && button("Violation", "Go to the violation (V)", violation),
        button("−", "Zoom out (−)", () => zoom(1 / 1.5)),
        button("+", "Zoom in (+)", () => zoom(1.5)),
        button("Fit", "Fit everything (0)", () => zoom("fit")),
        this.themes,
      ),
    ];
    this.root.replaceChildren(...groups.filter((group) => group !== false));
  }

  update(choices: Choices, matching: number | undefined): void {
    for (const [name, box] of this.boxes) box.checked = choices[name];
    this.found.textContent = matching === undefined ? "" : `${matching.toLocaleString("en-US")} found`;
  }

  focusSearch(): void {
    this.search?.focus();
  }

  private box(name: "onlyCause" | "isFolded" | "messages" | "upkeep", label: string, choices: Choices): HTMLElement {
    const box = element("input", { type: "checkbox", change: () => this.handlers.change({ [name]: box.checked }) });
    box.checked = choices[name];
    this.boxes.set(name, box);
    return element("label", {}, box, label);
  }

  private regions(regions: readonly string[], { hiddenRegions }: Choices): HTMLElement {
    const hidden = new Set(hiddenRegions);
    const boxes = regions.map((region) => {
      const box = element("input", {
        type: "checkbox",
        change: () => {
          if (box.checked) hidden.delete(region);
          else hidden.add(region);
          this.handlers.change({ hiddenRegions: new Set(hidden) });
        },
      });
      box.checked = !hidden.has(region);
      return element("label", {}, box, region);
    });
    return element("div", { class: "fl-group", role: "group", "aria-label": "Regions" }, ...boxes);
  }
}

const themeNames: Readonly<Record<Theme | "", string>> = {
  "": "System theme",
  light: "Light",
  dark: "Dark",
  contrast: "High contrast",
  "contrast-light": "High contrast, light",
};

function themes(choose: (theme: string) => void): HTMLElement {
  const options = Object.entries(themeNames).map(([value, text]) => element("option", { value }, text));
  const list = element(
    "select",
    { class: "fl-theme", "aria-label": "Theme", change: () => choose(list.value) },
    ...options,
  );
  return list;
}
