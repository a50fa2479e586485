// npm run planted [-- --seed N --schedules n --only id …]: the programs in test/planted, in processes of their own.
import { runScript } from "./run.js";

const given = process.argv.slice(2);
const script = given.includes("--exhaustive") ? "test/planted/run-exhaustive.ts" : "test/planted/run.ts";
const { status } = await runScript(script, given);
process.exitCode = status;
