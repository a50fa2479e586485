import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import connect from "chrome-remote-interface";
import { expect, test } from "vitest";
import { type CodeAction, CodeActionRequest, ExecuteCommandRequest } from "vscode-languageserver-protocol/node";
import type { DebugOutcome, ReplayArguments, ReplayOutcome } from "../../server/src/protocol.js";
import "./deadline.js";
import { Editor } from "./editor.js";
import { Project } from "./project.js";
import { mixedStock, stockScenario } from "./sources.js";

const binary = fileURLToPath(new URL("../../server/bin/faultline.mjs", import.meta.url));
const files = { "stock.ts": mixedStock, "scenario.ts": stockScenario };

test("a schedule is replayed from the buffers: the one that is named, or the first that failed", async () => {
  using project = new Project(files);
  await using editor = await Editor.start(project);
  await editor.open("stock.ts");
  await editor.open("scenario.ts");
  const splitStock = { uri: editor.uri("scenario.ts"), name: "splitStock" };
  await expect(execute(editor, "faultline.replaySeed", splitStock)).rejects.toThrow(
    "Which schedule of splitStock? Give its seed, or simulate first",
  );

  const { document } = await editor.simulate("scenario.ts", "splitStock", { schedules: 100 });
  const seed = document.runs[0]?.violations[0]?.seed ?? 0;
  const first = await execute<ReplayOutcome>(editor, "faultline.replaySeed", splitStock);
  expect(first).toMatchObject({
    outcome: "violated",
    cancelled: false,
    run: { target: "scenario.ts#splitStock", seed },
  });
  expect(first.text).toMatch(/lamp\.pieces +10 → 9/);

  const other = await execute<ReplayOutcome>(editor, "faultline.replaySeed", { ...splitStock, seed: 100_000 });
  expect(other.run.seed).toBe(100_000);
});

test("a trace that was saved says itself which schedule it is, and where the program has left it", async () => {
  using project = new Project(files);
  const saving = ["replay", "scenario.ts#splitStock", "--seed", "1", "--save", "trace.json"];
  const { stderr } = spawnSync(process.execPath, [binary, ...saving], { cwd: project.folder, encoding: "utf8" });
  expect(stderr).toBe("wrote trace.json\n");
  await using editor = await Editor.start(project);
  const trace = { uri: editor.uri("trace.json") };
  const again = await execute<ReplayOutcome>(editor, "faultline.replaySeed", trace);
  expect(again.text).toContain("npx faultline replay trace.json");

  // What stands in the editor counts, and not what is on the disk.
  await editor.open("stock.ts", mixedStock.replace("pieces - count", "pieces - 2 * count"));
  const changed = await execute<ReplayOutcome>(editor, "faultline.replaySeed", trace);
  expect(changed.text.replace(/\s+/g, " ")).toContain("recorded `lamp.pieces 10 → 9` and now does `10 → 8`");
});

test("the finding of a simulation offers its schedule: as a story, and in a debugger that stops in the source", async () => {
  using project = new Project(files);
  await using editor = await Editor.start(project);
  await editor.open("stock.ts");
  await editor.open("scenario.ts");
  const { document } = await editor.simulate("scenario.ts", "splitStock", { schedules: 100 });
  const { file = "", range } = document.runs[0]?.violations[0]?.location ?? {};
  const seed = document.runs[0]?.violations[0]?.seed;
  const at = { line: (range?.start.line ?? 1) - 1, character: (range?.start.column ?? 1) - 1 };
  const actions = (await editor.connection.sendRequest(CodeActionRequest.type, {
    textDocument: { uri: editor.uri(file) },
    range: { start: at, end: at },
    context: { diagnostics: [] },
  })) as readonly CodeAction[];
  const offered = actions.filter(({ command }) => command !== undefined);
  expect(offered.map(({ title }) => title)).toEqual([`Replay seed ${seed}`, `Debug seed ${seed}`]);

  const [schedule] = (offered[1]?.command?.arguments ?? []) as [ReplayArguments];
  const outcome = await execute<DebugOutcome>(editor, "faultline.debugSeed", schedule);
  expect(outcome).toMatchObject({ outcome: "violated", run: { seed }, debugger: { address: "127.0.0.1" } });
  const lines = outcome.stops.map(({ uri, line }) => editor.text(editor.nameOf(uri)).split("\n")[line]);
  expect(lines.length).toBeGreaterThan(0);
  for (const text of lines) expect(text).toMatch(/this\.(pieces|reserved)\.update/);

  const client = await connect({ target: outcome.debugger?.url ?? "", local: true });
  await client.Runtime.enable();
  await client.Debugger.enable({});
  const paused = client.Debugger.paused();
  await client.Runtime.runIfWaitingForDebugger();
  const [frame] = (await paused).callFrames;
  expect(frame?.functionName).toBe("reserve");
  await client.close();
});

function execute<Outcome>(editor: Editor, command: string, schedule: ReplayArguments): Promise<Outcome> {
  return editor.connection.sendRequest(ExecuteCommandRequest.type, { command, arguments: [schedule] });
}
