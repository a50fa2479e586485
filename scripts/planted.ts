// npm run planted [-- --seed N --schedules n --only id …]: the programs in test/planted, in processes of their own.
import { runScript } from "./run.js";

const { status } = await runScript("test/planted/run.ts", process.argv.slice(2));
process.exitCode = status;
