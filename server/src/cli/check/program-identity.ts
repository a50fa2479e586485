import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { globSync } from "tinyglobby";
import server from "../../../package.json" with { type: "json" };
import { digestOf } from "./disk-record.js";

let known: string | undefined;

/** What this program would answer may change with any of its own files, and with the compiler that it carries. */
export function programIdentity(): string {
  known ??= digestOf(
    [server.version, process.version, compilerVersion(), ...ownFiles().map((file) => readFileSync(file, "utf8"))].join(
      "\0",
    ),
  );
  return known;
}

/** The modules of the bundle; run from the sources, all that the server is made of. */
function ownFiles(): readonly string[] {
  const here = dirname(fileURLToPath(import.meta.url));
  const isBundle = !here.endsWith(join("src", "cli", "check"));
  const patterns = isBundle ? ["*.js"] : ["server/src/**/*.ts", "runtime/src/**/*.ts"];
  const cwd = isBundle ? here : here.split(`${sep}server${sep}src`)[0];
  return globSync(patterns, { cwd: cwd ?? here, absolute: true }).sort();
}

function compilerVersion(): string {
  let folder = dirname(createRequire(import.meta.url).resolve("ts-morph"));
  for (;;) {
    try {
      return (JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version: string }).version;
    } catch {
      const parent = dirname(folder);
      if (parent === folder) return "";
      folder = parent;
    }
  }
}
