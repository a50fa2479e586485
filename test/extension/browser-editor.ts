import { type ChildProcess, spawn } from "node:child_process";
import { appendFileSync, closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { format } from "node:util";
import { type Browser, chromium, type Page } from "playwright-core";
import type { Editor } from "./setup.js";

/** How long anything may take to be seen: a deadline for a busy machine, not what is expected. */
export const windowDeadlineMs = 60_000;

const settings = {
  "telemetry.telemetryLevel": "off",
  "extensions.autoCheckUpdates": false,
  "extensions.autoUpdate": false,
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "git.enabled": false,
  "chat.commandCenter.enabled": false,
  "typescript.disableAutomaticTypeAcquisition": true,
  "security.workspace.trust.startupPrompt": "never",
  "security.workspace.trust.banner": "never",
  "editor.minimap.enabled": false,
  "editor.fontFamily": "DejaVu Sans Mono",
  "editor.stickyScroll.enabled": false,
  "breadcrumbs.enabled": false,
};

/** What a page of the editor shows. */
export interface View {
  readonly extension: string;
  readonly folder: string;
  /** A file, as `path:line:column`. */
  readonly file?: string;
  readonly trusted?: boolean;
  /** On top of those that every test has. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** VS Code as code-server builds it, with its own settings and folders, seen through a headless Chromium. */
export class BrowserEditor implements AsyncDisposable {
  private constructor(
    private readonly server: ChildProcess,
    private readonly browser: Browser,
    private readonly authority: string,
    private readonly scratch: string,
  ) {}

  static async start(
    editor: Editor & { kind: "browser" },
    scratch: string,
    environment: Readonly<Record<string, string>>,
  ): Promise<BrowserEditor> {
    const port = await freePort();
    const authority = `127.0.0.1:${port}`;
    const at = (name: string) => join(scratch, name);
    mkdirSync(join(at("data"), "User"), { recursive: true });
    const log = openSync(at("server.log"), "w");
    const server = spawn(
      process.execPath,
      [
        editor.serverMain,
        ...[
          "--host",
          "127.0.0.1",
          "--port",
          String(port),
          "--without-connection-token",
          "--accept-server-license-terms",
        ],
        ...["--enable-smoke-test-driver", "--telemetry-level", "off"],
        ...["--user-data-dir", at("data"), "--server-data-dir", at("server"), "--extensions-dir", at("extensions")],
      ],
      // A group of its own, which is ended as a whole: the extension host and the language server are in it.
      { env: { ...withoutEditor(process.env), ...environment }, stdio: ["ignore", log, log], detached: true },
    );
    closeSync(log);
    try {
      await answering(server, authority, at("server.log"));
      const options = [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--disable-background-networking",
        "--disable-sync",
      ];
      const browser = await chromium.launch({ executablePath: editor.chromium, args: options });
      return new BrowserEditor(server, browser, authority, scratch);
    } catch (error) {
      await end(server);
      throw error;
    }
  }

  /** Runs a suite as test-electron does; answers its exit code. */
  async runSuite(view: View, suite: string, deadlineMs: number): Promise<number> {
    const context = await this.browser.newContext();
    const ended = new Promise<number>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`The suite did not end within ${deadlineMs / 1000} s`)),
        deadlineMs,
      );
      // The workbench calls these two when it finds them on the window.
      void context.exposeFunction("codeAutomationExit", (code: number) => {
        clearTimeout(timer);
        resolve(code);
      });
      void context.exposeFunction("codeAutomationLog", (type: string, args: readonly unknown[]) =>
        appendFileSync(join(this.scratch, "workbench.log"), `[${type}] ${format(...args)}\n`),
      );
    });
    const page = await context.newPage();
    await page.goto(this.#address(view, [["extensionTestsPath", this.#remote(suite)]]), { waitUntil: "commit" });
    try {
      return await ended;
    } finally {
      await page.screenshot({ path: join(this.scratch, "suite.png") }).catch(() => undefined);
      await context.close();
    }
  }

  /** A window for a test of what is seen. */
  async open(view: View): Promise<Page> {
    const context = await this.browser.newContext({ viewport: { width: 1200, height: 720 }, deviceScaleFactor: 2 });
    context.setDefaultTimeout(windowDeadlineMs);
    const page = await context.newPage();
    await page.goto(this.#address(view, []), { waitUntil: "commit" });
    await page.locator(".monaco-workbench").waitFor();
    return page;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.browser.close();
    await end(this.server);
  }

  #address(view: View, more: readonly (readonly [string, string])[]): string {
    // Read by the server when a page is loaded.
    const trust = { "security.workspace.trust.enabled": view.trusted === false };
    writeFileSync(
      join(this.scratch, "data", "User", "settings.json"),
      JSON.stringify({ ...settings, ...trust, ...view.settings }),
    );
    const payload = [
      ["extensionDevelopmentPath", this.#remote(view.extension)],
      ["enableProposedApi", ""],
      ["skipWelcome", "true"],
      ...(view.file === undefined
        ? []
        : [
            ["openFile", this.#remote(view.file)],
            ["gotoLineMode", "true"],
          ]),
      ...more,
    ];
    const query = new URLSearchParams({ folder: view.folder, payload: JSON.stringify(payload) });
    return `http://${this.authority}/?${query}`;
  }

  /** The authority has to be the page's own: under another one every file would exist twice, and no squiggle be shown. */
  #remote(path: string): string {
    return `vscode-remote://${this.authority}${path}`;
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === "object" && address ? resolve(address.port) : reject(new Error("no port")),
      );
    });
  });
}

/** A terminal inside VS Code sets variables that would tie the editor under test to the one outside. */
function withoutEditor(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith("VSCODE_")));
}

async function answering(server: ChildProcess, authority: string, log: string): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (Date.now() < deadline) {
    if (server.exitCode !== null || server.signalCode !== null) break;
    const response = await fetch(`http://${authority}/version`).catch(() => undefined);
    if (response?.ok === true) return;
    // A connection that is refused costs nothing, but asking again at once would take the time the server needs.
    await delay(50);
  }
  throw new Error(`VS Code's server did not start:\n${readFileSync(log, "utf8").split("\n").slice(-15).join("\n")}`);
}

async function end(server: ChildProcess): Promise<void> {
  if (server.pid === undefined || server.exitCode !== null || server.signalCode !== null) return;
  const group = -server.pid;
  const gone = new Promise((resolve) => server.once("exit", resolve));
  process.kill(group, "SIGTERM");
  await Promise.race([gone, delay(3_000, undefined, { ref: false })]);
  try {
    process.kill(group, "SIGKILL");
  } catch {
    // Nobody was left.
  }
}
