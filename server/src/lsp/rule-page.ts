import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));

/** The page of a rule, in the sources or beside the bundle: it is read offline and always fits the installed version. */
const places = (rule: string) => [join(here, "..", "rules", rule, "rule.md"), join(here, "rules", rule, "rule.md")];

const pages = new Map<string, string | undefined>();

/** The address of the rule's page, if it has one. */
export function rulePage(rule: string): string | undefined {
  if (!pages.has(rule)) {
    const page = places(rule).find((place) => existsSync(place));
    pages.set(rule, page === undefined ? undefined : pathToFileURL(page).href);
  }
  return pages.get(rule);
}
