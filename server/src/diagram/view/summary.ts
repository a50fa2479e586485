import type { Gallery, Picture } from "../input.js";
import { copyButton } from "./copy.js";
import { element } from "./element.js";

const signs: Readonly<Record<Picture["outcome"], string>> = { violated: "✗", holds: "✓", unknown: "?" };

/** Which of several pictures is shown: the first, until another is chosen. */
export function pictureList(gallery: Gallery, choose: (index: number) => void): HTMLElement {
  const options = gallery.pictures.map(({ title, target, outcome }, index) =>
    element("option", { value: index }, `${signs[outcome]} ${title} · ${target}`),
  );
  const list = element("select", { id: "fl-picture", change: () => choose(Number(list.value)) }, ...options);
  return element("p", { class: "fl-pictures" }, element("label", { for: "fl-picture" }, "Shown"), list);
}

/** What broke, how often, and what was expected: the first thing to read. */
export function summary({ title, target, outcome, summary: text, ...picture }: Picture): HTMLElement {
  const { expected, observed, reads, message, replay } = picture;
  return element(
    "header",
    { class: `fl-summary fl-${outcome}` },
    element(
      "h1",
      {},
      element("span", { class: "fl-sign", role: "img", "aria-label": outcome }, signs[outcome]),
      ` ${title}`,
    ),
    element("p", {}, text),
    element("p", { class: "fl-target" }, element("code", {}, target)),
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
      : message !== undefined && element("p", { class: "fl-message" }, ...inCode(message)),
    replay !== undefined &&
      element("p", { class: "fl-replay" }, element("code", {}, replay), copyButton(replay, "Copy")),
  );
}

/** Why it can happen, and what to do about it: nothing where neither is known. */
export function advice({ why, remedies }: Picture): readonly HTMLElement[] {
  const parts = [
    ...(why === undefined ? [] : [element("div", {}, element("h2", {}, "Why"), element("p", {}, ...inCode(why)))]),
    ...(remedies.length === 0
      ? []
      : [element("div", {}, element("h2", {}, "What to do"), element("ul", {}, ...remedies.map(remedy)))]),
  ];
  return parts.length === 0 ? [] : [element("section", { class: "fl-advice" }, ...parts)];
}

function remedy(text: string): HTMLElement {
  return element("li", {}, ...inCode(text.charAt(0).toUpperCase() + text.slice(1)));
}

/** Names in `backticks` are code. */
export function inCode(text: string): readonly (Node | string)[] {
  return text.split("`").map((part, index) => (index % 2 === 1 ? element("code", {}, part) : part));
}
