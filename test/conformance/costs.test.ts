import { expect, it } from "vitest";
import { costPages, textOf } from "./pages.js";

it.each(costPages)("$file shows the costs that are measured", async ({ file, make }) => {
  expect(textOf(file)).toBe(await make());
});
