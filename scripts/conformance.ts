// npm run conformance [-- --seed N --schedules n --only id …]: the suite in test/conformance, in processes of its own.
import { runScript } from "./run.js";

const { status } = await runScript("test/conformance/run.ts", process.argv.slice(2));
process.exitCode = status;
