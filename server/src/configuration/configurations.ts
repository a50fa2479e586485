import { basename, dirname, join, relative, sep } from "node:path";
import type * as z from "zod";
import { defaultRegions, findRegion, type Region } from "../../../runtime/src/simulation/network/regions.js";
import { type FilePatterns, filePatterns } from "./file-patterns.js";
import type { ConfigurationProblem } from "./problems.js";
import { configurationFile, packageFile, type Reading, readConfiguration } from "./read.js";
import type { Configuration, Severities } from "./schema.js";

/** Where the replicas are. */
export interface Regions {
  readonly places: readonly Region[];
  /** Nobody said where they are. */
  readonly areDefault: boolean;
}

/** What is configured for one file. */
export interface FileConfiguration {
  /** Findings in it are reported. */
  readonly isIncluded: boolean;
  readonly severities: Severities;
  readonly regions: Regions;
  readonly schedules: number | undefined;
}

/** How many schedules a simulation runs where nobody says. */
export const usualSchedules = 1_000;

export const unconfigured: FileConfiguration = {
  isIncluded: true,
  severities: {},
  regions: { places: placesOf(defaultRegions), areDefault: true },
  schedules: undefined,
};

/** One configuration, ready to be asked. */
interface Prepared {
  readonly folder: string;
  readonly isIncluded: FilePatterns;
  readonly common: FileConfiguration;
  readonly overrides: readonly { readonly matches: FilePatterns; readonly severities: Severities }[];
}

/** Whether a file may hold a configuration. */
export function isConfigurationFile(file: string): boolean {
  const name = basename(file);
  return name === configurationFile || name === packageFile;
}

/**
 * The configurations of a tree of folders. The nearest one up the tree holds for a file, and it alone. One that cannot be
 * used holds as it last was, else as if it were empty: a typing mistake takes nothing down.
 */
export class Configurations {
  readonly #byFolder = new Map<string, Prepared | undefined>();
  readonly #problems = new Map<string, readonly ConfigurationProblem[]>();
  readonly #lastGood = new Map<string, Configuration>();

  constructor(
    private readonly schema: z.ZodType<Configuration>,
    /** Undefined for a file that does not exist. */
    private readonly text: (file: string) => string | undefined,
  ) {}

  /** Of those that have been asked for. */
  get problems(): readonly ConfigurationProblem[] {
    return [...this.#problems.values()].flat();
  }

  of(file: string): FileConfiguration {
    const nearest = this.#nearest(dirname(file));
    if (nearest === undefined) return unconfigured;
    const { folder, common, overrides, isIncluded } = nearest;
    const path = relative(folder, file).split(sep).join("/");
    const matching = overrides.filter(({ matches }) => matches(path));
    if (matching.length === 0 && isIncluded(path)) return common;
    const severities = Object.assign({}, common.severities, ...matching.map((each) => each.severities)) as Severities;
    return { ...common, severities, isIncluded: isIncluded(path) };
  }

  /** Some were written, deleted or moved. */
  forget(): void {
    this.#byFolder.clear();
    this.#problems.clear();
  }

  #nearest(folder: string): Prepared | undefined {
    if (this.#byFolder.has(folder)) return this.#byFolder.get(folder);
    const parent = dirname(folder);
    const nearest = this.#read(folder) ?? (parent === folder ? undefined : this.#nearest(parent));
    this.#byFolder.set(folder, nearest);
    return nearest;
  }

  #read(folder: string): Prepared | undefined {
    for (const name of [configurationFile, packageFile]) {
      const file = join(folder, name);
      const text = this.text(file);
      const reading = text === undefined ? undefined : readConfiguration(file, text, this.schema);
      if (reading !== undefined) return prepare(folder, this.#usable(file, reading));
      this.#lastGood.delete(file);
    }
    return undefined;
  }

  #usable(file: string, { configuration, problems }: Reading): Configuration {
    if (problems.length > 0) this.#problems.set(file, problems);
    if (configuration !== undefined) this.#lastGood.set(file, configuration);
    return this.#lastGood.get(file) ?? {};
  }
}

function prepare(folder: string, configuration: Configuration): Prepared {
  const { severities = {}, overrides = [], include, exclude = [], regions, schedules } = configuration;
  const isNamed = include === undefined ? () => true : filePatterns(include);
  const isExcluded = filePatterns(exclude);
  return {
    folder,
    isIncluded: (path) => isNamed(path) && !isExcluded(path),
    common: {
      isIncluded: true,
      severities,
      regions: regions === undefined ? unconfigured.regions : { places: placesOf(regions), areDefault: false },
      schedules,
    },
    overrides: overrides.map(({ files, severities: own }) => ({ matches: filePatterns(files), severities: own })),
  };
}

function placesOf(regions: readonly (string | Region)[]): readonly Region[] {
  return regions.flatMap((region) => (typeof region === "string" ? (findRegion(region) ?? []) : [region]));
}
