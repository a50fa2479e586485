import { type Diagnostic, Disposable, languages, type TextDocument, Uri, window, workspace } from "vscode";

export const bank = "bank-transfer/bank-transfer.ts";

export function uriOf(name: string): Uri {
  const [folder] = workspace.workspaceFolders ?? [];
  if (folder === undefined) throw new Error("no folder is open");
  return Uri.joinPath(folder.uri, name);
}

export async function open(name: string): Promise<TextDocument> {
  const document = await workspace.openTextDocument(uriOf(name));
  await window.showTextDocument(document);
  return document;
}

/** Waits for the event, not for time to pass; mocha's own deadline bounds it. */
export function untilDiagnostics(
  document: TextDocument,
  fits: (diagnostics: readonly Diagnostic[]) => boolean,
): Promise<readonly Diagnostic[]> {
  return new Promise((resolve) => {
    const subscriptions: Disposable[] = [];
    const check = () => {
      const diagnostics = languages
        .getDiagnostics(document.uri)
        .filter(({ source }) => source?.startsWith("faultline"));
      if (!fits(diagnostics)) return;
      Disposable.from(...subscriptions).dispose();
      resolve(diagnostics);
    };
    subscriptions.push(languages.onDidChangeDiagnostics(check));
    check();
  });
}

export function isStatic({ source }: Diagnostic): boolean {
  return source === "faultline";
}

export function codeOf({ code }: Diagnostic): string {
  return String(typeof code === "object" ? code.value : code);
}

/** The sample says itself where its findings are. */
export function expectedFindings(document: TextDocument): readonly string[] {
  return document
    .getText()
    .split("\n")
    .flatMap((line, index) => {
      const rule = /\/\/ finding: ([\w-]+)/.exec(line)?.[1];
      return rule === undefined ? [] : [`${index + 1} ${rule}`];
    });
}
