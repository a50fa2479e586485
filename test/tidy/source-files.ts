import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ts } from "ts-morph";

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

export interface SourceFile {
  /** Relative to the repository, with slashes. */
  readonly path: string;
  readonly text: string;
  readonly tree: ts.SourceFile;
}

/** What Git knows and what it would accept: tracked files and new ones that are not ignored. */
export function repositoryFiles(...patterns: readonly string[]): readonly string[] {
  const parameters = ["ls-files", "--cached", "--others", "--exclude-standard", "-z", "--", ...patterns];
  const listed = execFileSync("git", parameters, { cwd: root, encoding: "utf8", maxBuffer: 1 << 26 });
  return [...new Set(listed.split("\0"))].filter((path) => path !== "" && existsSync(join(root, path))).sort();
}

/** Every TypeScript file of the repository, parsed. */
export function sourceFiles(): readonly SourceFile[] {
  return repositoryFiles("*.ts").map((path) => {
    const text = readFileSync(join(root, path), "utf8");
    return { path, text, tree: ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true) };
  });
}

/** Tests, and what only tests use: `test/`, and folders named `testing` beside the code. */
export function isTest(path: string): boolean {
  return path.startsWith("test/") || path.includes("/testing/") || /\.(test|bench)\.ts$/.test(path);
}

/** `path:line`, which editors and terminals make a link of. */
export function positionOf(file: SourceFile, node: ts.Node): string {
  return `${file.path}:${file.tree.getLineAndCharacterOfPosition(node.getStart(file.tree)).line + 1}`;
}
