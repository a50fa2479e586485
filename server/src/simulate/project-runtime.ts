import { existsSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { hostProtocolVersion } from "../../../runtime/src/host/protocol.js";
import { UnusableInputError } from "./unusable-input.js";

/** The project's own `@faultline/runtime`, of which the simulation runs one instance. */
export interface ProjectRuntime {
  readonly folder: string;
  readonly version: string;
  /** The program that evaluates user code in a child process. */
  readonly host: string;
}

/** Looks where Node would look from the user's file. Throws `UnusableInputError` if none is there that fits. */
export function projectRuntime(file: string, cwd: string): ProjectRuntime {
  const folder = findPackage(existsSync(file) ? realpathSync(file) : file);
  if (folder === undefined)
    throw new UnusableInputError(
      `${relative(cwd, file)} needs @faultline/runtime, which is not installed where the file can reach it.`,
      "Install it in the file's project: npm install @faultline/runtime",
    );
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
  const host = join(folder, "dist/host.js");
  if (!existsSync(host))
    throw new UnusableInputError(
      `@faultline/runtime ${manifest.version} in ${folder} is not built: it has no dist/host.js.`,
      "In a checkout of Faultline run npm run build; elsewhere install the package again.",
    );
  const protocol = manifest.faultlineRuntime?.hostProtocol;
  if (protocol !== hostProtocolVersion) {
    const older = (protocol ?? 0) < hostProtocolVersion ? "@faultline/runtime" : "faultline";
    throw new UnusableInputError(
      `@faultline/runtime ${manifest.version} in ${folder} speaks host protocol ${protocol ?? "0"}, and this faultline speaks ${hostProtocolVersion}.`,
      `Bring ${older} up to date, so that both are of the same release: npm install ${older}@latest`,
    );
  }
  return { folder, version: manifest.version, host: readFileSync(host, "utf8") };
}

interface Manifest {
  readonly version: string;
  readonly faultlineRuntime?: { readonly hostProtocol?: number };
}

function findPackage(file: string): string | undefined {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const candidate = join(folder, "node_modules/@faultline/runtime");
    if (existsSync(join(candidate, "package.json"))) return realpathSync(candidate);
    if (folder === dirname(folder)) return undefined;
  }
}
