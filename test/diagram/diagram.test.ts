import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { root, runNode } from "../../scripts/run.js";
import type { Gallery } from "../../server/src/diagram/input.js";
import { recorded, splitBank, splitBankPicture } from "../../server/src/diagram/testing/schedules.js";
import { DiagramBrowser } from "./browser.js";
import { longGallery } from "./long-schedule.js";
import { sampleGallery } from "./samples.js";

const bank: Gallery = { version: 1, schedules: [splitBank], pictures: [splitBankPicture] };

let browser: DiagramBrowser;
beforeAll(async () => {
  browser = await DiagramBrowser.start();
});
afterAll(async () => {
  await browser[Symbol.asyncDispose]();
});

describe("the page", () => {
  it("says first what broke, what was expected, what happened, and how to see it again", async () => {
    const { page } = await browser.open(bank);
    expect(await page.locator("h1").innerText()).toContain("money is conserved");
    const text = await page.locator("main").innerText();
    for (const said of ["violated in 3 of 1,000 schedules · seed 412", "300", "270", "--seed 412"])
      expect(text).toContain(said);
    expect(await page.locator(".fl-story li").allInnerTexts()).toHaveLength(splitBankPicture.story.length);
  });

  it("asks nobody for anything, and its policy forbids it", async () => {
    const { page, requests, complaints } = await browser.open(bank);
    expect(requests).toEqual([page.url()]);
    expect(complaints).toEqual([]);
    const isRefused = "fetch('https://example.invalid/').then(() => false, () => true)";
    expect(await page.evaluate(isRefused)).toBe(true);
    expect(complaints.join("\n")).toContain("Content Security Policy");
  });

  it("shows whatever a value says as text", async () => {
    const nasty = "</script><script>document.title = 'taken'</script><b>";
    const { page, complaints } = await browser.open({ ...bank, pictures: [{ ...splitBankPicture, title: nasty }] });
    expect(await page.locator("h1").innerText()).toContain(nasty);
    expect(await page.title()).toBe(`${nasty} · Faultline`);
    expect(complaints).toEqual([]);
  });

  it("lets a person choose among several pictures", async () => {
    const other = { ...splitBankPicture, title: "nobody is overdrawn", story: [] };
    const { page } = await browser.open({ ...bank, pictures: [splitBankPicture, other] });
    const list = page.getByLabel("Shown");
    await list.focus();
    await page.keyboard.press("ArrowDown");
    expect(await page.locator("h1").innerText()).toContain("nobody is overdrawn");
    expect(await list.evaluate((element) => element.matches(":focus"))).toBe(true);
  });

  it("draws a history that nothing was simulated for", async () => {
    const picture = { ...splitBankPicture, title: "linearizable", racing: [1, 2], cells: [], story: [] };
    const { page, complaints } = await browser.open({ version: 1, schedules: [recorded], pictures: [picture] });
    expect(await inkOf(page)).toBeGreaterThan(1_000);
    expect(await page.getByRole("table", { name: "Events" }).getByRole("row").count()).toBe(3);
    expect(complaints).toEqual([]);
  });
});

describe("the keyboard", () => {
  it("goes from event to event, and with shift from one to the next of the same object", async () => {
    const { page } = await browser.open(bank);
    await page.keyboard.press("ArrowRight");
    expect(await selected(page)).toContain("transfer(alice → carol, 30)");
    await page.keyboard.press("ArrowRight");
    expect(await selected(page)).toContain("to london, lost");
    await page.keyboard.press("ArrowLeft");
    expect(await selected(page)).toContain("transfer(alice → carol, 30)");
    await page.keyboard.press("v");
    await page.keyboard.press("Shift+ArrowLeft");
    expect(await selected(page)).not.toContain("money is conserved");
  });

  it("goes to the violation, and tells what replicas held then", async () => {
    const { page } = await browser.open(bank);
    await page.keyboard.press("v");
    expect(await selected(page)).toContain("money is conserved: expected 300, observed 270");
    expect(await page.locator(".fl-states h2").innerText()).toBe("Replicas at 9.001 s");
  });

  it("folds idle time and shows more than the cause, as the boxes do", async () => {
    const { page } = await browser.open(bank);
    const folded = await pictureOf(page);
    await page.keyboard.press("f");
    expect(await page.getByLabel("Fold idle time").isChecked()).toBe(false);
    expect(await pictureOf(page)).not.toBe(folded);
    const rows = Number(await eventCount(page));
    await page.keyboard.press("o");
    expect(await page.getByLabel("Only the cause").isChecked()).toBe(false);
    expect(Number(await eventCount(page))).toBeGreaterThan(rows);
  });

  it("adds the messages that serve no operation when it is asked to", async () => {
    const { page } = await browser.open(bank);
    await page.keyboard.press("o");
    const rows = Number(await eventCount(page));
    await page.getByLabel("Heartbeats").check();
    expect(Number(await eventCount(page))).toBe(rows + 1);
  });

  it("searches: what matches is listed, and stepped through with enter", async () => {
    const { page } = await browser.open(bank);
    await page.keyboard.press("/");
    await page.keyboard.type("carol.incoming 20");
    expect(await page.locator(".fl-found").innerText()).toMatch(/^\d+ found$/);
    const listed = await page.locator(".fl-rows tbody tr").allInnerTexts();
    expect(listed.length).toBeGreaterThan(0);
    for (const each of listed) expect(each).toContain("20");
    await page.keyboard.press("Enter");
    expect(await selected(page)).toContain("20");
  });

  it("moves the slider, once that has the focus, from instant to instant", async () => {
    const { page } = await browser.open(bank);
    const slider = page.getByRole("slider");
    await slider.focus();
    const before = Number(await slider.inputValue());
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("ArrowLeft");
    expect(Number(await slider.inputValue())).toBe(before - 2);
    expect(await page.locator(".fl-details dd").count()).toBe(0);
  });

  it("leaves letters to those who type", async () => {
    const { page } = await browser.open(bank);
    await page.keyboard.press("/");
    await page.keyboard.type("vfo");
    expect(await page.getByLabel("Fold idle time").isChecked()).toBe(true);
    expect(await page.getByRole("searchbox").inputValue()).toBe("vfo");
  });

  it("copies the story, or what is selected", async () => {
    const permissions = ["clipboard-read", "clipboard-write"];
    const { page } = await browser.open(bank, { permissions });
    await page.keyboard.press("c");
    expect(await page.evaluate("navigator.clipboard.readText()")).toContain("1. 0.440 s  nyc changes");
    await page.keyboard.press("v");
    await page.keyboard.press("c");
    expect(await page.evaluate("navigator.clipboard.readText()")).toContain("what: ✗ money is conserved");
  });
});

