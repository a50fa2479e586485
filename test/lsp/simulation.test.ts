import { expect, test } from "vitest";
import {
  CancellationTokenSource,
  type ClientCapabilities,
  type Diagnostic,
  ExecuteCommandRequest,
  type WorkDoneProgressBegin,
  WorkDoneProgressCreateRequest,
  type WorkDoneProgressEnd,
  type WorkDoneProgressReport,
} from "vscode-languageserver-protocol/node";
import type { SimulateOutcome } from "../../server/src/protocol.js";
import "./deadline.js";
import { Editor } from "./editor.js";
import { Project } from "./project.js";
import { mixedStock, soundStock, stockScenario } from "./sources.js";

type Progress = WorkDoneProgressBegin | WorkDoneProgressReport | WorkDoneProgressEnd;

const files = { "stock.ts": mixedStock, "scenario.ts": stockScenario };
const withProgress: ClientCapabilities = {
  window: { workDoneProgress: true },
  textDocument: { publishDiagnostics: { relatedInformation: true } },
};

test("a simulation's finding stands on the line that races, with its seed and what else took part", async () => {
  using project = new Project(files);
  await using editor = await Editor.start(project);
  await editor.open("stock.ts");
  await editor.open("scenario.ts");
  const { document, text, cancelled } = await editor.simulate("scenario.ts", "splitStock", { schedules: 200 });
  expect(cancelled).toBe(false);
  expect(document.runs).toMatchObject([{ target: "scenario.ts#splitStock", seed: 1, outcome: "violated" }]);
  const violation = document.runs[0]?.violations[0];
  expect(text).toContain("pieces and reservations are ten");

  const file = violation?.location?.file ?? "scenario.ts";
  // Before, it tells the first failing schedule while the others still run.
  const isFinal = (each: Diagnostic) => isSimulated(each) && String(each.message).includes("of 200 schedules");
  const [diagnostic] = (await editor.until(file, (found) => found.some(isFinal))).filter(isFinal) as [Diagnostic];
  expect(diagnostic.message).toContain(
    `pieces and reservations are ten: violated in ${violation?.count} of 200 schedules`,
  );
  expect(diagnostic.message).toContain(`(seed ${violation?.seed})`);
  expect(editor.text(file).split("\n")[diagnostic.range.start.line]).toMatch(/reserved|reserve\(|converged/);
  expect(diagnostic.relatedInformation?.length ?? 0).toBe(violation?.related.length);
});

test("the finding moves with edits above it, and goes when its line is edited or the run is repeated", async () => {
  using project = new Project(files);
  await using editor = await Editor.start(project);
  await editor.open("stock.ts");
  await editor.open("scenario.ts");
  const { document } = await editor.simulate("scenario.ts", "splitStock", { schedules: 50 });
  const file = document.runs[0]?.violations[0]?.location?.file ?? "scenario.ts";
  const lineOf = async () =>
    (await editor.until(file, (found) => found.some(isSimulated))).find(isSimulated)?.range.start.line;
  const line = (await lineOf()) ?? 0;
  const lineText = editor.text(file).split("\n")[line] ?? "";

  await editor.change(file, [
    { range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }, newText: "\n\n" },
  ]);
  await editor.until(file, (found) => found.some((each) => isSimulated(each) && each.range.start.line === line + 2));

  await editor.edit(file, lineText, `${lineText} `);
  await editor.until(file, (found) => !found.some(isSimulated));

  await editor.simulate("scenario.ts", "splitStock", { schedules: 50 });
  expect(await lineOf()).toBe(line + 2);
  await editor.edit("stock.ts", "@Eventual() ", "@Linearizable() ");
  const cured = await editor.simulate("scenario.ts", "splitStock", { schedules: 50 });
  expect(cured.document.runs[0]?.outcome).toBe("holds");
  await editor.until(file, (found) => !found.some(isSimulated));
});

test("the buffer is simulated, not the file on disk", async () => {
  using project = new Project({ "stock.ts": soundStock, "scenario.ts": stockScenario });
  await using editor = await Editor.start(project);
  await editor.open("scenario.ts");
  const saved = await editor.simulate("scenario.ts", "splitStock", { schedules: 50 });
  expect(saved.document.runs[0]?.outcome).toBe("holds");
  await editor.open("stock.ts", mixedStock);
  const unsaved = await editor.simulate("scenario.ts", "splitStock", { schedules: 50 });
  expect(unsaved.document.runs[0]?.outcome).toBe("violated");
});

