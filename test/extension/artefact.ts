import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { resolveCliArgsFromVSCodeExecutablePath } from "@vscode/test-electron";
import { build } from "esbuild";
import { globSync } from "tinyglobby";
import { root, runScript } from "../../scripts/run.js";
import { type Editor, SetupError } from "./setup.js";

const client = join(root, "client");
const vsix = join(client, `faultline-vscode-${process.platform}-${process.arch}.vsix`);

/** Packs the extension if need be, and lets the editor install it into a folder; answers where it lies. */
export async function unpackedExtension(editor: Editor, scratch: string): Promise<string> {
  if (isStale()) {
    const { status } = await runScript("scripts/package.ts");
    if (status !== 0) throw new SetupError("The extension could not be packed: see above.");
  }
  const folder = join(scratch, "installed");
  mkdirSync(folder, { recursive: true });
  const [command, ...parameters] = installCommand(editor, scratch);
  const options = ["--install-extension", vsix, "--extensions-dir", folder];
  const result = spawnSync(command, [...parameters, ...options], { encoding: "utf8" });
  const name = readdirSync(folder).find((entry) => entry.startsWith("faultline.faultline-vscode-"));
  if (result.status !== 0 || name === undefined) {
    throw new SetupError(`VS Code refuses to install ${vsix}:\n${result.stdout}${result.stderr}`);
  }
  return join(folder, name);
}

function isStale(): boolean {
  if (!existsSync(vsix)) return true;
  const packed = statSync(vsix).mtimeMs;
  const inputs = globSync(["dist/**", "images/**", "*.{json,md}", "LICENSE", ".vscodeignore"], {
    cwd: client,
    dot: true,
  });
  return inputs.some((input) => statSync(join(client, input)).mtimeMs > packed);
}

function installCommand(editor: Editor, scratch: string): readonly [string, ...string[]] {
  const data = join(scratch, "install-data");
  if (editor.kind === "browser") {
    return [process.execPath, editor.serverMain, "--accept-server-license-terms", "--server-data-dir", data];
  }
  const [command = editor.executable, ...parameters] = resolveCliArgsFromVSCodeExecutablePath(editor.executable);
  return [command, ...parameters.filter((each) => !/-dir=/.test(each)), "--user-data-dir", data];
}

/** The suite as one CommonJS file, which is what an extension host loads; inside the repository, where mocha is found. */
export async function bundledSuite(): Promise<string> {
  const outfile = join(root, "test/extension/out/suite.cjs");
  await build({
    entryPoints: [join(root, "test/extension/suite/index.ts")],
    outfile,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    sourcemap: "inline",
    external: ["vscode", "mocha"],
    logLevel: "warning",
  });
  return outfile;
}
