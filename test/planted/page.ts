import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { table, withGenerated } from "../conformance/generated.js";
import { allPlanted, type Planted } from "./planted.js";
import { type Recorded, readRecording } from "./recording.js";
import type { ShrunkSize } from "./shrinking.js";

const path = "docs/planted-bugs.md";

/** Made from what a run has recorded: at once. */
export const plantedPage = {
  file: path,
  async make(): Promise<string> {
    const text = readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), "utf8");
    return withTables(text, await allPlanted(), readRecording());
  },
};

/** `docs/planted-bugs.md`, its tables made anew; what people wrote around them stays. */
export function withTables(page: string, planted: readonly Planted[], recording: readonly Recorded[]): string {
  const recorded = new Map(recording.map((each) => [each.id, each]));
  const [rebuilt, invented] = [planted.filter(isRebuilt), planted.filter((each) => !isRebuilt(each))];
  const withSource = table(
    ["program", "rebuilt from", "kind", "what goes wrong", "found", "made smaller", "twin holds on"],
    rebuilt.map(({ id, about }) => [
      link(id),
      about.source ?? "",
      about.kind,
      about.story,
      ...results(recorded.get(id)),
    ]),
  );
  const others = table(
    ["program", "kind", "what goes wrong", "found", "made smaller", "twin holds on"],
    invented.map(({ id, about }) => [link(id), about.kind, about.story, ...results(recorded.get(id))]),
  );
  return withGenerated(withGenerated(page, "rebuilt", withSource), "planted", others);
}

export const isRebuilt = ({ about }: Planted): boolean => about.source !== undefined;

const link = (id: string): string => `[${id}](../test/planted/${id}/broken.ts)`;

function results(recorded: Recorded | undefined): readonly string[] {
  const { found, held } = recorded ?? {};
  const shown = found?.violations.map(({ kind, name, anomaly }) =>
    kind === "guarantee" && anomaly !== null ? `${anomaly}, against ${name}` : `${kind}: ${name}`,
  );
  return [
    found === undefined ? "?" : `schedule ${number(found.schedules)}, as ${shown?.join("; ")}`,
    found?.shrunk === undefined ? "?" : sizesOf(found.shrunk),
    held === undefined ? "?" : number(held.schedules),
  ];
}

/** `22 → 2 operations, 2 → 0 faults, 3 → 2 sessions, in 45 schedules`. */
export function sizesOf({ before, after, attempts, isMinimal }: ShrunkSize): string {
  const parts = (["operations", "faults", "sessions"] as const).map(
    (part) => `${before[part]} → ${after[part]} ${part}`,
  );
  return [...parts, `in ${number(attempts)} schedules${isMinimal ? "" : ", which were not enough"}`].join(", ");
}

const number = (value: number): string => value.toLocaleString("en-US");
