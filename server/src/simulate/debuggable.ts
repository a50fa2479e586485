import { isAbsolute, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Site } from "../../../runtime/src/simulation/trace.js";

/** The program as a debugger is to see it: the user's files, and nothing that was put between their words. */
export interface DebuggableProgram {
  readonly code: string;
  /** Absolute, as debuggers take what is not for a script of their own. */
  readonly fileName: string;
  /** Where a position of the program that is simulated is in this one. */
  siteOf(site: Site): Site;
}

export interface DebuggableOptions {
  /** As it was before it was instrumented, with its source map. */
  readonly code: string;
  readonly map: string;
  /** The folder that the map's paths are relative to, and the same as people named it. */
  readonly folder: string;
  readonly cwd: string;
  readonly fileName: string;
  /** Text that was read at the end of files, which is nobody's to see. */
  readonly additions: ReadonlyMap<string, string> | undefined;
  readonly original: (line: number, column: number) => Site;
}

interface SourceMap {
  readonly sources: readonly string[];
  readonly sourcesContent?: readonly (string | null)[];
}

export function debuggableProgram(options: DebuggableOptions): DebuggableProgram {
  const { code, folder, cwd, fileName, additions, original } = options;
  const map = JSON.parse(options.map) as SourceMap;
  const files = map.sources.map((source) => {
    const file = isAbsolute(source) ? source : resolve(folder, source);
    return file.startsWith(`${folder}/`) ? resolve(cwd, relative(folder, file)) : file;
  });
  const shown = {
    ...map,
    sources: files.map((file) => pathToFileURL(file).href),
    sourcesContent: map.sourcesContent?.map((text, index) => {
      const added = additions?.get(files[index] ?? "");
      return added !== undefined && text?.endsWith(added) ? text.slice(0, -added.length) : text;
    }),
  };
  const data = Buffer.from(JSON.stringify(shown)).toString("base64");
  return {
    code: `${code}\n//# sourceMappingURL=data:application/json;base64,${data}\n`,
    fileName: resolve(cwd, fileName),
    siteOf: ({ line, column }) => original(line, column),
  };
}
