export type Theme = "light" | "dark" | "contrast" | "contrast-light";

/** The first that the page's body has decides: of its light one of high contrast, the editor says both names. */
const editorThemes: readonly (readonly [className: string, Theme])[] = [
  ["vscode-high-contrast-light", "contrast-light"],
  ["vscode-high-contrast", "contrast"],
  ["vscode-dark", "dark"],
  ["vscode-light", "light"],
];

const wishes = {
  contrast: "(prefers-contrast: more)",
  forced: "(forced-colors: active)",
  dark: "(prefers-color-scheme: dark)",
};

/** What the editor around the page shows, or else what the system asks for. */
export function surroundingTheme(): Theme {
  const { classList } = document.body;
  const ofEditor = editorThemes.find(([className]) => classList.contains(className));
  if (ofEditor !== undefined) return ofEditor[1];
  const isWished = (wish: keyof typeof wishes): boolean => matchMedia(wishes[wish]).matches;
  const isDark = isWished("dark");
  if (isWished("contrast") || isWished("forced")) return isDark ? "contrast" : "contrast-light";
  return isDark ? "dark" : "light";
}

/** Calls when the surroundings may ask for another theme. */
export function onThemeChange(changed: () => void): void {
  for (const wish of Object.values(wishes)) matchMedia(wish).addEventListener("change", changed);
  new MutationObserver(changed).observe(document.body, { attributes: true, attributeFilter: ["class"] });
}
