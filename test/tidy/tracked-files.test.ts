import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { repositoryFiles, root } from "./source-files.js";

interface LockedPackage {
  readonly version?: string;
  readonly resolved?: string;
  readonly link?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const packages: Readonly<Record<string, LockedPackage>> = JSON.parse(
  readFileSync(join(root, "package-lock.json"), "utf8"),
).packages;

describe("the lock file", () => {
  it("names no registry, so that whatever npm is configured for serves", () => {
    const addresses = Object.entries(packages).filter(([, { resolved }]) => resolved?.includes("://"));
    expect(addresses.map(([path]) => path)).toEqual([]);
  });

  it("has an entry for every dependency on every system, or `npm ci` refuses it", () => {
    const missing = Object.entries(packages).flatMap(([path, { dependencies, optionalDependencies }]) =>
      Object.keys({ ...dependencies, ...optionalDependencies })
        .filter((name) => !isLocked(path, name))
        .map((name) => `${path} needs ${name}`),
    );
    expect(missing).toEqual([]);
  });
});

describe("tracked files", () => {
  // Put together here, so that this file does not match itself.
  const patterns = [
    new RegExp(["/home", String.raw`[a-z][\w-]*/`].join("/")),
    new RegExp(["/Users", String.raw`[A-Za-z][\w-]*/`].join("/")),
    new RegExp(`registry\\.${"npmjs"}`),
  ];

  it("name no place of one machine", () => {
    const found = repositoryFiles().filter((path) => {
      if (/\.(png|svg|ico|vsix)$/.test(path)) return false;
      const text = readFileSync(join(root, path), "utf8");
      return text.includes(`${root}/`) || patterns.some((pattern) => pattern.test(text));
    });
    expect(found).toEqual([]);
  });
});

/** Node's way of looking: the nearest `node_modules` upwards. */
function isLocked(from: string, name: string): boolean {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf("/")))) {
    if (`${folder === "" ? "" : `${folder}/`}node_modules/${name}` in packages) return true;
    if (folder === "") return false;
  }
}