describe("what replicas hold", () => {
  it("is told for the slider's instant, with a sign where they differ", async () => {
    const { page } = await browser.open(bank);
    await page.locator(".fl-story button", { hasText: "not knowing of 1" }).click();
    const cells = await page.locator(".fl-states tbody td").allInnerTexts();
    expect(cells.map((text) => text.replaceAll(/\s+/g, " ").trim())).toEqual(["30", "≠ 20", "30"]);
    await page.getByRole("slider").focus();
    await page.keyboard.press("v");
    expect(await page.locator(".fl-states tbody td").allInnerTexts()).toEqual(["20", "20", "20"]);
  });
});

describe("a reader of the screen", () => {
  it("is told of an event when it is selected, and not again and again while time moves", async () => {
    const { page } = await browser.open(bank);
    await page.keyboard.press("v");
    await page.evaluate(`(() => {
      globalThis.told = 0;
      const count = new MutationObserver(() => globalThis.told++);
      count.observe(document.querySelector("[aria-live]"), { childList: true, subtree: true });
    })()`);
    const slider = page.getByRole("slider");
    await slider.focus();
    await page.keyboard.press("PageDown");
    await page.locator(".fl-story button").first().hover();
    expect(await page.evaluate("globalThis.told")).toBe(0);
    await page.keyboard.press("c");
    await page.getByRole("button", { name: "Go to the violation (V)" }).focus();
    await page.keyboard.press("ArrowLeft");
    expect(await page.evaluate("globalThis.told")).toBeGreaterThan(0);
  });

  it("finds headings, a list of sentences, named controls and a table of all events", async () => {
    const { page } = await browser.open(bank);
    await expect(await page.locator("main").ariaSnapshot()).toMatchFileSnapshot("cases/accessibility.yaml");
  });

  it("is told how many rows there are, although few are in the page", async () => {
    const { page } = await browser.open(longGallery(2_000));
    await page.keyboard.press("o");
    expect(await eventCount(page)).toBe("2001");
    const rows = page.locator(".fl-rows tbody tr");
    expect(await rows.count()).toBeLessThan(100);
    await page.keyboard.press("v");
    expect(Number(await rows.last().getAttribute("aria-rowindex"))).toBe(2_001);
  });
});

