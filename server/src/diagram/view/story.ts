import type { Picture, Sentence } from "../input.js";
import { timeText } from "../model/wording.js";
import { element } from "./element.js";
import { inCode } from "./summary.js";

interface StoryHandlers {
  readonly select: (sentence: Sentence) => void;
  readonly point: (sentence: Sentence | undefined) => void;
}

/** The schedule in numbered sentences. Each is a button that shows its events in the picture. */
export class Story {
  readonly root = element("section", { class: "fl-story", "aria-label": "What happened" });
  private sentences: readonly { readonly sentence: Sentence; readonly button: HTMLElement }[] = [];

  constructor(private readonly handlers: StoryHandlers) {}

  show({ story }: Picture): void {
    this.sentences = story.map((sentence) => ({ sentence, button: this.button(sentence) }));
    const items = this.sentences.map(({ button }) => element("li", {}, button));
    this.root.replaceChildren(
      ...(story.length === 0 ? [] : [element("h2", {}, "What happened"), element("ol", {}, ...items)]),
    );
  }

  select(event: number | undefined): void {
    for (const { sentence, button } of this.sentences) {
      const isCurrent = event !== undefined && sentence.events.includes(event);
      if (isCurrent) button.setAttribute("aria-current", "step");
      else button.removeAttribute("aria-current");
    }
  }

  private button(sentence: Sentence): HTMLElement {
    const { select, point } = this.handlers;
    return element(
      "button",
      {
        type: "button",
        click: () => select(sentence),
        pointerenter: () => point(sentence),
        pointerleave: () => point(undefined),
        focus: () => point(sentence),
        blur: () => point(undefined),
      },
      element("span", { class: "fl-when" }, timeText(sentence.atUs)),
      element("span", {}, ...inCode(sentence.text)),
    );
  }
}
