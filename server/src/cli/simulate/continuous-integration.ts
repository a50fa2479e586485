import { reproduceCommand } from "../../simulate/reproduce.js";
import type { FinishedRun } from "../../simulate/run-scenario.js";

/** As GitHub, GitLab, CircleCI and the others say it; people set it to `false` to be treated as at a desk. */
export function isInContinuousIntegration(env: Readonly<Record<string, string | undefined>>): boolean {
  const { CI, GITHUB_ACTIONS } = env;
  return GITHUB_ACTIONS === "true" || (CI !== undefined && !["", "0", "false"].includes(CI));
}

/** The one command that shows the first violation again, on a line of its own, last; nothing where nothing is violated. */
export function toReproduce(finished: readonly FinishedRun[]): string {
  const violated = finished.find(({ run }) => run.outcome === "violated");
  const seed = violated?.run.violations[0]?.seed;
  if (violated === undefined || seed === undefined) return "";
  return `To see the first violation again:\n${reproduceCommand(violated, seed)}\n`;
}
