// What there is in `samples/`, as its own files tell it.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./run.js";

export interface Sample {
  readonly id: string;
  /** `samples/bank-transfer/bank-transfer.ts` */
  readonly file: string;
  readonly title: string;
  /** The first paragraph of its README, in one line. */
  readonly story: string;
  readonly runs: readonly { readonly target: string; readonly outcome: "violated" | "holds" }[];
}

export function allSamples(): readonly Sample[] {
  return readdirSync(join(root, "samples"))
    .filter((id) => existsSync(join(root, "samples", id, `${id}.ts`)))
    .map(sampleOf);
}

function sampleOf(id: string): Sample {
  const [title = "", story = ""] = text(id, "README.md").split("\n\n");
  return {
    id,
    file: `samples/${id}/${id}.ts`,
    title: title.replace(/^# /, ""),
    story: story.replaceAll("\n", " ").replace(/\[([^\]]*)\]\([^)]*\)/g, "$1"),
    runs: (JSON.parse(text(id, "expected.json")) as Pick<Sample, "runs">).runs,
  };
}

const text = (id: string, file: string): string => readFileSync(join(root, "samples", id, file), "utf8");
