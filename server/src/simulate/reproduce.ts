import type { FinishedRun } from "./run-scenario.js";

/** The one command that shows a schedule again: what else had a say in it is a part of it. */
export function reproduceCommand({ run, choice, saved }: FinishedRun, seed: number): string {
  if (saved !== undefined) return `npx faultline replay ${quoted(saved)}`;
  const { faults, strategy } = choice ?? {};
  const override = [
    ...(faults === undefined ? [] : ["--faults", typeof faults === "string" ? faults : JSON.stringify(faults)]),
    ...(strategy === undefined ? [] : ["--strategy", strategy]),
  ];
  return ["npx faultline replay", quoted(run.target), "--seed", seed, ...override.map(quoted)].join(" ");
}

/** As a shell takes it for one word. */
function quoted(word: string): string {
  return /^[\w@%+=:,./#-]+$/.test(word) && !word.startsWith("#") ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
