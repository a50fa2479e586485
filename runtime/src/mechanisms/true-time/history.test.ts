import { expect, test } from "vitest";
import type { Request } from "../machine.js";
import { Rig } from "./testing/rig.js";

const timeoutUs = 2_000_000;
const write = (id: number): Request => ({
  kind: "commit",
  id,
  expected: [],
  mutations: [{ cell: "x", operation: { name: "write", args: [id] } }],
  seen: [],
  timeoutUs,
});

/** A write every second, with a snapshot of the state every four; a crash at the end, after which all comes from the disk. */
function rigAfter(seconds: number) {
  const rig = new Rig({ seed: 1, everyEntries: 4 });
  const first = rig.runUntilAnswered(rig.request(2, { kind: "read", cell: "x", seen: [], timeoutUs }));
  for (let id = 1; id <= seconds; id++) {
    rig.request(0, write(id));
    rig.runUntil(id * 1_000_000);
  }
  const restartUs = rig.nowUs + 100_000;
  rig.schedule({ fault: "crash", region: "tokyo", fromMs: 0, untilMs: 100 });
  rig.runUntil(restartUs + 2_000_000);
  const snapshot = first.kind === "value" ? first.snapshot : undefined;
  const read = (cell: string, at?: number) =>
    rig.runUntilAnswered(rig.request(2, { kind: "read", cell, snapshot: at, seen: [], timeoutUs }));
  return { rig, read, snapshot };
}

test("a transaction finds its snapshot for a minute, also on a machine that has restarted", () => {
  const { read, snapshot } = rigAfter(50);
  expect(read("x", snapshot)).toMatchObject({ kind: "value", state: 0 });
  expect(read("x")).toMatchObject({ kind: "value", state: 50 });
});

test("after that it is told to begin again, and logs and versions have not grown any more", () => {
  const { rig, read, snapshot } = rigAfter(90);
  expect(read("x", snapshot)).toEqual({ kind: "conflict" });
  expect(read("x")).toMatchObject({ kind: "value", state: 90 });
  for (const machine of rig.machines) {
    for (const { log } of machine.shards) expect(log.lastIndex - log.snapshotIndex).toBeLessThanOrEqual(4);
    expect(machine.has(1)).toBe(true);
  }
});
