import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * A real VS Code to test in. `desktop` is the build that test-electron drives; `browser` is the same editor as code-server
 * builds it, shown by a headless Chromium, for machines that reach a package registry but not VS Code's download host.
 */
export type Editor =
  | { readonly kind: "desktop"; readonly executable: string }
  | { readonly kind: "browser"; readonly serverMain: string; readonly chromium: string };

/** What is missing and what to do about it, for a person at a terminal. */
export class SetupError extends Error {}

const codeServerVersion = "4.100.3";
const ripgrepVersion = "1.18.0";
const repository = resolve(fileURLToPath(import.meta.url), "../../..");
const cache = join(repository, ".cache", "vscode");

/** Finds or installs an editor. Quick and silent when everything is there already. */
export async function setUpEditor(say: (line: string) => void = console.log): Promise<Editor> {
  const named = process.env["FAULTLINE_VSCODE"];
  if (named !== undefined) return { kind: "desktop", executable: named };
  if (!canRunCodeServer()) return { kind: "desktop", executable: await downloadDesktop(say) };
  return { kind: "browser", serverMain: installCodeServer(say), chromium: findOrInstallChromium(say) };
}

/** code-server's ripgrep and our own package are taken from the registry for this platform only. */
function canRunCodeServer(): boolean {
  return process.platform === "linux" && process.arch === "x64";
}

async function downloadDesktop(say: (line: string) => void): Promise<string> {
  say("Downloading VS Code …");
  const { downloadAndUnzipVSCode } = await import("@vscode/test-electron");
  try {
    return await downloadAndUnzipVSCode({ version: "stable", cachePath: cache });
  } catch (error) {
    throw new SetupError(
      `VS Code could not be downloaded (${error instanceof Error ? error.message : String(error)}).\n` +
        "The editor tests need a VS Code: set FAULTLINE_VSCODE to the executable of an installed one, and run them again.",
      { cause: error },
    );
  }
}

function installCodeServer(say: (line: string) => void): string {
  const folder = join(cache, `code-server-${codeServerVersion}`);
  const vscode = join(folder, "node_modules", "code-server", "lib", "vscode");
  const serverMain = join(vscode, "out", "server-main.js");
  const complete = join(folder, "complete");
  if (existsSync(complete) && readFileSync(complete, "utf8") === ripgrepVersion) return serverMain;

  say(`Installing VS Code (code-server ${codeServerVersion}) into ${cache} …`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
  // Install scripts would build or download native parts that a test does not use.
  const npm = (at: string, ...parameters: string[]) =>
    must(
      run("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", ...parameters], at),
      "VS Code could not be installed",
    );
  npm(folder, "--no-save", `code-server@${codeServerVersion}`, `@vscode/ripgrep-linux-x64@${ripgrepVersion}`);
  npm(vscode, "--omit=dev");
  npm(vscode, "--omit=dev", "--prefix", "extensions");
  linkRipgrep(folder, vscode);
  writeFileSync(complete, ripgrepVersion);
  return serverMain;
}

/** The install script of ripgrep's wrapper would fetch the binary from elsewhere; the platform package carries it. */
function linkRipgrep(folder: string, vscode: string): void {
  const bin = join(vscode, "node_modules", "@vscode", "ripgrep", "bin");
  mkdirSync(bin, { recursive: true });
  rmSync(join(bin, "rg"), { force: true });
  symlinkSync(join(folder, "node_modules", "@vscode", "ripgrep-linux-x64", "bin", "rg"), join(bin, "rg"));
}

/** For tests that need a browser and no editor as well. */
export function findOrInstallChromium(say: (line: string) => void = console.log): string {
  const found = findChromium();
  if (found !== undefined) return found;
  if (process.getuid?.() !== 0 || run("apt-get", ["--version"], repository).status !== 0)
    throw new SetupError(chromiumMissing);

  say("Installing Chromium by apt-get …");
  must(run("apt-get", ["update", "-q"], repository), chromiumMissing);
  // A headless machine has no fonts; without one the editor shows boxes and the pictures are worthless.
  const packages = ["chromium", "fonts-dejavu-core", "fonts-liberation"];
  must(run("apt-get", ["install", "-y", "-q", "--no-install-recommends", ...packages], repository), chromiumMissing);
  const installed = findChromium();
  if (installed === undefined) throw new SetupError(chromiumMissing);
  return installed;
}

const chromiumMissing =
  "The editor tests drive a Chromium or Chrome and none was found.\n" +
  "Install one (Debian: `apt-get install chromium`), or set FAULTLINE_CHROMIUM to the executable of an installed one,\n" +
  "or set FAULTLINE_VSCODE to the executable of a desktop VS Code, and run them again.";

function findChromium(): string | undefined {
  const named = process.env["FAULTLINE_CHROMIUM"];
  const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge"];
  const usual = ["/usr/bin", "/usr/local/bin", "/snap/bin"].flatMap((folder) =>
    names.map((name) => join(folder, name)),
  );
  return (named === undefined ? usual : [named]).find((candidate) => existsSync(candidate));
}

function run(command: string, parameters: readonly string[], cwd: string): SpawnSyncReturns<string> {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  return spawnSync(command, parameters, { cwd, env, encoding: "utf8", maxBuffer: 1 << 26 });
}

function must(result: SpawnSyncReturns<string>, message: string): void {
  if (result.status === 0) return;
  const output = `${result.error?.message ?? ""}${result.stdout ?? ""}${result.stderr ?? ""}`;
  throw new SetupError(`${message}\n\n${output.trim().split("\n").slice(-15).join("\n")}`);
}