test("a line names the class or scenario that it belongs to", async () => {
  using project = new Project({ "stock.ts": soundStock, "scenario.ts": stockScenario });
  await using editor = await Editor.start(project);
  await editor.open("scenario.ts");
  const line = stockScenario.split("\n").findIndex((each) => each.includes("const clerk"));
  const outcome = await editor.simulate("scenario.ts", undefined, { line, schedules: 5 });
  expect(outcome.document.runs.map(({ target }) => target)).toEqual(["scenario.ts#splitStock"]);
});

test("progress is shown in percents, for the server's token and for the client's", async () => {
  using project = new Project(files);
  await using editor = await Editor.start(project, { capabilities: withProgress });
  const progress = new Map<string | number, Progress[]>();
  editor.connection.onRequest(WorkDoneProgressCreateRequest.type, ({ token }) => void progress.set(token, []));
  editor.connection.onNotification("$/progress", ({ token, value }: { token: string; value: Progress }) => {
    progress.set(token, [...(progress.get(token) ?? []), value]);
  });
  await editor.open("scenario.ts");
  await editor.simulate("scenario.ts", "splitStock", { schedules: 100 });
  await editor.connection.sendRequest(ExecuteCommandRequest.type, {
    command: "faultline.simulate",
    arguments: [{ uri: editor.uri("scenario.ts"), name: "splitStock", schedules: 100 }],
    workDoneToken: "mine",
  });
  expect(progress.size).toBe(2);
  expect(progress.has("mine")).toBe(true);
  for (const values of progress.values()) {
    expect(values[0]).toMatchObject({ kind: "begin", title: "Simulating splitStock", cancellable: true });
    expect(values.at(-1)).toEqual({ kind: "end" });
    const percentages = values.flatMap((value) => (value.kind === "report" ? [value.percentage ?? 0] : []));
    expect(percentages.length).toBeGreaterThan(1);
    expect(percentages).toEqual(percentages.toSorted((a, b) => a - b));
    expect(values.some((value) => value.kind === "report" && / of 100 schedules/.test(value.message ?? ""))).toBe(true);
  }
});

test.each(["the request", "the progress"])(
  "a run ends at once when %s is cancelled, with what was known",
  async (what) => {
    using project = new Project(files);
    await using editor = await Editor.start(project, { capabilities: withProgress });
    const source = new CancellationTokenSource();
    editor.connection.onRequest(WorkDoneProgressCreateRequest.type, () => undefined);
    editor.connection.onNotification("$/progress", ({ token, value }: { token: string; value: Progress }) => {
      if (value.kind !== "report") return;
      if (what === "the request") source.cancel();
      else void editor.connection.sendNotification("window/workDoneProgress/cancel", { token });
    });
    await editor.open("scenario.ts");
    const outcome = (await editor.connection.sendRequest(
      ExecuteCommandRequest.type,
      {
        command: "faultline.simulate",
        arguments: [{ uri: editor.uri("scenario.ts"), name: "splitStock", schedules: 1_000_000 }],
      },
      source.token,
    )) as SimulateOutcome;
    expect(outcome.cancelled).toBe(true);
    for (const run of outcome.document.runs) expect(run.schedules).toBeLessThan(1_000_000);
  },
);

test("nothing of an untrusted workspace runs until it is trusted; its findings are there", async () => {
  using project = new Project(files);
  await using editor = await Editor.start(project, { initializationOptions: { trusted: false } });
  expect(await editor.open("stock.ts")).toHaveLength(1);
  await expect(editor.simulate("scenario.ts", "splitStock")).rejects.toThrow(/not trusted.*Trust the workspace/);
  await editor.connection.sendNotification("faultline/trustChanged", { trusted: true });
  const outcome = await editor.simulate("scenario.ts", "splitStock", { schedules: 5 });
  expect(outcome.document.runs).toHaveLength(1);
});

test("what cannot be simulated is refused with a reason, and the server goes on", async () => {
  using project = new Project({ ...files, "broken.ts": "export const = ;\n" });
  await using editor = await Editor.start(project);
  await expect(editor.simulate("missing.ts", undefined)).rejects.toThrow(/missing\.ts/);
  await expect(editor.simulate("broken.ts", undefined)).rejects.toThrow(/broken\.ts/);
  await expect(editor.simulate("scenario.ts", "nobody")).rejects.toThrow(/nobody/);
  await expect(editor.simulate("scenario.ts", "splitStock", { schedules: -1 })).rejects.toThrow(/schedules/);
  expect((await editor.simulate("scenario.ts", "splitStock", { schedules: 5 })).document.runs).toHaveLength(1);
});

function isSimulated({ source }: Diagnostic): boolean {
  return source === "faultline simulation";
}
