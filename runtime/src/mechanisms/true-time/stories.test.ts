import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { retell } from "./testing/story.js";

const folder = `${__dirname}/`;

// With `vitest -u` the outputs in the files are written anew; review the difference.
test.each(readdirSync(folder).filter((file) => file.endsWith(".sim")))("%s", async (file) => {
  await expect(retell(readFileSync(folder + file, "utf8"))).toMatchFileSnapshot(folder + file);
});