describe("themes", () => {
  it.each([
    ["light", { colorScheme: "light" }],
    ["dark", { colorScheme: "dark" }],
    ["contrast", { contrast: "more", colorScheme: "dark" }],
    ["contrast-light", { contrast: "more", colorScheme: "light" }],
  ] as const)("%s follows the system, and all of it stands out from what is behind", async (theme, options) => {
    const { page, complaints } = await browser.open(bank, options);
    expect(await page.locator("main").getAttribute("data-theme")).toBe(theme);
    const isStrong = theme.startsWith("contrast");
    const texts = pairs(["text", "muted", "danger", "accent", "doubt"], ["ground", "surface"]);
    const inBars = pairs(["text"], ["call-fill", "operation-fill", "read-fill", "danger-fill", "doubt-fill"]);
    const lines = pairs(["message", "call-edge", "operation-edge", "control"], ["ground", "surface"]);
    // WCAG 2.1, 1.4.3 and 1.4.6 of text, 1.4.11 of lines that a reader needs.
    for (const [front, back] of [...texts, ...inBars])
      expect(await contrastOf(page, front, back), `${front} on ${back}`).toBeGreaterThanOrEqual(isStrong ? 7 : 4.5);
    for (const [front, back] of lines)
      expect(await contrastOf(page, front, back), `${front} on ${back}`).toBeGreaterThanOrEqual(isStrong ? 4.5 : 3);
    expect(complaints).toEqual([]);
  });

  it.each([
    ["vscode-light", "light"],
    ["vscode-dark", "dark"],
    ["vscode-high-contrast", "contrast"],
    ["vscode-high-contrast vscode-high-contrast-light", "contrast-light"],
  ])("of an editor with %s is %s", async (classes, theme) => {
    const { page } = await browser.open(bank, { colorScheme: theme.endsWith("light") ? "dark" : "light" });
    await page.evaluate(`document.body.className = ${JSON.stringify(classes)}`);
    expect(await page.locator(`main[data-theme="${theme}"]`).count()).toBe(1);
  });

  it("stays the one that was chosen when another picture is", async () => {
    const other = { ...splitBankPicture, title: "nobody is overdrawn", story: [] };
    const { page } = await browser.open({ ...bank, pictures: [splitBankPicture, other] });
    await page.getByLabel("Theme").selectOption("contrast-light");
    await page.getByLabel("Shown").selectOption({ index: 1 });
    expect(await page.getByLabel("Theme").inputValue()).toBe("contrast-light");
    expect(await page.locator("main").getAttribute("data-theme")).toBe("contrast-light");
  });

  it("can be chosen, and the drawing follows", async () => {
    const { page } = await browser.open(bank);
    const before = await pictureOf(page);
    await page.getByLabel("Theme").selectOption("dark");
    expect(await page.locator("main").getAttribute("data-theme")).toBe("dark");
    expect(await pictureOf(page)).not.toBe(before);
  });
});

describe("samples", () => {
  it.each(["bank-transfer", "shopping-cart", "leader-reads"])("%s is drawn, told and explained", async (id) => {
    const gallery = await sampleGallery(id);
    const { page, complaints } = await browser.open(gallery);
    expect(gallery.pictures[0]?.outcome).toBe("violated");
    expect(await page.locator(".fl-story li").count()).toBeGreaterThan(2);
    expect(await page.locator(".fl-advice").innerText()).toContain("Why");
    expect(await inkOf(page)).toBeGreaterThan(5_000);
    expect(complaints).toEqual([]);
  });

  it("are written as a page by --html", async () => {
    const folder = mkdtempSync(join(tmpdir(), "faultline-html-"));
    const file = join(folder, "out.html");
    const target = "samples/shopping-cart/shopping-cart.ts#splitCart";
    const options = { cwd: root, stdio: ["ignore", "ignore", "inherit"] as ["ignore", "ignore", "inherit"] };
    const { status } = await runNode(
      "server/bin/faultline.mjs",
      ["simulate", target, "--schedules", "20", "--html", file],
      options,
    );
    expect(status).toBe(1);
    expect(readFileSync(file, "utf8")).not.toMatch(/(?:src|href)="/);
    const { page, requests } = await browser.openFile(file);
    expect(await page.locator("h1").innerText()).toContain("book and lamp are in the cart");
    expect(requests).toEqual([page.url()]);
    rmSync(folder, { recursive: true, force: true });
  });
});

/** The event that is shown as selected, in words. */
async function selected(page: Page): Promise<string> {
  return page.locator(".fl-details dd").first().innerText();
}

async function eventCount(page: Page): Promise<string | null> {
  return page.getByRole("table", { name: "Events" }).getAttribute("aria-rowcount");
}

/** After the next frame, since drawing waits for it. */
async function pictureOf(page: Page): Promise<string> {
  await frame(page);
  return page.evaluate("document.querySelector('canvas').toDataURL()");
}

/** Pixels that differ from the one in the corner. */
async function inkOf(page: Page): Promise<number> {
  await frame(page);
  return page.evaluate(`(() => {
    const { width, height } = document.querySelector("canvas");
    const pixels = new Uint32Array(document.querySelector("canvas").getContext("2d").getImageData(0, 0, width, height).data.buffer);
    return pixels.filter((pixel) => pixel !== pixels[0]).length;
  })()`);
}

async function frame(page: Page): Promise<void> {
  await page.evaluate("new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))");
}

function pairs(fronts: readonly string[], backs: readonly string[]): readonly (readonly [string, string])[] {
  return fronts.flatMap((front) => backs.map((back) => [front, back] as const));
}

/** WCAG 2.1's contrast ratio of two colours of the theme. */
async function contrastOf(page: Page, front: string, back: string): Promise<number> {
  return page.evaluate(`(() => {
    const style = getComputedStyle(document.querySelector("main"));
    const luminance = (name) => {
      const hex = style.getPropertyValue("--fl-" + name).trim();
      const linear = [1, 3, 5].map((at) => {
        const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
        return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
    };
    const [high, low] = [luminance(${JSON.stringify(front)}), luminance(${JSON.stringify(back)})].sort((a, b) => b - a);
    return (high + 0.05) / (low + 0.05);
  })()`);
}
