import { accessSync, constants, existsSync, statSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import process from "node:process";
import writeFileAtomic from "write-file-atomic";
import { UsageError } from "./exit.js";

/** A file that an option names, and how such a file may be called. */
export interface OutputFile {
  readonly option: `--${string}`;
  readonly file: string;
  readonly example: string;
}

/** Before a long run, and not after it. */
export function refuseUnwritable({ option, file, example }: OutputFile): void {
  const folder = dirname(resolve(file));
  if (!existsSync(folder))
    throw new UsageError(`There is no folder ${folder} for ${option}.`, "Make it, or name another.");
  if (!statSync(folder).isDirectory())
    throw new UsageError(`${folder} is no folder, so ${option} ${file} cannot be in it.`, "Name another folder.");
  if (existsSync(file) && statSync(file).isDirectory())
    throw new UsageError(`${option} ${file} is a folder.`, `Name a file in it, such as ${example}.`);
  if (!isDevice(file) && !isWritable(folder))
    throw new UsageError(`Nothing may be written in ${folder}.`, `Name a file for ${option} in another folder.`);
}

/** Whole or not at all; and says so, beside what is printed. */
export function writeOutput(file: string, text: string): void {
  // What stands for a stream, such as /dev/stdout, is written to: to replace it would take it away from everybody.
  const isStream = isDevice(file);
  let why: unknown;
  try {
    if (isStream) writeFileSync(file, text);
    else writeFileAtomic.sync(file, text);
    if (!isStream) process.stderr.write(`wrote ${file}\n`);
    return;
  } catch (error) {
    why = error;
  }
  const said = why instanceof Error ? why.message : String(why);
  throw new UsageError(
    `${file} could not be written: ${said}`,
    "Name a file that may be written, on a disk with room.",
  );
}

const isDevice = (file: string): boolean => existsSync(file) && !statSync(file).isFile();

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
