// The extension in a real VS Code: `npm run test:extension`. With `--results <file>` it leaves mocha's JSON there.
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import Mocha from "mocha";
import { root } from "../../scripts/run.js";
import { bundledSuite, unpackedExtension } from "./artefact.js";
import { BrowserEditor, type View } from "./browser-editor.js";
import { runInDesktop } from "./desktop-editor.js";
import { merged, print, type Results, readResults } from "./results.js";
import { type Editor, SetupError, setUpEditor } from "./setup.js";
import { environmentVariables } from "./suite/environment.js";
import { describeWindow } from "./ui.js";

const bank = "bank-transfer/bank-transfer.ts";
const suiteDeadlineMs = 120_000;

const { values } = parseArgs({ options: { results: { type: "string" } } });
const scratch = realpathSync(mkdtempSync(join(tmpdir(), "faultline-extension-")));
try {
  const results = await test(await setUpEditor());
  if (values.results !== undefined) writeFileSync(values.results, JSON.stringify(results));
  print(results);
  process.exitCode = results.stats.failures === 0 ? 0 : 1;
  if (process.exitCode === 0) rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
  else console.error(`Logs and pictures: ${scratch}`);
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

async function test(editor: Editor): Promise<Results> {
  const folder = projectFolder();
  const extension = await unpackedExtension(editor, scratch);
  const suite = await bundledSuite();
  const file = join(scratch, "suite.json");
  const environment = { [environmentVariables.results]: file };
  if (editor.kind === "desktop") {
    const status = await runInDesktop(editor, { extension, suite, folder, scratch, environment });
    console.log("The tests of what is seen need the browser's editor; this is a desktop's.");
    return readResults(file, status);
  }
  await using browser = await BrowserEditor.start(editor, scratch, environment);
  const status = await browser.runSuite({ extension, folder }, suite, suiteDeadlineMs);
  const line = lineOfFinding(join(folder, bank));
  return merged(
    readResults(file, status),
    await testWindow(browser, { extension, folder, file: `${join(folder, bank)}:${line}:12` }),
  );
}

/** A user's project with the sample in it: what the tests do to it must not reach the repository. */
function projectFolder(): string {
  const folder = join(scratch, "project");
  mkdirSync(join(folder, "node_modules/@faultline"), { recursive: true });
  symlinkSync(join(root, "runtime"), join(folder, "node_modules/@faultline/runtime"), "dir");
  cpSync(join(root, "samples", bank), join(folder, bank));
  writeFileSync(join(folder, "package.json"), '{ "name": "project", "private": true, "type": "module" }\n');
  const compilerOptions = { target: "es2022", module: "nodenext", strict: true, skipLibCheck: true };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions }));
  return folder;
}

function lineOfFinding(file: string): number {
  return (
    readFileSync(file, "utf8")
      .split("\n")
      .findIndex((line) => line.includes("// finding:")) + 1
  );
}

async function testWindow(browser: BrowserEditor, view: View & { readonly file: string }): Promise<Results> {
  const file = join(scratch, "window.json");
  const mocha = new Mocha({ ui: "bdd", timeout: 30_000, reporter: "json", reporterOptions: { output: file } });
  mocha.suite.emit("pre-require", globalThis, "", mocha);
  describeWindow(() => browser, view);
  const failures = await new Promise<number>((resolve) => mocha.run(resolve));
  return readResults(file, failures);
}
