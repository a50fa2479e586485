import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { configurationSchema } from "../../server/src/configuration/index.js";
import { rules } from "../../server/src/rules/index.js";
import { faultline } from "../harness/command-line.js";
import { Folder } from "../harness/folder.js";
import { root } from "../tidy/source-files.js";

const page = join(root, "docs/configuration.md");
const text = readFileSync(page, "utf8");

/** Blocks that begin with the name of a file. */
const files = Object.fromEntries(
  [...text.matchAll(/^```(?:jsonc|ts)\n\/\/ (\S+)\n([\s\S]*?)^```$/gm)].map(([, name = "", content = ""]) => [
    name,
    content,
  ]),
);

it("shows what the command prints in a project of the files that it shows (--update rewrites it)", async () => {
  using folder = new Folder(files);
  const { stdout, stderr } = faultline(folder.root, ["check"]);
  expect(stderr).toBe("");
  const shown = text.replace(
    /^```console\n[\s\S]*?^```$/m,
    () => `\`\`\`console\n$ npx faultline check\n\n${stdout.trim()}\n\`\`\``,
  );
  await expect(shown).toMatchFileSnapshot(page);
});

it("has a row for every key", () => {
  const keys = [...text.matchAll(/^\| `(\w+)` \|/gm)].map(([, key]) => key);
  const known = Object.keys((configurationSchema(rules) as unknown as { readonly shape: object }).shape);
  expect(keys).toEqual(known.filter((key) => key !== "$schema"));
});
