import { endOf, type Gallery, type Sentence, startOf } from "./input.js";
import { timeText } from "./model/wording.js";
import { Canvas } from "./view/canvas.js";
import { Controls } from "./view/controls.js";
import { copy } from "./view/copy.js";
import { Details, detailsText } from "./view/details.js";
import { element } from "./view/element.js";
import { EventTable } from "./view/events.js";
import { keyHelp, listenToKeys } from "./view/keyboard.js";
import { type Choices, matchingOf, type Subject, stepped, subjectOf, visibleOf } from "./view/model.js";
import { Slider } from "./view/slider.js";
import { StateTable } from "./view/states.js";
import { Story } from "./view/story.js";
import { advice, pictureList, summary } from "./view/summary.js";
import { onThemeChange, surroundingTheme } from "./view/theme.js";

const nothing: ReadonlySet<number> = new Set();

/** The whole page about one of several pictures: what broke, the story, the drawing, states, events. */
export class Diagram {
  private choices: Choices;
  private subject: Subject;
  private visible: readonly number[] = [];
  private matching: ReadonlySet<number> | undefined;
  private theme = "";
  private readonly head = element("div", { class: "fl-head" });
  private summary: HTMLElement = element("header");
  private readonly foot = element("div", { class: "fl-foot" });
  private readonly story = new Story({
    select: (sentence) => this.tell(sentence),
    point: (sentence) => this.change({ pointed: new Set(sentence?.events) }),
  });
  private readonly canvas: Canvas;
  private readonly controls: Controls;
  private readonly slider = new Slider((instantUs) => this.change({ instantUs }));
  private readonly states = new StateTable();
  private readonly details = new Details();
  private readonly events = new EventTable((event) => this.select(event));

  constructor(
    private readonly root: HTMLElement,
    private readonly gallery: Gallery,
  ) {
    root.dataset["theme"] = surroundingTheme();
    this.canvas = new Canvas(root, (event) => this.select(event));
    const zoom = (factor: number | "fit"): void => (factor === "fit" ? this.canvas.fit() : this.canvas.zoomBy(factor));
    const violation = (): void => this.goToViolation();
    this.controls = new Controls({
      ...{ zoom, violation },
      change: (choices) => this.change(choices),
      nextMatch: (by) => this.step(by, false),
      theme: (theme) => this.setTheme(theme),
    });
    root.classList.add("faultline");
    // The list stays where it is when something else is chosen from it: it has the focus.
    const pictures = gallery.pictures.length > 1 && pictureList(gallery, (index) => this.showPicture(index));
    this.head.append(...[pictures, this.summary, this.story.root].filter((part) => part !== false));
    root.replaceChildren(
      this.head,
      this.controls.root,
      this.canvas.root,
      this.slider.root,
      this.foot,
      this.below(),
      keys(),
    );
    listenToKeys(document, {
      ...{ zoom, violation },
      step: (by, sameObject) => this.step(by, sameObject),
      fold: () => this.change({ isFolded: !this.choices.isFolded }),
      cause: () => this.change({ onlyCause: !this.choices.onlyCause }),
      copy: () => void this.copy(),
      search: () => this.controls.focusSearch(),
    });
    this.subject = subjectOf(gallery, 0);
    this.choices = this.initial(0);
    this.showPicture(0);
    this.canvas.observe();
    onThemeChange(() => this.setTheme(this.theme));
    // Paper is white, whatever the screen is.
    globalThis.addEventListener("beforeprint", () => this.setTheme(this.theme, "light"));
    globalThis.addEventListener("afterprint", () => this.setTheme(this.theme));
  }

  private initial(picture: number): Choices {
    const { cause, violationUs, schedule } = this.subject;
    return {
      ...{
        picture,
        onlyCause: cause !== undefined,
        isFolded: true,
        messages: true,
        upkeep: false,
        query: "",
        selected: undefined,
      },
      hiddenRegions: new Set(),
      pointed: nothing,
      instantUs: violationUs ?? Math.max(0, ...schedule.events.slice(-1).map(endOf)),
    };
  }

