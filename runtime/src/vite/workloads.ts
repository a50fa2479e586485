import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** Code that keeps the types of a module's replicated classes, to be appended to it. */
export type CodeFor = (file: string, text: string) => string;

/** From the package `faultline` of the project in this folder, which has a type checker; undefined where there is none. */
export async function workloadsFor(root: string): Promise<CodeFor | undefined> {
  const entry = resolved(root);
  if (entry === undefined) return undefined;
  const { workloads } = (await import(pathToFileURL(entry).href)) as { readonly workloads: { codeFor: CodeFor } };
  return workloads.codeFor;
}

function resolved(root: string): string | undefined {
  try {
    return createRequire(join(root, "package.json")).resolve("faultline/workloads");
  } catch {
    return undefined;
  }
}
