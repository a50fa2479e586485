import { createHash } from "node:crypto";
import fs from "node:fs";
import { type Disk, disk } from "../../analysis/workspace/disk.js";

/** Everything that was asked of the disk, with the answers. As JSON it outlives the process. */
export interface DiskAnswers {
  readonly reads: readonly ReadAnswer[];
  readonly kinds: readonly (readonly [path: string, kind: ReturnType<Disk["kind"]>])[];
  readonly realpaths: readonly (readonly [path: string, realpath: string])[];
}

/** Digest null: it could not be read. */
type ReadAnswer = readonly [file: string, digest: string | null, size: number, modifiedMs: number];

/** A file system may give the same time to two changes this close to each other (two seconds on FAT, less elsewhere). */
const coarsestClockMs = 2_000;
/** No file has it: such a file is compared by content. */
const unknownTime = -1;

/** A disk that remembers what it was asked. */
export class DiskRecord implements Disk {
  readonly #reads = new Map<string, ReadAnswer>();
  readonly #kinds = new Map<string, ReturnType<Disk["kind"]>>();
  readonly #realpaths = new Map<string, string>();

  get answers(): DiskAnswers {
    return { reads: [...this.#reads.values()], kinds: [...this.#kinds], realpaths: [...this.#realpaths] };
  }

  kind(path: string): ReturnType<Disk["kind"]> {
    const kind = disk.kind(path);
    this.#kinds.set(path, kind);
    return kind;
  }

  read(file: string): string | undefined {
    if (this.#reads.has(file)) return disk.read(file);
    // The time first: a change in between makes the file look changed later, and not unchanged.
    const stamp = stampOf(file);
    const text = disk.read(file);
    this.#reads.set(file, [file, text === undefined ? null : digestOf(text), ...stamp]);
    return text;
  }

  realpath(path: string): string {
    const realpath = disk.realpath(path);
    this.#realpaths.set(path, realpath);
    return realpath;
  }
}

/**
 * Asks everything again. Undefined if an answer differs; otherwise the answers with the times of now, as a checkout gives
 * new times to the same texts.
 */
export function sameAnswers(answers: DiskAnswers): DiskAnswers | undefined {
  if (answers.kinds.some(([path, kind]) => disk.kind(path) !== kind)) return undefined;
  if (answers.realpaths.some(([path, realpath]) => disk.realpath(path) !== realpath)) return undefined;
  const reads: ReadAnswer[] = [];
  for (const read of answers.reads) {
    const same = sameText(read);
    if (same === undefined) return undefined;
    reads.push(same);
  }
  return reads.every((read, index) => read === answers.reads[index]) ? answers : { ...answers, reads };
}

function sameText(read: ReadAnswer): ReadAnswer | undefined {
  const [file, digest, size, modifiedMs] = read;
  const stamp = stampOf(file);
  if (digest !== null && stamp[0] === size && stamp[1] === modifiedMs && modifiedMs !== unknownTime) return read;
  const text = disk.read(file);
  if ((text === undefined ? null : digestOf(text)) !== digest) return undefined;
  return digest === null ? read : [file, digest, ...stamp];
}

function stampOf(file: string): readonly [size: number, modifiedMs: number] {
  try {
    const { size, mtimeMs } = fs.statSync(file);
    return [size, mtimeMs < Date.now() - coarsestClockMs ? mtimeMs : unknownTime];
  } catch {
    return [0, unknownTime];
  }
}

/** Against mistakes and not against attackers, who could write the cache itself. */
export function digestOf(text: string): string {
  return createHash("sha1").update(text).digest("base64url");
}
