// The extension in a real VS Code: `npm run test:extension`. With `--results <file>` it leaves mocha's JSON there; with
// `--picture <file>` it tests nothing and takes the picture for the README.
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
import { BrowserEditor, type View, windowDeadlineMs } from "./browser-editor.js";
import { runInDesktop } from "./desktop-editor.js";
import { takePicture } from "./picture.js";
import { merged, print, type Results, readResults } from "./results.js";
import { type Editor, SetupError, setUpEditor } from "./setup.js";
import { environmentVariables } from "./suite/environment.js";
import { describeWindow } from "./window.js";

const bank = "bank-transfer/bank-transfer.ts";
const suiteDeadlineMs = 180_000;

const { values } = parseArgs({ options: { results: { type: "string" }, picture: { type: "string" } } });
const scratch = realpathSync(mkdtempSync(join(tmpdir(), "faultline-extension-")));
try {
  const editor = await setUpEditor();
  if (values.picture === undefined) report(await test(editor));
  else await picture(editor, values.picture);
  if (process.exitCode === 0) rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
  else console.error(`Logs and pictures: ${scratch}`);
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

async function test(editor: Editor): Promise<Results> {
  const view = await preparedView(editor);
  const suite = await bundledSuite();
  const file = join(scratch, "suite.json");
  const environment = { [environmentVariables.results]: file };
  if (editor.kind === "desktop") {
    const status = await runInDesktop(editor, { ...view, suite, scratch, environment });
    console.log("The tests of what is seen need the browser's editor; this is a desktop's.");
    return readResults(file, status);
  }
  await using browser = await BrowserEditor.start(editor, scratch, environment);
  const status = await browser.runSuite(view, suite, suiteDeadlineMs);
  return merged(readResults(file, status), await testWindow(browser, view));
}

function report(results: Results): void {
  if (values.results !== undefined) writeFileSync(values.results, JSON.stringify(results));
  print(results);
  process.exitCode = results.stats.failures === 0 ? 0 : 1;
}

async function picture(editor: Editor, file: string): Promise<void> {
  if (editor.kind === "desktop")
    throw new SetupError("Pictures are taken in the browser's editor; this is a desktop's.");
  const view = await preparedView(editor);
  await using browser = await BrowserEditor.start(editor, scratch, {});
  await takePicture(browser, view, join(root, file));
  process.exitCode = 0;
}

/** The packed extension and a project, with the caret in the bad transfer. */
async function preparedView(editor: Editor): Promise<View & { readonly file: string }> {
  const folder = projectFolder();
  const extension = await unpackedExtension(editor, scratch);
  return { extension, folder, file: `${join(folder, bank)}:${lineOfFinding(join(folder, bank))}:12` };
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
  const mocha = new Mocha({
    ui: "bdd",
    timeout: windowDeadlineMs,
    reporter: "json",
    reporterOptions: { output: file },
  });
  mocha.suite.emit("pre-require", globalThis, "", mocha);
  describeWindow(() => browser, view);
  const failures = await new Promise<number>((resolve) => mocha.run(resolve));
  return readResults(file, failures);
}
