// npm run bench [-- part of a name]: runs every *.bench.ts, one after another; each prints its own table.
import { globSync } from "tinyglobby";
import { build } from "./incremental-build.js";
import { root, runScript } from "./run.js";

const [filter = ""] = process.argv.slice(2);
const patterns = ["{runtime,server,client,samples,test}/**/*.bench.ts"];
const files = globSync(patterns, { cwd: root, ignore: ["**/node_modules/**", "**/dist/**"] }).sort();

await build();
for (const file of files.filter((each) => each.includes(filter))) {
  console.log(`\n── ${file}`);
  const { status } = await runScript(file);
  if (status !== 0) process.exitCode = 1;
}
