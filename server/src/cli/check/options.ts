import { existsSync } from "node:fs";
import { resolve, sep } from "node:path";
import process from "node:process";
import { InvalidArgumentError } from "commander";
import type { AnalysisOptions } from "../../analysis/analysis.js";
import { nearest } from "../../configuration/nearest.js";
import type { Severity } from "../../documents/finding.js";
import { rules } from "../../rules/index.js";
import { UsageError } from "../exit.js";
import { type FormatName, formatNames, isFormatName } from "./formats/index.js";

/** As the parser of the command line gives them. */
export interface Options {
  readonly project?: string;
  readonly format: string;
  readonly fix?: boolean;
  readonly rule?: Readonly<Record<string, Severity | "off">>;
  readonly maxWarnings?: number;
  readonly since?: string;
  readonly baseline?: string;
  readonly updateBaseline?: boolean;
  readonly watch?: boolean;
  readonly cache: boolean;
}

/** What is asked for, and can be done. */
export interface Request {
  /** The working directory. */
  readonly root: string;
  readonly analysis: AnalysisOptions;
  readonly format: FormatName;
  readonly isFixing: boolean;
  readonly maxWarnings: number;
  readonly since: string | undefined;
  readonly baseline: { readonly name: string; readonly file: string; readonly isUpdated: boolean } | undefined;
  readonly isWatching: boolean;
  readonly isCached: boolean;
}

/** Throws a `UsageError` for what does not exist or does not go together. */
export function requestOf(paths: readonly string[], options: Options): Request {
  const root = process.cwd();
  const { project, format, baseline, updateBaseline = false } = options;
  refuseMissing(root, paths, project);
  if (!isFormatName(format))
    throw new UsageError(`There is no format "${format}".`, `The formats are ${formatNames.join(", ")}.`);
  refuseImpossible(options);
  return {
    root,
    analysis: { root, project, paths, severities: options.rule ?? {} },
    format,
    isFixing: options.fix ?? false,
    maxWarnings: options.maxWarnings ?? Number.POSITIVE_INFINITY,
    since: options.since,
    baseline:
      baseline === undefined ? undefined : { name: baseline, file: resolve(root, baseline), isUpdated: updateBaseline },
    isWatching: options.watch ?? false,
    isCached: options.cache,
  };
}

/** Whether a file is among those that the request is about. */
export function isAsked({ root, analysis: { paths = [] } }: Request, file: string): boolean {
  if (paths.length === 0) return true;
  return paths.some((each) => {
    const at = resolve(root, each);
    return file === at || file.startsWith(at.endsWith(sep) ? at : at + sep);
  });
}

export function readRule(value: string, before: Options["rule"] = {}): Options["rule"] {
  const [id = "", severity = ""] = value.split("=");
  const ids = rules.map((rule) => rule.id);
  if (!ids.includes(id)) {
    const meant = nearest(id, ids);
    const hint = meant === undefined ? `The rules are ${ids.join(", ")}.` : `Did you mean ${meant}?`;
    throw new InvalidArgumentError(`There is no rule "${id}". ${hint}`);
  }
  if (severity !== "error" && severity !== "warning" && severity !== "information" && severity !== "off") {
    throw new InvalidArgumentError(`"${severity}" is no severity: write ${id}=error, =warning, =information or =off.`);
  }
  return { ...before, [id]: severity };
}

export function readCount(value: string): number {
  const count = Number(value);
  if (!Number.isInteger(count) || count < 0) throw new InvalidArgumentError("It has to be a whole number, 0 or more.");
  return count;
}

function refuseMissing(root: string, paths: readonly string[], project: string | undefined): void {
  const missing = paths.find((each) => !existsSync(resolve(root, each)));
  if (missing !== undefined) {
    throw new UsageError(
      `There is no file or folder "${missing}" in ${root}.`,
      "Name a file or a folder that exists, or give no path to check the whole working directory.",
    );
  }
  if (project !== undefined && !existsSync(resolve(root, project))) {
    throw new UsageError(`There is no project file "${project}" in ${root}.`, "Name a tsconfig.json with --project.");
  }
}

function refuseImpossible({ format, baseline, updateBaseline, since, watch }: Options): void {
  if (updateBaseline === true && baseline === undefined)
    throw new UsageError("--update-baseline was not told which file.", "Name it with --baseline <file>.");
  if (updateBaseline === true && since !== undefined)
    throw new UsageError(
      "--update-baseline with --since would forget every finding that did not change.",
      "Give one of the two.",
    );
  if (watch !== true) return;
  if (updateBaseline === true)
    throw new UsageError("--watch would write the baseline with every change.", "Give one of the two.");
  if (format !== "pretty" && format !== "json")
    throw new UsageError(`--watch does not end, and a document of format ${format} has to.`, "Use pretty or json.");
}
