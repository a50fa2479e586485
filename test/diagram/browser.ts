import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import type { Gallery } from "../../server/src/diagram/input.js";
import { galleryPage } from "../../server/src/diagram/page.js";
import { findOrInstallChromium } from "../extension/setup.js";

/** A headless Chromium that opens pages from files, as a person does who was sent one. */
export class DiagramBrowser implements AsyncDisposable {
  private constructor(
    private readonly browser: Browser,
    private readonly folder: string,
  ) {}

  static async start(): Promise<DiagramBrowser> {
    const executablePath = findOrInstallChromium();
    const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
    return new DiagramBrowser(browser, mkdtempSync(join(tmpdir(), "faultline-diagram-")));
  }

  async open(gallery: Gallery, options: BrowserContextOptions = {}): Promise<OpenedPage> {
    const file = join(this.folder, "page.html");
    writeFileSync(file, galleryPage(gallery));
    return this.openFile(file, options);
  }

  async openFile(file: string, options: BrowserContextOptions = {}): Promise<OpenedPage> {
    const context = await this.browser.newContext({ viewport: { width: 1200, height: 900 }, ...options });
    const page = await context.newPage();
    const requests: string[] = [];
    const complaints: string[] = [];
    page.on("request", (request) => requests.push(request.url()));
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(String(error)));
    await page.goto(pathToFileURL(file).href);
    await page.locator("h1").waitFor();
    return { page, requests, complaints };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.browser.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export interface OpenedPage {
  readonly page: Page;
  /** Everything that the page asked for, itself included. */
  readonly requests: readonly string[];
  /** What it wrote to the console, and errors that nobody caught. */
  readonly complaints: readonly string[];
}
