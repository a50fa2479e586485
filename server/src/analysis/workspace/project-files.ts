import path from "node:path";
import { ts } from "ts-morph";
import { isSourceFile } from "./discovery.js";
import type { Disk } from "./disk.js";

/** What a tsconfig.json includes, and nothing else. */
export function filesOfProject(project: string, disk: Disk): readonly string[] {
  const host = { ...configurationHost(disk), readDirectory: ts.sys.readDirectory };
  const { config } = ts.readConfigFile(project, host.readFile) as { config?: unknown };
  const parsed = ts.parseJsonConfigFileContent(config ?? {}, host, path.dirname(project), undefined, project);
  return parsed.fileNames
    .map((file) => path.resolve(file))
    .filter(isSourceFile)
    .sort();
}

/** Whether a file says how names of modules are resolved: compiler options, or the name of a package. */
export function isProjectFile(file: string): boolean {
  return /^(?:tsconfig.*|jsconfig|package)\.json$/.test(path.basename(file));
}

type ConfigurationHost = Omit<ts.ParseConfigHost, "readDirectory"> &
  Required<Pick<ts.ModuleResolutionHost, "directoryExists" | "realpath">>;

/** What TypeScript needs to follow `extends`, but for listing files. */
export function configurationHost(disk: Disk): ConfigurationHost {
  return {
    useCaseSensitiveFileNames: ts.sys.useCaseSensitiveFileNames,
    fileExists: (file) => disk.kind(file) === "file",
    directoryExists: (folder) => disk.kind(folder) === "folder",
    readFile: (file) => disk.read(file),
    realpath: (at) => disk.realpath(at),
  };
}
