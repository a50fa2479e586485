import { describe, expect, it } from "vitest";
import { splitBank } from "../testing/schedules.js";
import { matches } from "./search.js";
import { eventText, objectsOf } from "./wording.js";

const objects = objectsOf(splitBank.events);

function found(text: string): readonly string[] | undefined {
  const indices = matches(splitBank, text, objects);
  return (
    indices &&
    [...indices].map((index) => eventText(splitBank.events[index] as (typeof splitBank.events)[number], objects))
  );
}

describe("search", () => {
  it("is no question when it is empty", () => {
    expect(found("  ")).toBeUndefined();
  });

  it("wants all words, in any order and case, in what is said of an event or of who did it", () => {
    expect(found("CAROL transfer london")).toEqual(["transfer(bob → carol, 20)"]);
    expect(found("lost")).toEqual(["operation to london, lost"]);
    expect(found("partition")).toEqual(["partition: nyc │ london, tokyo", "end of partition: nyc │ london, tokyo"]);
    expect(found("nothing like it")).toEqual([]);
  });
});
