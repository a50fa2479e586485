import path from "node:path";
import { ts } from "ts-morph";
import { remembered } from "../remembered.js";
import type { Disk } from "./disk.js";
import { configurationHost } from "./project-files.js";

export const runtimePackage = "@faultline/runtime";

/** Where an import leads. Packages other than the runtime are not followed. */
export type Resolution =
  | { readonly kind: "runtime" /** `""` or `simulation`, `label` … */; readonly entry: string }
  | { readonly kind: "file"; readonly file: string }
  | { readonly kind: "external" };

const external: Resolution = { kind: "external" };

/**
 * Resolves module specifiers. A symbol's origin is the name in the nearest package.json after realpath, so links,
 * workspaces and package aliases are the runtime, and a lookalike is not.
 */
export class Resolver {
  readonly #cache = new Map<string, Resolution>();
  /** The same by file: names are looked up through long barrels, and a key made of two texts costs more than the answer. */
  readonly #byFile = new Map<string, Map<string, Resolution>>();
  readonly #packageNames = new Map<string, string | undefined>();
  readonly #packageFolders = new Map<string, string | undefined>();
  readonly #packageHolders = new Map<string, boolean>();
  /** By folder, and by file: most folders have no configuration of their own. */
  readonly #configurations = new Map<string, ts.CompilerOptions>();
  readonly #parsed = new Map<string, ts.CompilerOptions>();

  constructor(
    private readonly disk: Disk,
    private readonly isAnalysed: (file: string) => boolean,
    private readonly project: string | undefined,
  ) {}

  /** Files came or went: what did not resolve may resolve now. */
  forget(): void {
    this.#cache.clear();
    this.#byFile.clear();
    this.#packageFolders.clear();
    this.#packageHolders.clear();
  }

  /** Compiler options or the name of a package changed. */
  forgetProjects(): void {
    this.#packageNames.clear();
    this.#configurations.clear();
    this.#parsed.clear();
  }

  resolve(from: string, specifier: string): Resolution {
    const ofFile = remembered(this.#byFile, from, () => new Map<string, Resolution>());
    return remembered(ofFile, specifier, () => this.#ofFolder(path.dirname(from), specifier));
  }

  #ofFolder(folder: string, specifier: string): Resolution {
    const key = `${folder}\0${specifier}`;
    let resolution = this.#cache.get(key);
    if (resolution === undefined) {
      resolution =
        specifier.startsWith(".") || path.isAbsolute(specifier)
          ? this.#relative(folder, specifier)
          : this.#bare(folder, specifier);
      this.#cache.set(key, resolution);
    }
    return resolution;
  }

  #relative(folder: string, specifier: string): Resolution {
    const file = candidates(path.resolve(folder, specifier)).find((candidate) => this.#isKnown(candidate));
    return file === undefined ? external : this.#withOrigin(file);
  }

  #withOrigin(file: string): Resolution {
    if (this.#packageName(path.dirname(file)) === runtimePackage) return { kind: "runtime", entry: "" };
    return { kind: "file", file };
  }

  #bare(folder: string, specifier: string): Resolution {
    const mapped = this.#mapped(folder, specifier);
    if (mapped !== undefined) return mapped;
    const parts = specifier.split("/");
    const name = parts.slice(0, specifier.startsWith("@") ? 2 : 1).join("/");
    const packageFolder = this.#packageFolder(folder, name);
    // Not installed yet, or a buffer that was never saved: then the name is all there is to go by.
    const origin = packageFolder === undefined ? name : this.#packageName(packageFolder);
    if (origin === runtimePackage) return { kind: "runtime", entry: parts.slice(name.split("/").length).join("/") };
    if (packageFolder === undefined || packageFolder.includes("/node_modules/")) return external;
    return this.#byCompiler(folder, specifier); // A workspace package: its sources may be among the analysed files.
  }

  /** tsconfig `paths` and package.json `imports` win over packages. */
  #mapped(folder: string, specifier: string): Resolution | undefined {
    const patterns = Object.keys(this.#options(folder).paths ?? {});
    const matches = (pattern: string) => {
      const [before = "", after] = pattern.split("*");
      return after === undefined ? specifier === pattern : specifier.startsWith(before) && specifier.endsWith(after);
    };
    if (!specifier.startsWith("#") && !patterns.some(matches)) return undefined;
    const resolution = this.#byCompiler(folder, specifier);
    return resolution.kind === "external" && !specifier.startsWith("#") ? undefined : resolution;
  }

