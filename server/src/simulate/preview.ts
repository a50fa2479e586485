import type { Scenario } from "./targets.js";

/** What a run of a target would do: for a generated workload what it calls with what, a method a line. */
export function renderPreview(shown: string, { name, title, calls, obstacle }: Scenario): string {
  const head = `${shown}#${name}   ${title}`;
  const lines = obstacle === undefined ? (calls ?? ["its own body decides what is called"]) : [obstacle];
  return [head, ...(lines.length === 0 ? ["no public method to call"] : lines).map((line) => `  ${line}`), ""].join(
    "\n",
  );
}
