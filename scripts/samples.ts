// What there is in `samples/`, as its own files tell it.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./run.js";

export interface Sample {
  readonly id: string;
  /** `samples/bank-transfer/bank-transfer.ts` */
  readonly file: string;
  readonly title: string;
  /** What goes wrong, in the words of the table in the repository's README. */
  readonly wrong: string;
  /** The first paragraph of its README, in one line. */
  readonly story: string;
  readonly runs: readonly { readonly target: string; readonly outcome: "violated" | "holds" }[];
}

export function allSamples(): readonly Sample[] {
  return readdirSync(join(root, "samples"))
    .filter((id) =>
      [`${id}.ts`, "README.md", "expected.json"].every((name) => existsSync(join(root, "samples", id, name))),
    )
    .map(sampleOf);
}

const overview = readFileSync(join(root, "README.md"), "utf8");

function sampleOf(id: string): Sample {
  const [heading = "", story = ""] = text(id, "README.md").split("\n\n");
  const title = heading.replace(/^# /, "");
  const [, wrong = title] = new RegExp(`^\\| \\[${id}\\]\\S+ \\| (.*?) \\|`, "m").exec(overview) ?? [];
  return {
    id,
    file: `samples/${id}/${id}.ts`,
    title,
    wrong: wrong.replaceAll("`", ""),
    story: story.replaceAll("\n", " ").replace(/\[([^\]]*)\]\([^)]*\)/g, "$1"),
    runs: (JSON.parse(text(id, "expected.json")) as Pick<Sample, "runs">).runs,
  };
}

const text = (id: string, file: string): string => readFileSync(join(root, "samples", id, file), "utf8");
