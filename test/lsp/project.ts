import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const runtime = fileURLToPath(new URL("../../runtime", import.meta.url));

const compilerOptions = {
  target: "es2022",
  module: "nodenext",
  moduleResolution: "nodenext",
  strict: true,
  skipLibCheck: true,
};

/** A user's project on disk, with the runtime installed as a link, which is how workspaces install it. */
export class Project implements Disposable {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), "faultline-lsp-")));

  constructor(files: Readonly<Record<string, string>>) {
    this.write("package.json", '{ "name": "project", "private": true, "type": "module" }\n');
    this.write("tsconfig.json", JSON.stringify({ compilerOptions, include: ["**/*.ts"] }));
    mkdirSync(join(this.folder, "node_modules/@faultline"), { recursive: true });
    symlinkSync(runtime, join(this.folder, "node_modules/@faultline/runtime"), "dir");
    for (const [name, text] of Object.entries(files)) this.write(name, text);
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  read(name: string): string {
    return readFileSync(this.path(name), "utf8");
  }

  write(name: string, text: string): void {
    mkdirSync(dirname(this.path(name)), { recursive: true });
    writeFileSync(this.path(name), text);
  }

  rename(from: string, to: string): void {
    renameSync(this.path(from), this.path(to));
  }

  remove(name: string): void {
    rmSync(this.path(name));
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** What the `// !! rule` comments of a text expect, as `line rule`; lines from 1. */
export function expectedFindings(text: string): readonly string[] {
  return text.split("\n").flatMap((line, index) => {
    const rules = /\/\/ !! (.*)$/.exec(line)?.[1]?.split(/[,\s]+/) ?? [];
    return rules.map((rule) => `${index + 1} ${rule}`);
  });
}

/** Diagnostics in the same words. */
export function foundFindings(
  diagnostics: readonly { readonly range: { readonly start: { readonly line: number } }; readonly code?: unknown }[],
): readonly string[] {
  return diagnostics
    .map(({ range, code }) => ({ line: range.start.line + 1, code: String(code) }))
    .sort((a, b) => a.line - b.line)
    .map(({ line, code }) => `${line} ${code}`);
}
