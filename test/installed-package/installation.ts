import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
export const packageFolder = join(root, "runtime");

/** A project outside of the repository with nothing installed but a fresh build of the runtime. */
export interface Installation {
  readonly folder: string;
  /** Runs Node there; throws with all that was written when it fails. */
  node(...parameters: readonly string[]): string;
  typescript(...options: readonly string[]): string;
  remove(): void;
}

export function install(): Installation {
  const folder = mkdtempSync(join(tmpdir(), "faultline-installed-"));
  const installed = join(folder, "node_modules/@faultline/runtime");
  mkdirSync(installed, { recursive: true });
  run(root, ["--import", "tsx", "scripts/build-runtime.ts", join(installed, "dist")]);
  cpSync(join(packageFolder, "package.json"), join(installed, "package.json"));
  writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
  cpSync(fileURLToPath(new URL("project", import.meta.url)), folder, { recursive: true });
  return {
    folder,
    node: (...parameters) => run(folder, parameters),
    typescript: (...options) => run(folder, [join(root, "node_modules/typescript/bin/tsc"), ...options]),
    remove: () => rmSync(folder, { recursive: true }),
  };
}

function run(cwd: string, parameters: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, parameters, { cwd, encoding: "utf8" });
  if (status !== 0) throw new Error(`node ${parameters.join(" ")} ended with ${status}:\n${stdout}${stderr}`);
  return stdout;
}
