import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { table, withGenerated } from "../conformance/generated.js";
import type { Exhausted } from "./exhaustion.js";
import { readExhausted } from "./exhaustive-recording.js";

const path = "docs/exhaustive.md";

/** Made from what searches have recorded: at once. */
export const exhaustivePage = {
  file: path,
  async make(): Promise<string> {
    const text = readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), "utf8");
    return withTable(text, readExhausted());
  },
};

/** `docs/exhaustive.md`, its table made anew; what people wrote around it stays. */
export function withTable(page: string, recording: readonly Exhausted[]): string {
  return withGenerated(
    page,
    "exhausted",
    table(
      ["program", "sessions × calls", "seed of the calls", "states until found", "its twin, called alike"],
      recording.map(({ id, found, complete, cut, drawn }) => {
        const link = `[${id}](../test/planted/${id}/broken.ts)`;
        if (found === undefined) return [link, "not within the bounds", "", searches(complete, cut), drawnText(drawn)];
        const { bounds, seed, states, orders, twin } = found;
        const held = twin.isComplete
          ? `holds in every order: ${twin.states} states`
          : `not violated in the first ${twin.states} states${orders === undefined ? "" : ", nor in drawn orders"}`;
        const until = orders === undefined ? String(states) : `${states}, then ${drawnOrdersText(orders)}`;
        return [link, `${bounds.sessions} × ${bounds.operations}`, String(seed), until, held];
      }),
    ),
  );
}

const drawnOrdersText = (count: number): string => (count === 1 ? "1 drawn order" : `${count} drawn orders`);

/** Whether chance finds in the same calls what the search has not. */
function drawnText(drawn: Exhausted["drawn"]): string {
  if (drawn === undefined) return "";
  if (drawn.violated === 0) return `(nor in ${drawn.schedules} drawn schedules of the same calls)`;
  return `(in ${drawn.violated} of ${drawn.schedules} drawn schedules of the same calls, where time passes)`;
}

const searches = (complete: number, cut: number): string => `${complete} searches complete, ${cut} cut`;
