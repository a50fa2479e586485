import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import type { History, Verdict } from "../../../history/history.js";
import { parseTimeline } from "../../../history/timeline.js";

/** `## title`, a timeline, then the verdict as the checker gives it: `npx vitest run --update` writes it anew. */
export function holdsCases(file: string, check: (history: History) => Verdict): void {
  it("cases.histories", async () => {
    const cases = readFileSync(file, "utf8").split(/^(?=## )/m);
    const judged = cases.map((text) => {
      const lines = text.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("=>"));
      const [title = "", ...timeline] = lines;
      return [title, ...timeline, ...describeVerdict(check(parseTimeline(timeline.join("\n"))))].join("\n");
    });
    await expect(`${judged.join("\n\n")}\n`).toMatchFileSnapshot(file);
  });
}

function describeVerdict(verdict: Verdict): string[] {
  if (verdict.outcome === "valid") return [`=> valid in the order ${verdict.witness?.join(" ") || "of nothing"}`];
  if (verdict.outcome === "unknown") return [`=> unknown: ${verdict.reason}`];
  return verdict.anomalies.map(({ name, message, events }) => `=> invalid, ${name} of ${events.join(" ")}: ${message}`);
}
