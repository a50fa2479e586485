export type Theme = "light" | "dark" | "contrast";

const questions: readonly (readonly [string, Theme])[] = [
  ["(prefers-contrast: more)", "contrast"],
  ["(forced-colors: active)", "contrast"],
  ["(prefers-color-scheme: dark)", "dark"],
];

/** What the editor around the page shows, or else what the system asks for. */
export function surroundingTheme(): Theme {
  const { classList } = document.body;
  if (classList.contains("vscode-high-contrast")) return "contrast";
  if (classList.contains("vscode-dark")) return "dark";
  if (classList.contains("vscode-light")) return "light";
  return questions.find(([question]) => matchMedia(question).matches)?.[1] ?? "light";
}

/** Calls when the surroundings may ask for another theme. */
export function onThemeChange(changed: () => void): void {
  for (const [question] of questions) matchMedia(question).addEventListener("change", changed);
  new MutationObserver(changed).observe(document.body, { attributes: true, attributeFilter: ["class"] });
}
