import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { Verdict } from "../../history/history.js";
import { parseTimeline } from "../../history/timeline.js";
import { checkCausal } from "./checker.js";

const file = join(__dirname, "cases.histories");

/** `## title`, a timeline, then the verdict of each model as the checker gives it: `npx vitest run --update` writes it anew. */
it("cases.histories", async () => {
  const cases = readFileSync(file, "utf8").split(/^(?=## )/m);
  const judged = cases.map((text) => {
    const lines = text.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("=>"));
    const [title = "", ...timeline] = lines;
    const history = parseTimeline(timeline.join("\n"));
    const verdicts = (["ccv", "cm", "cc"] as const).map(
      (model) => `=> ${model}: ${describe(checkCausal(history, { model }))}`,
    );
    return [title, ...timeline, ...verdicts].join("\n");
  });
  await expect(`${judged.join("\n\n")}\n`).toMatchFileSnapshot(file);
});

function describe(verdict: Verdict): string {
  if (verdict.outcome === "valid") return "valid";
  if (verdict.outcome === "unknown") return `unknown: ${verdict.reason}`;
  return verdict.anomalies
    .map(({ name, message, events }) => `invalid, ${name} of ${events.join(" ")}: ${message}`)
    .join();
}
