import { describe, expect, it } from "vitest";
import { type Import, importsOf } from "./imports.js";
import { absentFromMainEntry, boundaries, type Layer, layers, mainEntry, sharedData } from "./layers.js";
import { isTest, type SourceFile, sourceFiles } from "./source-files.js";

const files = sourceFiles().filter(({ path }) => !isTest(path) && !path.endsWith(".d.ts"));
const importsByFile = new Map(files.map((file) => [file.path, importsOf(file)]));

describe("import directions", () => {
  it("know every file", () => {
    expect(files.map(({ path }) => path).filter((path) => layerOf(path) === undefined)).toEqual([]);
  });

  it("know every layer that they name", () => {
    const names = new Set(layers.map(({ name }) => name));
    const named = layers.flatMap(({ imports, types = [] }) => [...imports, ...types]);
    expect(named.filter((name) => !names.has(name))).toEqual([]);
  });

  it("are followed", () => {
    expect(files.flatMap((file) => wrongDirections(file))).toEqual([]);
  });

  it("name the file that will be loaded, so that one way of writing serves both module systems", () => {
    expect(every((_, { specifier }) => /^\.{1,2}\//.test(specifier) && !/\.(js|mjs|json)$/.test(specifier))).toEqual(
      [],
    );
  });

  it("never lead into a test", () => {
    expect(every((_, { target }) => target !== undefined && isTest(target))).toEqual([]);
  });

  it("stop each package at its boundary", () => {
    const crosses = (path: string, { specifier }: Import) =>
      boundaries.some((boundary) => boundary.specifier.test(specifier) && !boundary.files.test(path));
    expect(every(crosses)).toEqual([]);
  });

  it("reach the runtime by its name from outside, but for types", () => {
    const reachesIn = (path: string, { target, isTypeOnly }: Import) =>
      !path.startsWith("runtime/") &&
      target?.startsWith("runtime/") === true &&
      !isTypeOnly &&
      !sharedData.includes(layerOf(target)?.name ?? "");
    expect(every(reachesIn)).toEqual([]);
  });
});

describe("the main entry of the runtime", () => {
  it("loads no simulator and no checker", () => {
    const loaded = loadedFrom(mainEntry);
    expect(loaded.size).toBeGreaterThan(10);
    expect([...loaded.keys()].filter((path) => absentFromMainEntry.test(path)).map((path) => loaded.get(path))).toEqual(
      [],
    );
  });
});

function wrongDirections({ path }: SourceFile): readonly string[] {
  const layer = layerOf(path);
  return (importsByFile.get(path) ?? []).flatMap(({ position, specifier, target, isTypeOnly }) => {
    const other = target === undefined ? undefined : layerOf(target);
    if (layer === undefined || target === undefined || other === undefined) return [];
    if (allows(layer, other, isTypeOnly) && !crossesUnits(layer, path, target)) return [];
    return [`${position}: ${layer.name} may not import ${other.name}${isTypeOnly ? " (types)" : ""}: ${specifier}`];
  });
}

function allows(layer: Layer, other: Layer, isTypeOnly: boolean): boolean {
  if (layer === other || layer.imports.includes(other.name)) return true;
  return isTypeOnly && layer.types?.includes(other.name) === true;
}

/** Files outside any unit (a registry, a shared shape) are nobody's and may be imported by all. */
function crossesUnits({ unit }: Layer, path: string, target: string): boolean {
  const [from, to] = [unit?.exec(path)?.[1], unit?.exec(target)?.[1]];
  return from !== undefined && to !== undefined && from !== to;
}

function layerOf(path: string): Layer | undefined {
  return layers.find((layer) => layer.files.test(path));
}

function every(isWrong: (path: string, imported: Import) => boolean): readonly string[] {
  return files.flatMap(({ path }) =>
    (importsByFile.get(path) ?? [])
      .filter((imported) => isWrong(path, imported))
      .map(({ position, specifier }) => `${position}: ${specifier}`),
  );
}

/** All files that loading one file loads, each with the way that leads to it. */
function loadedFrom(entry: string): ReadonlyMap<string, string> {
  const ways = new Map([[entry, entry]]);
  // A map goes on to what is added while it is walked.
  for (const [path, way] of ways) {
    for (const { target, isTypeOnly } of importsByFile.get(path) ?? []) {
      if (target !== undefined && !isTypeOnly && !ways.has(target)) ways.set(target, `${way} → ${target}`);
    }
  }
  return ways;
}
