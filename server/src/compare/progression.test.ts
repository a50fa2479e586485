import { expect, test } from "vitest";
import type { SimulateProgress } from "../simulate/simulate.js";
import { Progression } from "./progression.js";

test("many assignments are one progress, whose total grows with those that are looked for", () => {
  const told: string[] = [];
  const tell = ({ target, done, total, violated }: SimulateProgress) =>
    told.push(`${target} ${done}/${total} ${violated}`);
  const progression = new Progression({ target: "a.ts#A", each: 20, planned: 2, tell });
  const report = (target: string, done: number, violated = 0) =>
    progression.report({ target, done, total: 10, violated });
  report("one", 10);
  report("two", 5, 1);
  report("two", 10, 1);
  progression.next();
  report("one", 10);
  report("two", 10, 3);
  progression.next();
  report("one", 4);
  expect(told).toEqual([
    "a.ts#A 10/40 0",
    "a.ts#A 15/40 1",
    "a.ts#A 20/40 1",
    "a.ts#A 30/40 1",
    "a.ts#A 40/40 4",
    "a.ts#A 44/60 4",
  ]);
});
