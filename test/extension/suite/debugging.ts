import assert from "node:assert/strict";
import { commands, DebugStackFrame, debug } from "vscode";
import type { DebugOutcome, ReplayOutcome } from "../../../server/src/protocol.js";
import { bank, open, uriOf } from "./workspace.js";

const schedule = () => ({ uri: uriOf(bank).toString(), name: "splitBank", seed: 1 });

describe("one schedule", () => {
  it("is told again", async () => {
    await open(bank);
    const outcome = await commands.executeCommand<ReplayOutcome | undefined>("faultline.replaySeed", schedule());
    assert.equal(outcome?.outcome, "violated");
    assert.match(outcome.text, /money is conserved[\s\S]*carol\.incoming +0 → 30/);
  });

  it("stops the editor's own debugger in the source, at each operation that races", async () => {
    const document = await open(bank);
    const first = untilStopped();
    const outcome = await commands.executeCommand<DebugOutcome | undefined>("faultline.debugSeed", schedule());
    assert.ok(outcome?.debugger);
    const stopped = await first;
    const [top] = await framesOf(stopped);
    assert.ok(top);
    // The browser's editor gives the whole address.
    assert.ok(top.source.path.endsWith(document.uri.path), top.source.path);
    assert.match(document.lineAt(top.line - 1).text, /to\.incoming\.update/);
    const amounts = [await evaluated(stopped, top.id, "amount")];

    const second = untilStopped();
    await stopped.session.customRequest("continue", { threadId: stopped.threadId });
    const again = await second;
    const [next] = await framesOf(again);
    assert.ok(next);
    amounts.push(await evaluated(again, next.id, "amount"));
    // Two transfers race, of 30 and of 20.
    assert.deepEqual(amounts.sort(), ["20", "30"]);
    const ended = new Promise<void>((resolve) => debug.onDidTerminateDebugSession(() => resolve()));
    await again.session.customRequest("continue", { threadId: again.threadId });
    await ended;
  });
});

function untilStopped(): Promise<DebugStackFrame> {
  return new Promise((resolve) => {
    const before = debug.activeStackItem;
    const subscription = debug.onDidChangeActiveStackItem((item) => {
      if (!(item instanceof DebugStackFrame) || item === before) return;
      subscription.dispose();
      resolve(item);
    });
  });
}

interface Frame {
  readonly id: number;
  readonly line: number;
  readonly source: { readonly path: string };
}

async function framesOf({ session, threadId }: DebugStackFrame): Promise<readonly Frame[]> {
  const { stackFrames } = (await session.customRequest("stackTrace", { threadId })) as {
    readonly stackFrames: readonly Frame[];
  };
  return stackFrames;
}

async function evaluated({ session }: DebugStackFrame, frameId: number, expression: string): Promise<string> {
  const { result } = (await session.customRequest("evaluate", { frameId, expression, context: "watch" })) as {
    readonly result: string;
  };
  return result;
}
