import { describe, expect, it } from "vitest";
import { describeArgument, describeFound } from "./operation-detail.js";

describe("what an operation did", () => {
  it("tells the end of a long list, where the new is, and both of two", () => {
    const sale = (house: number) => ({ house, price: 284_200 + house });
    expect(describeFound([1, 2].map(sale))).toBe("[{house: 1, price: 284201}, {house: 2, price: 284202}]");
    expect(describeFound([1, 2, 3, 4].map(sale))).toBe("[…, {house: 3, price: 284203}, {house: 4, price: 284204}]");
    const comment = (author: string) => ({ author, text: "Perfect for hiking, and for much more" });
    const both = describeFound(["Carol", "Bob"].map(comment));
    expect(both).toMatch(/^\[\{author: "Carol".*…, \{author: "Bob".*…\]$/);
    expect(both.length).toBeLessThanOrEqual(60);
    expect(describeFound(["x".repeat(90), 1, 2])).toBe("[…, 1, 2]");
  });

  it("shortens random identifiers, and nothing that is like them", () => {
    const id = "38c3ebf2-910a-47b5-b022-1a9f37ba013b";
    expect(describeFound({ id, from: "alice" })).toBe('{id: "38c3ebf2…", from: "alice"}');
    expect(describeFound(`see ${id}`)).toBe(`"see ${id}"`);
  });

  it("names objects that were opened, in lists too", () => {
    const alice = { balance: 1 };
    const identityOf = (value: unknown) => (value === alice ? "alice" : undefined);
    expect(describeArgument(alice, identityOf)).toBe("alice");
    expect(describeArgument([alice, 3], identityOf)).toBe("[alice, 3]");
    expect(describeArgument([{ balance: 1 }], identityOf)).toBe("[{balance: 1}]");
  });
});
