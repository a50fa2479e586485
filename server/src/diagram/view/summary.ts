import type { Gallery, Picture } from "../input.js";
import { copyButton } from "./copy.js";
import { element } from "./element.js";

const signs: Readonly<Record<Picture["outcome"], string>> = { violated: "✗", holds: "✓", unknown: "?" };

/** Which of several pictures is shown. */
export function pictureList(gallery: Gallery, chosen: number, choose: (index: number) => void): HTMLElement {
  const options = gallery.pictures.map(({ title, target, outcome }, index) =>
    element("option", { value: index, selected: index === chosen }, `${signs[outcome]} ${title} · ${target}`),
  );
  const list = element("select", { id: "fl-picture", change: () => choose(Number(list.value)) }, ...options);
  return element("p", { class: "fl-pictures" }, element("label", { for: "fl-picture" }, "Shown"), list);
}

/** What broke, how often, and what was expected: the first thing to read. */
export function summary({ title, target, outcome, summary: text, ...picture }: Picture): HTMLElement {
  const { expected, observed, reads, message } = picture;
  return element(
    "header",
    { class: `fl-summary fl-${outcome}` },
    element("h1", {}, element("span", { class: "fl-sign", "aria-label": outcome }, signs[outcome]), ` ${title}`),
    element("p", { class: "fl-target" }, element("code", {}, target), ` · ${text}`),
    expected !== undefined && observed !== undefined
      ? element(
          "dl",
          { class: "fl-judgement" },
          element("dt", {}, "expected"),
          element("dd", {}, element("b", {}, expected)),
          element("dt", {}, "observed"),
          element(
            "dd",
            {},
            element("b", { class: "fl-bad" }, observed),
            reads !== undefined && reads !== observed && element("span", { class: "fl-reads" }, reads),
          ),
        )
      : message !== undefined && element("p", { class: "fl-message" }, message),
  );
}

/** Why it can happen, what to do about it, and how to see it again. */
export function advice({ why, remedies, replay }: Picture): HTMLElement {
  return element(
    "section",
    { class: "fl-advice" },
    why !== undefined && element("h2", {}, "Why"),
    why !== undefined && element("p", {}, ...inCode(why)),
    remedies.length > 0 && element("h2", {}, "What to do"),
    remedies.length > 0 &&
      element(
        "ul",
        {},
        ...remedies.map((each) => element("li", {}, ...inCode(each.charAt(0).toUpperCase() + each.slice(1)))),
      ),
    replay !== undefined && element("h2", {}, "See it again"),
    replay !== undefined &&
      element("p", { class: "fl-replay" }, element("code", {}, replay), copyButton(replay, "Copy the command")),
  );
}

/** Names in `backticks` are code. */
export function inCode(text: string): readonly (Node | string)[] {
  return text.split("`").map((part, index) => (index % 2 === 1 ? element("code", {}, part) : part));
}
