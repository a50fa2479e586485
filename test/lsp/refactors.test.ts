import { expect, test } from "vitest";
import type { ClientCapabilities, CodeAction, Range } from "vscode-languageserver-protocol/node";
import "./deadline.js";
import { Editor } from "./editor.js";
import { Project } from "./project.js";

const account = `import { Linearizable, Replicated, register } from "@faultline/runtime";

@Replicated()
export class Account {
  @Linearizable() readonly balance = register(100);

  async transfer(to: Account, amount: number): Promise<void> {
    await this.balance.update((b) => b - amount);
    await to.balance.update((b) => b + amount);
  }
}
`;

const wrapping = "refactor.rewrite.faultline.wrapInTransaction";

test("a refactoring is offered where nothing is wrong, with its edit, to a client that asks for nothing special", async () => {
  using project = new Project({ "account.ts": account });
  await using editor = await Editor.start(project, { capabilities: {} });
  expect(await editor.open("account.ts")).toEqual([]);
  const [action] = ofKind(await editor.codeActions("account.ts", caret(account, "transfer")), wrapping);
  expect(action).toMatchObject({ title: "Wrap `transfer` in `@Transaction()`", kind: wrapping });
  expect(action?.diagnostics).toBeUndefined();
  expect(action?.isPreferred).toBeUndefined();
  await editor.apply(action?.edit ?? {});
  expect(editor.text("account.ts")).toContain("  @Transaction()\n  async transfer(");
  expect(editor.text("account.ts")).toContain("import { Linearizable, Replicated, Transaction, register }");
});

test("kinds are a hierarchy, of which a client asks for any part", async () => {
  using project = new Project({ "account.ts": account });
  await using editor = await Editor.start(project);
  await editor.open("account.ts");
  const kindsFor = async (only: string): Promise<readonly (string | undefined)[]> =>
    (await editor.codeActions("account.ts", caret(account, "transfer"), [], [only])).map(({ kind }) => kind);
  for (const only of ["refactor", "refactor.rewrite", "refactor.rewrite.faultline", wrapping])
    expect(await kindsFor(only)).toContain(wrapping);
  for (const only of ["quickfix", "source", "refactor.extract", "refactor.move", "refactor.rewrite.faultlin"])
    expect(await kindsFor(only)).not.toContain(wrapping);
  expect(await kindsFor("refactor.rewrite.faultline.transactionToSaga")).toEqual([]);
});

test("a client that resolves edits gets them when somebody chooses one, for the text as it then is", async () => {
  using project = new Project({ "account.ts": account });
  await using editor = await Editor.start(project, { capabilities: resolving });
  expect(editor.initialized.capabilities.codeActionProvider).toMatchObject({ resolveProvider: true });
  await editor.open("account.ts");
  const [action] = ofKind(await editor.codeActions("account.ts", caret(account, "transfer")), wrapping);
  expect(action?.edit).toBeUndefined();
  const resolved = await editor.resolve(action as CodeAction);
  expect(resolved.edit?.documentChanges).toEqual([
    expect.objectContaining({ textDocument: { uri: editor.uri("account.ts"), version: 1 } }),
  ]);
  await editor.apply(resolved.edit ?? {});
  expect(editor.text("account.ts")).toContain("@Transaction()");
  // It is a transaction by now, so that nothing is left to be done.
  expect((await editor.resolve(action as CodeAction)).edit).toBeUndefined();
});

test("one refactoring changes all the files that it has to, open or not", async () => {
  const post = `import { Eventual, Replicated, register } from "@faultline/runtime";

@Replicated()
export class Post {
  @Eventual() readonly likes = register(0);
}
`;
  const reader = `import type { Post } from "./post.js";

export async function like(post: Post): Promise<void> {
  await post.likes.update((n) => n + 1);
}
`;
  using project = new Project({ "post.ts": post, "reader.ts": reader });
  await using editor = await Editor.start(project);
  await editor.open("post.ts");
  const kind = "refactor.rewrite.faultline.registerToCounter";
  const [action] = await editor.codeActions("post.ts", caret(post, "likes"), [], [kind]);
  const changed = action?.edit?.documentChanges?.map((change) => "textDocument" in change && change.textDocument);
  expect(changed).toEqual([
    { uri: editor.uri("post.ts"), version: 1 },
    { uri: editor.uri("reader.ts"), version: null },
  ]);
  await editor.open("reader.ts");
  const [again] = await editor.codeActions("post.ts", caret(post, "likes"), [], [kind]);
  await editor.apply(again?.edit ?? {});
  expect(editor.text("post.ts")).toContain("@Eventual() readonly likes = counter();");
  expect(editor.text("reader.ts")).toContain("await post.likes.increment();");
});

test("what is selected can be extracted, and what is not all of an expression cannot", async () => {
  const door = `import { Linearizable, Replicated, register } from "@faultline/runtime";

@Replicated()
export class Door {
  @Linearizable() readonly visitors = register(0);

  async isQuiet(): Promise<boolean> {
    return (await this.visitors.read()) < 3;
  }
}
`;
  using project = new Project({ "door.ts": door });
  await using editor = await Editor.start(project);
  await editor.open("door.ts");
  const { start } = caret(door, "(await");
  const kinds = async (length: number) => {
    const end = { line: start.line, character: start.character + length };
    return (await editor.codeActions("door.ts", { start, end }, [], ["refactor.extract"])).map(({ kind }) => kind);
  };
  const condition = "(await this.visitors.read()) < 3";
  expect(await kinds(condition.length)).toEqual(["refactor.extract.faultline.invariant"]);
  expect(await kinds(condition.length - 2)).toEqual([]);
  expect(await kinds(0)).toEqual([]);
});

test("nothing is offered in files that have nothing to do with the runtime, nor where there is no text", async () => {
  using project = new Project({ "plain.ts": "export class Account {\n  async transfer() {}\n}\n" });
  await using editor = await Editor.start(project);
  await editor.open("plain.ts");
  expect(await editor.codeActions("plain.ts", at(1, 10))).toEqual([]);
  expect(await editor.codeActions("plain.ts", at(900, 7))).toEqual([]);
});

const resolving: ClientCapabilities = {
  textDocument: {
    publishDiagnostics: { versionSupport: true },
    codeAction: { dataSupport: true, resolveSupport: { properties: ["edit"] } },
  },
  workspace: { workspaceEdit: { documentChanges: true } },
};

function ofKind(actions: readonly CodeAction[], kind: string): readonly CodeAction[] {
  return actions.filter((action) => action.kind === kind);
}

/** Where a text begins for the first time. */
function caret(text: string, what: string): Range {
  const lines = text.slice(0, text.indexOf(what)).split("\n");
  return at(lines.length - 1, lines.at(-1)?.length ?? 0);
}

function at(line: number, character: number): Range {
  return { start: { line, character }, end: { line, character } };
}
