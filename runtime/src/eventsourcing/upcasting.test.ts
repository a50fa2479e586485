import { describe, expect, test } from "vitest";
import { AnnotationError } from "../errors.js";
import { schemaVersionOf, type Upcasters, upcast } from "./upcasting.js";

const upcasters: Upcasters = {
  sold: [
    ({ amount }: { amount: string }) => ({ type: "sold", amount: Number(amount) }),
    ({ amount }: { amount: number }) => ({ type: "sold", amount, currency: "USD" }),
  ],
  shrunk: [({ by }: { by: number }) => ({ type: "damaged", count: by })],
  damaged: [({ count, why }: { count: number; why: string }) => ({ type: "damaged", count, reason: why })],
};

const stored = (event: object) => event as { readonly type: string };

describe("upcasting", () => {
  test("goes through every schema from the one that an event was written in", () => {
    expect(upcast(upcasters, stored({ type: "sold", amount: "5" }), 1)).toEqual({
      ...{ type: "sold", amount: 5, currency: "USD" },
    });
    expect(upcast(upcasters, stored({ type: "sold", amount: 5 }), 2)).toEqual({
      ...{ type: "sold", amount: 5, currency: "USD" },
    });
    const present = stored({ type: "sold", amount: 5, currency: "EUR" });
    expect(upcast(upcasters, present, 3)).toBe(present);
    expect(schemaVersionOf(upcasters, "sold")).toBe(3);
  });

  test("leaves types without steps as they are, also those that every object knows", () => {
    expect(upcast(upcasters, stored({ type: "returned" }), 1)).toEqual({ type: "returned" });
    expect(schemaVersionOf(upcasters, "constructor")).toBe(1);
  });

  test("ends where an event is renamed, in the present schema of its new name", () => {
    expect(upcast(upcasters, stored({ type: "shrunk", by: 2 }), 1)).toEqual({ type: "damaged", count: 2 });
  });

  test("refuses what newer code has written, and what is no schema", () => {
    expect(() => upcast(upcasters, stored({ type: "sold" }), 4)).toThrow(AnnotationError);
    expect(() => upcast({}, stored({ type: "sold" }), 2)).toThrow(
      'An event "sold" was written in schema 2, and this code knows it up to 1. Deploy the code that reads the new ' +
        "schema before the code that writes it, or add the upcaster.",
    );
    expect(() => upcast({}, stored({ type: "sold" }), 0)).toThrow(AnnotationError);
  });
});
