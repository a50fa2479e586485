import { spawnSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { faultline } from "../harness/command-line.js";
import { Folder } from "../harness/folder.js";

export const repository = fileURLToPath(new URL("../../", import.meta.url));

/** What npm makes of a fresh build of the runtime: the file that would be published. */
export class PackedRuntime implements Disposable {
  readonly tarball: string;
  readonly #folder = realpathSync(mkdtempSync(join(tmpdir(), "faultline-packed-")));

  constructor() {
    const contents = join(this.#folder, "contents");
    mkdirSync(contents);
    run(repository, process.execPath, ["--import", "tsx", "scripts/build-runtime.ts", join(contents, "dist")]);
    cpSync(join(repository, "runtime/package.json"), join(contents, "package.json"));
    const output = run(contents, "npm", ["pack", "--silent", "--pack-destination", this.#folder]);
    this.tarball = join(this.#folder, output.trim());
    // Without one npm looks for the project in the folders above.
    writeFileSync(join(this.#folder, "package.json"), '{ "private": true }');
    run(this.#folder, "npm", ["install", "--offline", "--no-save", "--no-package-lock", "--silent", this.tarball]);
  }

  /** As npm installed it from that file. */
  get installed(): string {
    return join(this.#folder, "node_modules/@faultline/runtime");
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true });
  }
}

export interface Run {
  readonly target: string;
  readonly outcome: string;
  readonly reason: string | null;
  readonly violations: readonly { readonly message: string }[];
  readonly operations: readonly { readonly name: string; readonly ok: number }[];
}

/** A project outside of the repository, with the packed runtime in it. */
export class Project extends Folder {
  /** `packages`: what of this repository's `node_modules` is installed there too. */
  constructor(runtime: PackedRuntime, files: Readonly<Record<string, string>>, packages: readonly string[] = []) {
    super(files);
    cpSync(runtime.installed, this.path("node_modules/@faultline/runtime"), { recursive: true });
    for (const name of packages) this.link(`node_modules/${name}`, join(repository, "node_modules", name));
  }

  /** As npm links the packages of a workspace. */
  link(name: string, target: string): void {
    mkdirSync(dirname(this.path(name)), { recursive: true });
    symlinkSync(target, this.path(name), "junction");
  }

  run(command: string, words: readonly string[]): string {
    return run(this.root, command, words);
  }

  /** A few schedules of all targets of a file, by the command line. */
  simulate(...targets: readonly string[]): readonly Run[] {
    const { stdout, stderr } = faultline(this.root, ["simulate", ...targets, "--schedules", "5", "--format", "json"]);
    if (stdout === "") throw new Error(stderr);
    return (JSON.parse(stdout) as { readonly runs: readonly Run[] }).runs;
  }
}

function run(cwd: string, command: string, words: readonly string[]): string {
  const shell = process.platform === "win32" && command === "npm";
  const { status, stdout, stderr } = spawnSync(command, words, { cwd, encoding: "utf8", shell });
  if (status === 0) return stdout;
  throw new Error(`${command} ${words.join(" ")} ended with ${status}:\n${stdout}${stderr}`);
}

/** The files that a section of a page shows, by the names that they begin with. */
export function filesOf(page: string, section: string): Readonly<Record<string, string>> {
  const text = readFileSync(join(repository, page), "utf8");
  const [, ...sections] = text.split(/^## /m);
  const found = sections.find((each) => each.startsWith(`${section}\n`));
  if (found === undefined) throw new Error(`${page} has no section ${section}`);
  const blocks = [...found.matchAll(/^```\w+\n\/\/ (\S+)\n([\s\S]*?)^```$/gm)];
  return Object.fromEntries(blocks.map(([, name = "", contents = ""]) => [name, contents]));
}
