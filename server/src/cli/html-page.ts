import { accessSync, constants, existsSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import writeFileAtomic from "write-file-atomic";
import type { Gallery } from "../diagram/input.js";
import { galleryPage } from "../diagram/page.js";
import { UsageError } from "./exit.js";

/** Before a long run, and not after it. */
export function refuseUnwritable(file: string, option = "--html", example = "out.html"): void {
  const folder = dirname(resolve(file));
  if (!existsSync(folder))
    throw new UsageError(`There is no folder ${folder} for ${option}.`, "Make it, or name another.");
  if (existsSync(file) && statSync(file).isDirectory())
    throw new UsageError(`${option} ${file} is a folder.`, `Name a file in it, such as ${example}.`);
  if (!isWritable(folder))
    throw new UsageError(`Nothing may be written in ${folder}.`, `Name a file for ${option} in another folder.`);
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** One self-contained file with the diagrams. */
export async function writePage(file: string, gallery: Gallery): Promise<void> {
  await writeFileAtomic(file, galleryPage(gallery));
}
