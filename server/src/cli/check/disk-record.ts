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
 * Asks everything again. Undefined if there are other files or folders now; otherwise the files whose texts differ, and
 * the answers that still hold, with the times of now, as a checkout gives new times to the same texts.
 */
export function compareAnswers(
  answers: DiskAnswers,
): { readonly same: DiskAnswers; readonly edited: readonly string[]; readonly isRenewed: boolean } | undefined {
  if (answers.kinds.some(([path, kind]) => disk.kind(path) !== kind)) return undefined;
  if (answers.realpaths.some(([path, realpath]) => disk.realpath(path) !== realpath)) return undefined;
  const reads: ReadAnswer[] = [];
  const edited: string[] = [];
  for (const read of answers.reads) {
    const same = sameText(read);
    if (same === undefined) edited.push(read[0]);
    else reads.push(same);
  }
  const isRenewed = reads.some((read, index) => read !== answers.reads[index]);
  return { same: { ...answers, reads }, edited, isRenewed };
}

/** Later answers take the place of earlier ones. */
export function joinAnswers(earlier: DiskAnswers, later: DiskAnswers): DiskAnswers {
  const join = <A extends readonly [string, ...unknown[]]>(a: readonly A[], b: readonly A[]): readonly A[] => [
    ...new Map([...a, ...b].map((answer) => [answer[0], answer])).values(),
  ];
  return {
    reads: join(earlier.reads, later.reads),
    kinds: join(earlier.kinds, later.kinds),
    realpaths: join(earlier.realpaths, later.realpaths),
  };
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
