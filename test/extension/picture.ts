import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import type { BrowserEditor, View } from "./browser-editor.js";

/** The README's picture: the lens, the finding under its squiggle, and the hover that says why. */
export async function takePicture(
  editor: BrowserEditor,
  view: View & { readonly file: string },
  file: string,
): Promise<void> {
  const page = await editor.open({
    ...view,
    settings: {
      "workbench.colorTheme": "Default Dark Modern",
      "workbench.editor.showTabs": "none",
      "editor.hover.above": false,
      "editor.glyphMargin": false,
      "editor.folding": false,
      "editor.guides.indentation": false,
      "editor.scrollbar.vertical": "hidden",
      "editor.scrollbar.horizontal": "hidden",
      "editor.overviewRulerBorder": false,
      "editor.hideCursorInOverviewRuler": true,
    },
  });
  await page.locator(".squiggly-error").first().waitFor();
  await page.locator(".codelens-decoration a", { hasText: "Simulate" }).first().waitFor();
  await page.keyboard.press("Control+B");
  await page.locator(".part.sidebar").waitFor({ state: "hidden" });
  await page.keyboard.press("Control+K");
  await page.keyboard.press("Control+I");
  // While the hover is still being filled it says for a moment that there are none.
  await page.locator(".monaco-hover:visible .action", { hasText: "Quick Fix..." }).waitFor();
  mkdirSync(dirname(file), { recursive: true });
  await page.locator(".part.editor").screenshot({ path: file });
  await page.context().close();
}
