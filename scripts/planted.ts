// npm run planted [-- --seed N --schedules n --only id …]: the programs in test/planted, in processes of their own.
import { runScript } from "./run.js";

const given = process.argv.slice(2);
const run = given.includes("--exhaustive") ? "run-exhaustive" : given.includes("--shrink") ? "run-shrinking" : "run";
const script = `test/planted/${run}.ts`;
const { status } = await runScript(script, given);
process.exitCode = status;
