import { join } from "node:path";
import { runTests } from "@vscode/test-electron";
import type { Editor } from "./setup.js";

export interface DesktopRun {
  readonly extension: string;
  readonly suite: string;
  readonly folder: string;
  readonly scratch: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Runs the suite in a desktop VS Code; answers its exit code. */
export async function runInDesktop(editor: Editor & { kind: "desktop" }, run: DesktopRun): Promise<number> {
  try {
    return await runTests({
      vscodeExecutablePath: editor.executable,
      extensionDevelopmentPath: run.extension,
      extensionTestsPath: run.suite,
      extensionTestsEnv: run.environment,
      launchArgs: [
        run.folder,
        "--disable-workspace-trust",
        "--skip-welcome",
        ...["--user-data-dir", join(run.scratch, "data"), "--extensions-dir", join(run.scratch, "extensions")],
      ],
    });
  } catch (error) {
    // A suite with failing tests ends the editor with a code other than 0, which test-electron throws.
    console.error(error instanceof Error ? error.message : error);
    return 1;
  }
}
