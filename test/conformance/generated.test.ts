import { expect, it } from "vitest";
import { table, withGenerated } from "./generated.js";

const page = "Before.\n\n<!-- begin part: npm run generate -->\n\nold\n\n<!-- end part -->\n\nAfter.\n";

it("replaces a part and nothing else, and a second time nothing at all", () => {
  const made = withGenerated(page, "part", "new");
  expect(made).toBe(page.replace("old", "new"));
  expect(withGenerated(made, "part", "new")).toBe(made);
});

it("says which part a page lacks", () => {
  expect(() => withGenerated("Nothing.", "part", "new")).toThrow('no part "part"');
});

it("keeps bars out of the way of a table's columns", () => {
  expect(table(["a", "b"], [["x|y", "z"]])).toBe("| a | b |\n|---|---|\n| x\\|y | z |");
});
