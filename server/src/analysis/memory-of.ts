import { ts } from "ts-morph";
import { skeletonOf } from "./extract/skeleton.js";
import type { Dependencies } from "./flow/dependencies.js";
import type { FileMemory, Memory } from "./memory.js";
import type { Documents } from "./workspace/documents.js";
import { exportsKey, type Relevance } from "./workspace/relevance.js";

interface Known {
  readonly documents: Documents;
  readonly relevance: Relevance;
  readonly dependencies: Dependencies;
}

/**
 * What is known at the end of an analysis of which files matter to which: of those that it had to read, or with all that
 * these depend on, through any number of steps.
 */
export function memoryOf(
  { documents, relevance, dependencies }: Known,
  { withAllUsed }: { readonly withAllUsed: boolean },
): Memory | undefined {
  const parsed: Record<string, FileMemory> = {};
  // To find out what a file depends on others are parsed, which have not mattered so far.
  const files = new Set(documents.parsed());
  for (const file of files) {
    const tree = documents.tree(file);
    if (tree === undefined) continue;
    if (declaresForAll(tree)) return undefined;
    const names = relevance.namesOf(file);
    const uses = [...dependencies.of(file)];
    if (withAllUsed) for (const used of uses) files.add(used);
    parsed[file] = {
      uses,
      ...(names === undefined ? {} : { relevant: [...names] }),
      exports: exportsKey(skeletonOf(tree)),
    };
  }
  const imports: Record<string, string> = {};
  for (const [file, specifiers] of relevance.scanned) if (!Object.hasOwn(parsed, file)) imports[file] = specifiers;
  return { parsed, imports };
}

/** What it declares may hold everywhere, and not only where it is imported. */
function declaresForAll(tree: ts.SourceFile): boolean {
  return !ts.isExternalModule(tree) || /\bdeclare\s+(?:global|module)\b/.test(tree.text);
}
