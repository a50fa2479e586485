import { describe, expect, it } from "vitest";
import { rangeAt } from "./source-range.js";

/** `‸` is the position asked for; what lies between ⟦ and ⟧ is the range. */
const cases: readonly string[] = [
  "    await ⟦this.balance.‸update((b) => b - amount)⟧;",
  "    await ⟦‸this.balance.update((b) => b - amount)⟧;",
  "    ‸await ⟦this.balance.read()⟧;",
  "    const page = ‸new ⟦Page(1)⟧;",
  "    await ⟦this.balance‸.update(f(1), g(2))⟧.then(h);",
  "    await ⟦to.incoming.‸update⟧((b) => {",
  '    ⟦‸converged⟧("money is conserved", async (s) => {',
  "    x.y[0]‸⟦[⟧1] = 2;",
  "    ⟦this.#owner.‸write(1)⟧;",
];

describe("the range of a call", () => {
  for (const marked of cases)
    it(marked.trim(), () => {
      const source = marked.replace(/[‸⟦⟧]/g, "");
      const columnOf = (mark: string) => marked.slice(0, marked.indexOf(mark)).replace(/[‸⟦⟧]/g, "").length + 1;
      const text = `first line\n${source}\nlast line`;
      expect(rangeAt(text, 2, columnOf("‸"))).toEqual({
        start: { line: 2, column: columnOf("⟦") },
        end: { line: 2, column: columnOf("⟧") },
      });
    });

  it("is one character where there is no text", () => {
    expect(rangeAt(undefined, 7, 1)).toEqual({ start: { line: 7, column: 1 }, end: { line: 7, column: 2 } });
  });
});
