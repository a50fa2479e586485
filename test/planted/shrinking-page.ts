import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { table, withGenerated } from "../conformance/generated.js";
import type { Measured } from "./shrinking.js";
import { readMeasured } from "./shrinking-recording.js";

const path = "docs/shrinking.md";

/** Made from what a run has recorded: at once. */
export const shrinkingPage = {
  file: path,
  async make(): Promise<string> {
    const text = readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), "utf8");
    const recorded = readMeasured();
    return withGenerated(withGenerated(text, "shrinking-summary", summaryOf(recorded)), "shrinking", tableOf(recorded));
  },
};

/** Nothing can be spared, and where all choices were tried none is smaller. */
export const isSmallest = ({ isMinimal, after, minimum }: Measured): boolean =>
  isMinimal &&
  (minimum === undefined || (minimum.size.operations === after.operations && minimum.size.faults === after.faults));

/** Of three calls and more it is only known that nothing can be spared: all choices of them are too many. */
export const isAsPromised = (measured: Measured): boolean =>
  isSmallest(measured) || (measured.isMinimal && measured.after.operations > 2);

export function summaryOf(measured: readonly Measured[]): string {
  const spread = (of: (each: Measured) => number): string => {
    const sorted = measured.map(of).sort((a, b) => a - b);
    return `${number(sorted[Math.floor(sorted.length / 2)] ?? 0)} (median), ${number(sorted.at(-1) ?? 0)} (most)`;
  };
  const compared = measured.filter(({ minimum }) => minimum !== undefined);
  return [
    `- operations: ${spread(({ before }) => before.operations)} become ${spread(({ after }) => after.operations)}`,
    `- faults: ${spread(({ before }) => before.faults)} become ${spread(({ after }) => after.faults)}`,
    `- schedules tried: ${spread(({ attempts }) => attempts)}`,
    `- milliseconds of a processor: ${spread(({ processorMs }) => processorMs)}`,
    `- as small as the smallest of all choices: ${compared.filter(isSmallest).length} of ${compared.length} of which all were tried, out of ${measured.length}`,
  ].join("\n");
}

function tableOf(measured: readonly Measured[]): string {
  return table(
    ["program", "operations", "faults", "sessions", "smallest of all choices", "tried", "processor ms"],
    measured.map(({ id, before, after, minimum, attempts, processorMs }) => [
      `[${id}](../test/planted/${id}/broken.ts)`,
      ...(["operations", "faults", "sessions"] as const).map((part) => `${before[part]} → ${after[part]}`),
      minimum === undefined
        ? "not computed"
        : `${minimum.size.operations} + ${minimum.size.faults}, by ${number(minimum.schedules)} schedules`,
      number(attempts),
      number(processorMs),
    ]),
  );
}

const number = (value: number): string => value.toLocaleString("en-US");
