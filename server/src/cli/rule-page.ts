import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";

/** The page of a rule: beside the rule in the sources, and beside the bundle once it is built. */
export function rulePage(id: string): { readonly url: string; text(): string } | undefined {
  const candidates = [`./rules/${id}/rule.md`, `../rules/${id}/rule.md`];
  const file = candidates.map((each) => fileURLToPath(new URL(each, import.meta.url))).find((each) => existsSync(each));
  if (file === undefined) return undefined;
  return { url: pathToFileURL(file).href, text: () => readFileSync(file, "utf8") };
}
