import fs from "node:fs";
import path from "node:path";
import createIgnore, { type Ignore } from "ignore";

const skippedFolders = new Set(["node_modules", "dist", ".git"]);
const sourceFile = /\.(?:[cm]?ts|tsx)$/;
const declarationFile = /\.d\.(?:[cm]?ts|[^.]+\.ts)$/;

export function isSourceFile(file: string): boolean {
  return sourceFile.test(file) && !declarationFile.test(file);
}

/** Every TypeScript source below `root`, sorted, without what `.gitignore` files exclude, `node_modules` and `dist`. */
export function discoverFiles(root: string): readonly string[] {
  const files: string[] = [];
  walk(root, inheritedRules(root), files);
  return files.sort();
}

/** Whether a walk from `root` would come upon the file. */
export function isDiscoverable(root: string, file: string): boolean {
  const parts = path.relative(root, file).split(path.sep);
  if (parts[0] === ".." || parts.some((part) => skippedFolders.has(part))) return false;
  let rules = inheritedRules(root);
  let folder = root;
  for (const [index, part] of parts.entries()) {
    const own = rulesOf(folder);
    if (own !== undefined) rules = [...rules, own];
    folder = path.join(folder, part);
    if (isIgnored(index === parts.length - 1 ? folder : `${folder}/`, rules)) return false;
  }
  return true;
}

interface IgnoreRules {
  readonly folder: string;
  readonly rules: Ignore;
}

function walk(folder: string, inherited: readonly IgnoreRules[], files: string[]): void {
  const own = rulesOf(folder);
  const rules = own === undefined ? inherited : [...inherited, own];
  for (const entry of entriesOf(folder)) {
    const at = path.join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!skippedFolders.has(entry.name) && !isIgnored(`${at}/`, rules)) walk(at, rules, files);
    } else if (entry.isFile() && isSourceFile(entry.name) && !isIgnored(at, rules)) files.push(at);
  }
}

function entriesOf(folder: string): readonly fs.Dirent[] {
  try {
    return fs.readdirSync(folder, { withFileTypes: true });
  } catch {
    return []; // Deleted meanwhile, or not readable: not ours to judge.
  }
}

function rulesOf(folder: string): IgnoreRules | undefined {
  try {
    return { folder, rules: createIgnore().add(fs.readFileSync(path.join(folder, ".gitignore"), "utf8")) };
  } catch {
    return undefined;
  }
}

/** A workspace folder may lie inside a repository whose upper folders ignore parts of it. */
function inheritedRules(root: string): readonly IgnoreRules[] {
  const found: IgnoreRules[] = [];
  let folder = root;
  while (!fs.existsSync(path.join(folder, ".git"))) {
    const parent = path.dirname(folder);
    if (parent === folder) return [];
    folder = parent;
    const rules = rulesOf(folder);
    if (rules !== undefined) found.unshift(rules);
  }
  return found;
}

function isIgnored(at: string, stack: readonly IgnoreRules[]): boolean {
  let ignored = false;
  for (const { folder, rules } of stack) {
    const inFolder = path.relative(folder, at);
    const verdict = rules.test(inFolder + (at.endsWith("/") ? "/" : ""));
    if (verdict.ignored) ignored ||= !isInherited(inFolder, rules);
    else if (verdict.unignored) ignored = false;
  }
  return ignored;
}

/** Whoever asks came through the folder, so that somebody else has taken it back in since. */
function isInherited(inFolder: string, rules: Ignore): boolean {
  const parent = path.dirname(inFolder);
  return parent !== "." && rules.test(`${parent}/`).ignored;
}
