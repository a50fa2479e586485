import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { About } from "./about.js";

/** One bug: `broken.ts` has it, `correct.ts` is the same program without it. */
export interface Planted {
  /** Name of its folder. */
  readonly id: string;
  readonly about: About;
}

export const folder = dirname(fileURLToPath(import.meta.url));

export const ids: readonly string[] = readdirSync(folder)
  .filter((id) => existsSync(join(folder, id, "about.ts")))
  .sort();

export const allPlanted = (): Promise<readonly Planted[]> => Promise.all(ids.map(plantedOf));

export async function plantedOf(id: string): Promise<Planted> {
  const { about } = (await import(pathToFileURL(join(folder, id, "about.ts")).href)) as { readonly about: About };
  return { id, about };
}
