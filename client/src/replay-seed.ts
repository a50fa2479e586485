import { window } from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import type { ReplayArguments, ReplayOutcome } from "../../server/src/protocol.js";
import type { Reports } from "./reports.js";
import { runCommand, targetAtCaret } from "./run-command.js";

/** Runs one schedule again and shows its story, which is what was asked for. */
export async function replaySeedAtCaret(
  client: LanguageClient,
  reports: Reports,
  command: string,
  parameters: readonly unknown[],
): Promise<ReplayOutcome | undefined> {
  const schedule = await askedSchedule(client, parameters);
  if (schedule === undefined) return undefined;
  const outcome = await runCommand<ReplayOutcome>(client, command, [schedule], hint);
  if (outcome === undefined) return undefined;
  reports.append(outcome);
  reports.show();
  return outcome;
}

const hint = "Open a TypeScript file with an annotated class or a scenario, then replay one of its schedules.";

/**
 * What a finding names; else the target at the caret, and the seed that the user says. Nothing said: the first one that the
 * last simulation found. Undefined if the user thought better of it.
 */
export async function askedSchedule(
  client: LanguageClient,
  parameters: readonly unknown[],
): Promise<ReplayArguments | undefined> {
  const [given] = parameters as readonly (ReplayArguments | undefined)[];
  if (given?.seed !== undefined) return given;
  const target = given ?? targetAtCaret(client);
  if (target === undefined) {
    void window.showInformationMessage(hint);
    return undefined;
  }
  // A saved trace says which schedule it is.
  if (target.uri.endsWith(".json")) return target;
  const seed = await window.showInputBox({
    title: "Seed of the schedule",
    prompt: "A finding of a simulation names it. Leave it empty for the first that failed.",
    validateInput: (text) => (/^\d{0,15}$/.test(text.trim()) ? undefined : "A seed is a whole number."),
  });
  if (seed === undefined) return undefined;
  return seed.trim() === "" ? target : { ...target, seed: Number(seed) };
}
