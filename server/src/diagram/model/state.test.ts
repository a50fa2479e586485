import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { StateEvent } from "../input.js";
import { splitBank } from "../testing/schedules.js";
import { States } from "./state.js";

const regions = ["nyc", "london"];

describe("what replicas hold", () => {
  it("is the initial value before anything came, and differs where news have not arrived", () => {
    const states = new States(splitBank, splitBank.regions);
    const [before] = states.at(100_000);
    expect(before).toMatchObject({ values: ["0", "0", "0"], isSplit: false });
    const [during] = states.at(820_000);
    expect(during).toMatchObject({ values: ["30", "20", "30"], differs: [false, true, false], isSplit: true });
    const [after] = states.at(5_150_000);
    expect(after).toMatchObject({ values: ["20", "20", "20"], isSplit: false, changed: [true, false, false] });
  });

  it("is what going through all changes one after another gives", () => {
    const change = fc.record({
      atUs: fc.nat(50),
      region: fc.constantFrom(...regions),
      value: fc.string({ maxLength: 2 }),
    });
    fc.assert(
      fc.property(fc.array(change), fc.nat(60), (changes, us) => {
        const events = changes
          .map((each): StateEvent => ({ kind: "state", cell: "x", ...each }))
          .sort((a, b) => a.atUs - b.atUs);
        const held = new Map<string, string>();
        for (const { atUs, region, value } of events) if (atUs <= us) held.set(region, value);
        const states = new States({ cells: [{ cell: "x", initial: "?" }], events }, regions);
        expect(states.at(us)[0]?.values).toEqual(regions.map((region) => held.get(region) ?? "?"));
      }),
    );
  });
});
