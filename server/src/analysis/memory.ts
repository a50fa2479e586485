/** What one analysis leaves to the next about a file that it parsed. */
export interface FileMemory {
  /** Files that it depends on by name. */
  readonly uses: readonly string[];
  /** Exported names that have to do with the runtime; undefined for a file that has nothing to do with it. */
  readonly relevant?: readonly string[];
  /** All that it exports. */
  readonly exports: string;
}

/** Which files depend on which, as plain data that outlives the process. */
export interface Memory {
  readonly parsed: Readonly<Record<string, FileMemory>>;
  /** Of all other files: the modules that they import. */
  readonly imports: Readonly<Record<string, string>>;
}

/** The part of a project that is to be analysed again, and what has to be known of the rest. */
export interface Resumption {
  readonly files: ReadonlySet<string>;
  /** Of the relevant files among the rest: their exported names that have to do with the runtime. */
  readonly relevant: ReadonlyMap<string, ReadonlySet<string>>;
}

/**
 * What has to be analysed again after edits: the edited files with all that they depend on and all that depend on them,
 * through any number of steps in either direction. Undefined where an edit may matter to others as well.
 */
export function resumptionAfter(
  memory: Memory,
  edited: readonly string[],
  importsNow: (file: string) => string | undefined,
): Resumption | undefined {
  const known = edited.filter((file) => Object.hasOwn(memory.parsed, file));
  const others = edited.filter((file) => !Object.hasOwn(memory.parsed, file));
  if (others.some((file) => memory.imports[file] === undefined || memory.imports[file] !== importsNow(file)))
    return undefined;
  const files = connectedTo(known, memory);
  const relevant = new Map<string, ReadonlySet<string>>();
  for (const [file, each] of Object.entries(memory.parsed)) {
    if (each.relevant !== undefined && !files.has(file)) relevant.set(file, new Set(each.relevant));
  }
  return { files, relevant };
}

/**
 * What is remembered once a part was analysed again. Undefined where that part offers others something else than before,
 * or depends on files that were not analysed with it: then the rest does not stand.
 */
export function rememberedAfter(
  before: Memory,
  edited: readonly string[],
  { files }: Resumption,
  part: Memory,
): Memory | undefined {
  // What was of no further interest may have been all that others saw of it.
  const mattered = [...files].filter((file) => edited.includes(file) || before.parsed[file]?.relevant !== undefined);
  if (mattered.some((file) => !Object.hasOwn(part.parsed, file))) return undefined;
  const isNew = (file: string): boolean => !Object.hasOwn(before.parsed, file);
  const parsed = { ...before.parsed };
  const imports = { ...before.imports };
  for (const [file, now] of Object.entries(part.parsed)) {
    if (!files.has(file) && !isNew(file)) continue;
    if (now.uses.some((used) => !files.has(used) && !isNew(used))) return undefined;
    const known = before.parsed[file];
    if (known !== undefined && !offersTheSame(known, now)) return undefined;
    if (known === undefined && now.relevant !== undefined) return undefined;
    parsed[file] = now;
    delete imports[file];
  }
  return { parsed, imports };
}

function connectedTo(files: readonly string[], memory: Memory): ReadonlySet<string> {
  const neighbours = new Map<string, string[]>();
  const connect = (from: string, to: string): void => {
    const list = neighbours.get(from);
    if (list === undefined) neighbours.set(from, [to]);
    else list.push(to);
  };
  for (const [file, { uses }] of Object.entries(memory.parsed)) {
    for (const used of uses) {
      connect(file, used);
      connect(used, file);
    }
  }
  const reached = new Set(files);
  for (const file of reached) for (const each of neighbours.get(file) ?? []) reached.add(each);
  return reached;
}

function offersTheSame(before: FileMemory, now: FileMemory): boolean {
  if (before.exports !== now.exports) return false;
  const [names, namesNow] = [before.relevant, now.relevant];
  if (names === undefined || namesNow === undefined) return names === namesNow;
  return JSON.stringify([...names].sort()) === JSON.stringify([...namesNow].sort());
}
