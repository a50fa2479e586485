import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { equalValues } from "../../data/values.js";
import { StructuralHash } from "./structural-hash.js";

const hash = new StructuralHash();

describe("a structural hash", () => {
  it("is the same for what is built alike", () => {
    fc.assert(
      fc.property(fc.anything({ withDate: true, withMap: true, withSet: true, withBigInt: true }), (value) => {
        expect(hash.of(structuredClone(value))).toBe(hash.of(structuredClone(value)));
      }),
    );
  });

  it("differs for what differs", () => {
    const values = fc.jsonValue();
    fc.assert(
      fc.property(values, values, (a, b) => {
        if (!equalValues(a, b)) expect(hash.of(a)).not.toBe(hash.of(b));
      }),
      { numRuns: 2_000 },
    );
  });

  it("takes no number for what is none: one whose bits look like a mark of another kind", () => {
    const marks = [undefined, null, false, true, "", 0, -0, 15, ...Array.from({ length: 20 }, (_, i) => i * 5e-324)];
    const different = marks.filter((mark, index) => marks.findIndex((other) => Object.is(other, mark)) === index);
    expect(new Set(different.map((mark) => hash.of(mark))).size).toBe(different.length);
  });

  it("sees fields of classes, the order of maps, and what refers back", () => {
    class Counter {
      constructor(readonly count: number) {}
    }
    expect(hash.of(new Counter(1))).not.toBe(hash.of(new Counter(2)));
    expect(hash.of(new Counter(1))).not.toBe(hash.of({ count: 1 }));
    const [ab, ba] = [
      new Map([
        ["a", 1],
        ["b", 2],
      ]),
      new Map([
        ["b", 2],
        ["a", 1],
      ]),
    ];
    expect(hash.of(ab)).not.toBe(hash.of(ba));
    const ring: unknown[] = [];
    ring.push(ring);
    expect(hash.of(ring)).not.toBe(hash.of([[]]));
  });

  it("leaves out what is outside, and takes the word of what knows its essence", () => {
    class World {}
    const inside = new StructuralHash((value) => value instanceof World);
    expect(inside.of([new World(), 1])).not.toBe(inside.of([1, new World()]));
    const set = (...members: number[]) => ({ members, essence: () => [...members].sort() });
    expect(hash.of(set(1, 2))).toBe(hash.of(set(2, 1)));
  });
});