  #byCompiler(folder: string, specifier: string): Resolution {
    const host: ts.ModuleResolutionHost = {
      fileExists: (file) => this.#isKnown(file),
      readFile: (file) => this.disk.read(file),
      directoryExists: (directory) => this.disk.kind(directory) === "folder",
      realpath: (file) => this.disk.realpath(file),
    };
    const options = {
      ...this.#options(folder),
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
    };
    const resolved = ts.resolveModuleName(specifier, path.join(folder, "_.ts"), options, host).resolvedModule;
    if (resolved === undefined) return external;
    const source = sourceOf(resolved.resolvedFileName).find((file) => this.#isKnown(file));
    return source === undefined ? external : this.#withOrigin(source);
  }

  #options(folder: string): ts.CompilerOptions {
    const known = this.#configurations.get(folder);
    if (known !== undefined) return known;
    const configuration = this.project ?? ts.findConfigFile(folder, (file) => this.disk.kind(file) === "file");
    const options =
      configuration === undefined ? {} : remembered(this.#parsed, configuration, () => this.#parse(configuration));
    this.#configurations.set(folder, options);
    return options;
  }

  /** Only options are wanted: a list of files would be a walk. */
  #parse(configuration: string): ts.CompilerOptions {
    const host = { ...configurationHost(this.disk), readDirectory: () => [] };
    const { config } = ts.readConfigFile(configuration, host.readFile) as { config?: unknown };
    return ts.parseJsonConfigFileContent(config ?? {}, host, path.dirname(configuration)).options;
  }

  #packageFolder(folder: string, name: string): string | undefined {
    const key = `${folder}\0${name}`;
    if (this.#packageFolders.has(key)) return this.#packageFolders.get(key);
    const own = path.join(folder, "node_modules", name);
    const parent = path.dirname(folder);
    let found: string | undefined;
    if (this.#holdsPackages(folder) && this.disk.kind(own) === "folder") found = this.disk.realpath(own);
    else if (parent !== folder) found = this.#packageFolder(parent, name);
    this.#packageFolders.set(key, found);
    return found;
  }

  /** Most folders hold none, so that it is asked once a folder and not once a folder and package. */
  #holdsPackages(folder: string): boolean {
    let holds = this.#packageHolders.get(folder);
    if (holds === undefined) {
      holds = this.disk.kind(path.join(folder, "node_modules")) === "folder";
      this.#packageHolders.set(folder, holds);
    }
    return holds;
  }

  #packageName(folder: string): string | undefined {
    if (this.#packageNames.has(folder)) return this.#packageNames.get(folder);
    const parent = path.dirname(folder);
    const name =
      this.#readName(path.join(folder, "package.json")) ?? (parent === folder ? undefined : this.#packageName(parent));
    this.#packageNames.set(folder, name);
    return name;
  }

  #readName(file: string): string | undefined {
    try {
      const { name } = JSON.parse(this.disk.read(file) ?? "{}") as { name?: unknown };
      return typeof name === "string" ? name : undefined;
    } catch {
      return undefined;
    }
  }

  #isKnown(file: string): boolean {
    return this.isAnalysed(file) || this.disk.kind(file) === "file";
  }
}

/** TypeScript sources that a specifier may mean: `./a.js` is written for `a.ts`. */
function candidates(base: string): readonly string[] {
  const stem = base.replace(/\.([cm]?)js$|\.jsx$/, "");
  const stems = stem === base ? [base] : [stem, base];
  return [
    ...(/\.[cm]?tsx?$/.test(base) ? [base] : []),
    ...stems.flatMap((each) => [".ts", ".tsx", ".mts", ".cts"].map((extension) => each + extension)),
    ...["/index.ts", "/index.tsx", "/index.mts", "/index.cts"].map((index) => base + index),
  ];
}

/** A workspace package usually points at its build; the source beside it is what is analysed. */
function sourceOf(resolved: string): readonly string[] {
  const stem = resolved.replace(/\.d\.([cm]?)ts$/, ".$1ts").replace(/\.([cm]?)js$/, ".$1ts");
  return [
    resolved,
    stem,
    stem.replace("/dist/", "/src/"),
    stem.replace("/lib/", "/src/"),
    stem.replace("/build/", "/src/"),
  ];
}