  private showPicture(index: number): void {
    this.subject = subjectOf(this.gallery, index);
    this.choices = this.initial(index);
    const { picture } = this.subject;
    document.title = `${picture.title} · Faultline`;
    this.story.show(picture);
    const shown = summary(picture);
    this.summary.replaceWith(shown);
    this.summary = shown;
    this.foot.replaceChildren(...advice(picture));
    this.controls.show(this.subject, this.choices);
    this.canvas.root.setAttribute(
      "aria-label",
      `Space-time diagram of “${picture.title}”. Its events are in the table below.`,
    );
    this.refresh();
    this.refreshHighlights();
  }

  private change(changed: Partial<Choices>): void {
    const before = this.choices;
    this.choices = { ...before, ...changed };
    const scope: readonly (keyof Choices)[] = ["onlyCause", "isFolded", "messages", "upkeep", "hiddenRegions", "query"];
    if (scope.some((key) => before[key] !== this.choices[key])) this.refresh();
    this.refreshHighlights();
  }

  /** What is shown has become something else. */
  private refresh(): void {
    const { subject, choices } = this;
    this.visible = visibleOf(subject, choices);
    this.matching = matchingOf(subject, choices);
    const found =
      this.matching === undefined ? undefined : this.visible.filter((index) => this.matching?.has(index)).length;
    this.canvas.show(subject, this.visible, choices);
    this.controls.update(choices, found);
    this.events.show(subject, this.visible, choices.selected, this.matching);
  }

  private refreshHighlights(): void {
    const { subject, choices, matching } = this;
    const { selected, pointed, instantUs } = choices;
    this.canvas.highlight({ selected, pointed, instantUs, matching });
    this.slider.show(this.canvas.scene?.instants ?? [], instantUs);
    this.states.show(subject, choices);
    this.details.show(subject, selected);
    this.events.select(selected);
    this.story.select(selected);
  }

  private select(selected: number | undefined): void {
    const event = selected === undefined ? undefined : this.subject.schedule.events[selected];
    if (selected === undefined || event === undefined) {
      this.change({ selected: undefined });
      return;
    }
    this.change({
      selected,
      instantUs: event.kind === "call" || event.kind === "message" ? startOf(event) : endOf(event),
    });
    this.canvas.reveal(selected);
  }

  private tell({ events, atUs }: Sentence): void {
    const [first] = events;
    this.select(first);
    this.change({ instantUs: atUs });
  }

  private step(by: 1 | -1, sameObject: boolean): void {
    const next = stepped(this.subject, this.visible, {
      from: this.choices.selected,
      by,
      sameObject,
      among: this.matching,
    });
    if (next !== undefined) this.select(next);
  }

  private goToViolation(): void {
    const { schedule, picture, violationUs, racing } = this.subject;
    const verdict = schedule.events.findIndex(
      (event) => event.kind === "verdict" && !event.ok && event.name === picture.title,
    );
    const event = verdict === -1 ? [...racing].at(-1) : verdict;
    if (event !== undefined) this.select(event);
    else if (violationUs !== undefined) this.change({ instantUs: violationUs });
  }

  /** The event that is selected, or else the story. */
  private async copy(): Promise<void> {
    const { selected } = this.choices;
    const { picture } = this.subject;
    const story = picture.story.map(({ atUs, text }, index) => `${index + 1}. ${timeText(atUs)}  ${text}`);
    await copy(selected === undefined ? [picture.title, ...story].join("\n") : detailsText(this.subject, selected));
  }

  /** An empty name is that of the surroundings. */
  private setTheme(theme: string, shown = theme === "" ? surroundingTheme() : theme): void {
    this.theme = theme;
    this.root.dataset["theme"] = shown;
    this.canvas.restyle();
  }

  private below(): HTMLElement {
    return element(
      "div",
      { class: "fl-below" },
      element("div", {}, this.states.root, this.details.root),
      this.events.root,
    );
  }
}

function keys(): HTMLElement {
  const all = keyHelp.map(([key, text]) => element("span", {}, element("kbd", {}, key), ` ${text}`));
  return element("p", { class: "fl-keys" }, ...all);
}
