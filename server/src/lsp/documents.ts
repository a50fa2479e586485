import type { Connection, TextDocumentContentChangeEvent } from "vscode-languageserver/node";
import { TextDocuments } from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import { fileOf, uriOf } from "./positions.js";

/** An edit as it arrives, before it is applied. */
export interface DocumentEdit {
  readonly file: string;
  readonly changes: readonly TextDocumentContentChangeEvent[];
}

/** The open buffers of the editor, by absolute path. */
export class Documents {
  readonly #byFile = new Map<string, TextDocument>();
  readonly #editListeners: ((edit: DocumentEdit) => void)[] = [];
  readonly #openListeners: ((file: string) => void)[] = [];
  readonly #changeListeners: ((file: string) => void)[] = [];
  readonly #closeListeners: ((file: string) => void)[] = [];

  listen(connection: Connection): void {
    const documents = new TextDocuments<TextDocument>({
      create: TextDocument.create,
      update: (document, changes, version) => {
        const file = fileOf(document.uri);
        if (file !== undefined) for (const listener of this.#editListeners) listener({ file, changes });
        return TextDocument.update(document, changes, version);
      },
    });
    const announce = (document: TextDocument, listeners: readonly ((file: string) => void)[]) => {
      const file = fileOf(document.uri);
      if (file !== undefined) for (const listener of listeners) listener(file);
    };
    const remember = (document: TextDocument) => {
      const file = fileOf(document.uri);
      if (file !== undefined) this.#byFile.set(file, document);
    };
    documents.onDidOpen(({ document }) => {
      remember(document);
      announce(document, this.#openListeners);
    });
    documents.onDidChangeContent(({ document }) => {
      remember(document);
      announce(document, this.#changeListeners);
    });
    documents.onDidClose(({ document }) => {
      const file = fileOf(document.uri);
      if (file !== undefined) this.#byFile.delete(file);
      announce(document, this.#closeListeners);
    });
    documents.listen(connection);
  }

  onEdit(listener: (edit: DocumentEdit) => void): void {
    this.#editListeners.push(listener);
  }

  /** Opening is a change too: `onChange` follows. */
  onOpen(listener: (file: string) => void): void {
    this.#openListeners.push(listener);
  }

  onChange(listener: (file: string) => void): void {
    this.#changeListeners.push(listener);
  }

  onClose(listener: (file: string) => void): void {
    this.#closeListeners.push(listener);
  }

  text(file: string): string | undefined {
    return this.#byFile.get(file)?.getText();
  }

  version(file: string): number | undefined {
    return this.#byFile.get(file)?.version;
  }

  /** The address exactly as the client spells it, where it has the file open: clients compare addresses as text. */
  uri(file: string): string {
    return this.#byFile.get(file)?.uri ?? uriOf(file);
  }

  /** Every open buffer, saved or not. */
  buffers(): ReadonlyMap<string, string> {
    return new Map([...this.#byFile].map(([file, document]) => [file, document.getText()]));
  }
}
