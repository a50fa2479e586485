import { dirname, resolve } from "node:path";
import {
  type Cache,
  createFilesMatcher,
  createPathsMatcher,
  getTsconfig,
  type PathsMatcher,
  parseTsconfig,
  type TsConfigJsonResolved,
  type TsConfigResult,
} from "get-tsconfig";

/** What the tsconfig of a file says. */
export interface Configuration {
  readonly options: NonNullable<TsConfigJsonResolved["compilerOptions"]>;
  /**
   * The nearest tsconfig only refers to this one (`references`), as Nx and Vite lay projects out. The compiler that bundles
   * knows the nearest alone.
   */
  readonly isReferred: boolean;
  /** The paths that an import may lead to; null without `paths`. */
  readonly paths: PathsMatcher | null;
}

/** The configurations of the files of one program, each read once. */
export class Configurations {
  readonly #byFile = new Map<string, Configuration | undefined>();
  readonly #parsed: Cache = new Map();

  /** Undefined without one, and where it cannot be read, which is the bundling compiler's to report. */
  of(file: string): Configuration | undefined {
    if (!this.#byFile.has(file)) this.#byFile.set(file, this.#read(file));
    return this.#byFile.get(file);
  }

  #read(file: string): Configuration | undefined {
    try {
      const nearest = getTsconfig(file, "tsconfig.json", this.#parsed);
      if (nearest === null) return undefined;
      const referred = this.#referred(nearest, file);
      const { config } = referred ?? nearest;
      const paths = createPathsMatcher(referred ?? nearest);
      return { options: config.compilerOptions ?? {}, isReferred: referred !== undefined, paths };
    } catch {
      return undefined;
    }
  }

  /** The first project that the file belongs to, where it does not belong to the nearest itself. */
  #referred(nearest: TsConfigResult, file: string): TsConfigResult | undefined {
    const references = nearest.config.references ?? [];
    if (references.length === 0 || createFilesMatcher(nearest)(file) !== undefined) return undefined;
    return references
      .map(({ path }) => resolve(dirname(nearest.path), path))
      .map((path) => (path.endsWith(".json") ? path : resolve(path, "tsconfig.json")))
      .map((path) => ({ path, config: parseTsconfig(path, this.#parsed) }))
      .find((project) => createFilesMatcher(project)(file) !== undefined);
  }
}
