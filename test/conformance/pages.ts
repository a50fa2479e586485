import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { costsOf } from "./costs.js";
import { withGenerated } from "./generated.js";
import { measuredPages } from "./measured-pages.js";
import { conformancePage } from "./page.js";
import { readRecording } from "./recording.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const mechanismPage = (mechanism: string) => `runtime/src/mechanisms/${mechanism}/mechanism.md`;

export const pathOf = (page: string): string => join(root, page);
export const textOf = (page: string): string => readFileSync(pathOf(page), "utf8");

export interface GeneratedPage {
  readonly file: string;
  /** What it should be, given what people wrote in it. */
  make(): Promise<string>;
}

/** Made from what a run has recorded: at once. */
export const recordedPage: GeneratedPage = {
  file: "docs/conformance.md",
  make: async () => conformancePage(textOf("docs/conformance.md"), readRecording()),
};

/** Made by measuring: seconds. */
export const costPages: readonly GeneratedPage[] = Object.entries(measuredPages).map(([mechanism, configurations]) => {
  const file = mechanismPage(mechanism);
  return {
    file,
    make: async () => {
      const costs = await costsOf(configurations);
      return withGenerated(textOf(file), "costs", costs);
    },
  };
});
