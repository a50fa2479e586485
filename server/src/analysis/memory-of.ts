import { ts } from "ts-morph";
import { skeletonOf } from "./extract/skeleton.js";
import type { Dependencies } from "./flow/dependencies.js";
import type { FileMemory, Memory } from "./memory.js";
import type { Documents } from "./workspace/documents.js";
import { exportsKey, type Relevance } from "./workspace/relevance.js";

/** What is known at the end of an analysis of which files matter to which. */
export function memoryOf(documents: Documents, relevance: Relevance, dependencies: Dependencies): Memory | undefined {
  const parsed: Record<string, FileMemory> = {};
  // To find out what a file depends on others are parsed, which have not mattered so far.
  for (const file of [...documents.parsed()]) {
    const tree = documents.tree(file);
    if (tree === undefined) continue;
    if (declaresForAll(tree)) return undefined;
    const names = relevance.namesOf(file);
    parsed[file] = {
      uses: [...dependencies.of(file)],
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
