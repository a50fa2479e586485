// npm run screenshots: docs/images/editor.png, the packed extension in a real VS Code. Needs a browser, as the tests do.
import { runScript } from "./run.js";

const { status } = await runScript("test/extension/run.ts", ["--picture", "docs/images/editor.png"]);
process.exitCode = status;
