// npm run check: everything that needs no test to run. `--write` (npm run format) repairs what can be repaired.
import { check } from "./checks.js";

const passed = await check({ write: process.argv.includes("--write") });
process.exitCode = passed ? 0 : 1;
