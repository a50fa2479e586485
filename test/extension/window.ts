import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { root } from "../../scripts/run.js";
import type { BrowserEditor, View } from "./browser-editor.js";

const pictures = join(root, "test/extension/out");

/** What is seen and clicked, in two windows: one of a trusted folder, one of a folder that is not trusted. */
export function describeWindow(editor: () => BrowserEditor, view: View & { readonly file: string }): void {
  describe("in a window", () => {
    let page: Page;

    before(async () => {
      mkdirSync(pictures, { recursive: true });
      page = await editor().open(view);
    });
    after(() => page.context().close());

    it("the finding is underlined, and its hover says what, why and what to do", async () => {
      await page.locator(".squiggly-error").first().waitFor();
      await press(page, "Control+K", "Control+I");
      const hover = page.locator(".monaco-hover:visible", { hasText: "no-mixed-levels-in-transaction" });
      await hover.waitFor();
      assert.match((await hover.textContent()) ?? "", /`transfer`|transfer/);
      await page.screenshot({ path: join(pictures, "squiggle.png") });
      await press(page, "Escape");
    });

    it("▶ Simulate stands above the class", async () => {
      const lenses = page.locator(".codelens-decoration a", { hasText: "Simulate" });
      await lenses.first().waitFor();
      await page.screenshot({ path: join(pictures, "lens.png") });
    });

    it("the light bulb offers the repair", async () => {
      await page.locator(".lightBulbWidget, .codicon-light-bulb, .codicon-gutter-lightbulb").first().waitFor();
      await press(page, "Control+.");
      const menu = page.locator(".action-widget .monaco-list-row");
      await menu.filter({ hasText: "Linearizable" }).first().waitFor();
      await page.screenshot({ path: join(pictures, "quick-fix.png") });
      await press(page, "Escape");
    });

    it("a click on the lens simulates and tells the outcome", async () => {
      await press(page, "Control+G");
      await page.keyboard.type(":1");
      await press(page, "Enter");
      await page.locator(".codelens-decoration a", { hasText: "Simulate" }).first().click();
      await page.locator(".notification-toast", { hasText: "money is conserved: violated in" }).waitFor();
      await page.screenshot({ path: join(pictures, "simulated.png") });
    });
  });

  describe("in a window of a folder that is not trusted", () => {
    let page: Page;

    before(async () => {
      page = await editor().open({ ...view, trusted: false });
    });
    after(() => page.context().close());

    it("findings are shown, and a simulation is refused with the reason", async () => {
      await page.locator(".squiggly-error").first().waitFor();
      await press(page, "Control+G");
      await page.keyboard.type(":1");
      await press(page, "Enter");
      await page.locator(".codelens-decoration a", { hasText: "Simulate" }).first().click();
      await page.locator(".notification-toast", { hasText: "not trusted" }).waitFor();
      await page.screenshot({ path: join(pictures, "untrusted.png") });
    });
  });
}

async function press(page: Page, ...keys: readonly string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}
