// @ts-check
// Plain JavaScript, because it runs before anything is installed and Node 20 cannot run TypeScript.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** @typedef {Record<string, { version?: string, optional?: boolean }>} Packages */

const root = dirname(dirname(fileURLToPath(import.meta.url)));
process.chdir(root);

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  stop(
    `Faultline needs Node 20.19 or later; this is ${process.version}. Install a newer Node and run the command again.`,
  );
}

const [, , name] = process.argv;
const script = join(root, "scripts", `${name}.ts`);
if (name === undefined || !existsSync(script))
  stop(`There is no scripts/${name}.ts. Usage: node scripts/bootstrap.mjs <script> [arguments]`);

if (!isInstalled()) install();
process.argv.splice(1, 2, script);
await import("tsx");
try {
  await import(pathToFileURL(script).href);
} catch (error) {
  if (!(error instanceof Error) || error.name !== "BuildError") throw error;
  console.error(error.message);
  process.exitCode = 1;
}

/** Compares what is installed with the lock file; npm writes its own record last, so an interrupted installation has none. */
function isInstalled() {
  const record = join(root, "node_modules/.package-lock.json");
  if (!existsSync(record)) return false;
  const installed = packagesOf(record);
  return Object.entries(packagesOf(join(root, "package-lock.json"))).every(([path, wanted]) => {
    if (!path.includes("node_modules/")) return true;
    const found = installed[path];
    return found === undefined ? wanted.optional === true : found.version === wanted.version;
  });
}

/** @param {string} file @returns {Packages} */
function packagesOf(file) {
  return JSON.parse(readFileSync(file, "utf8")).packages;
}

function install() {
  console.log("Installing what package-lock.json names (npm ci) …");
  const started = performance.now();
  // npm says where it lives to what it runs; without it (node scripts/bootstrap.mjs …) the one on the path serves.
  const npm = process.env["npm_execpath"];
  const options = ["ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"];
  const result = npm?.endsWith("js")
    ? spawnSync(process.execPath, [npm, ...options], { stdio: "inherit" })
    : spawnSync("npm", options, { stdio: "inherit", shell: process.platform === "win32" });
  if (result.status !== 0) {
    stop(
      "npm ci failed: see above. It needs the package registry that npm is configured for; once that answers, run the command again.",
    );
  }
  console.log(`Installed in ${((performance.now() - started) / 1000).toFixed(1)} s.\n`);
}

/** @param {string} message @returns {never} */
function stop(message) {
  console.error(message);
  process.exit(2);
}
