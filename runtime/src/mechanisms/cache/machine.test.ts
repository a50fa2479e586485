import { beforeEach, describe, expect, it } from "vitest";
import { describeState } from "../../data/describe-state.js";
import { registerType, setType } from "../../data/index.js";
import type { CopyingEffects, Machine, Reply, Request } from "../machine.js";
import { cacheMechanism } from "./mechanism.js";

const ttlUs = 100_000;
const timeoutUs = 2_000_000;

let nowUs: number;
let machine: Machine<never>;
/** Questions to the origin, which the tests answer by hand. */
let asked: { readonly cell: string; readonly timeoutUs: number }[];
let replies: Map<number, Reply>;

const effects = {
  get steadyNow() {
    return nowUs;
  },
  reply: (ticket: number, reply: Reply) => {
    expect(replies.has(ticket)).toBe(false);
    replies.set(ticket, reply);
  },
  askOrigin: (cell: string, timeoutUs: number) => void asked.push({ cell, timeoutUs }),
} as CopyingEffects<never>;

beforeEach(() => {
  nowUs = 0;
  asked = [];
  replies = new Map();
  const cells = {
    get: (key: string) => ({ key, type: key === "tags" ? setType : registerType, options: { initial: 0 } }),
  };
  const disk = { read: () => undefined, write: () => undefined };
  const options = { origin: "price", ttlMs: ttlUs / 1000 };
  machine = cacheMechanism.create({
    replica: 0,
    replicaCount: 1,
    options,
    cells,
    disk,
    firstLeader: 0,
  }) as typeof machine;
});

const read = (ticket: number, cell = "shown"): void =>
  machine.request(ticket, { kind: "read", cell, seen: [], timeoutUs }, effects);

const commit = (ticket: number, cell: string, name: string, value: unknown, version?: number): void => {
  const expected = version === undefined ? [] : [{ cell, version }];
  const mutations = [{ cell, operation: { name, args: [value] } }];
  const request: Request = { kind: "commit", id: ticket, expected, mutations, seen: [], timeoutUs };
  machine.request(ticket, request, effects);
};

const originSays = (state: unknown, cell = "shown"): void =>
  machine.answered?.(cell, { kind: "value", state, version: 1, snapshot: 1, siblings: [], seen: [] }, effects);

const originFails = (cell = "shown"): void =>
  machine.answered?.(cell, { kind: "unavailable", reason: "no leader is known" }, effects);

const answer = (ticket: number): unknown => {
  const reply = replies.get(ticket);
  return reply?.kind === "value" ? reply.state : reply?.kind;
};

describe("costs", () => {
  it("nothing while the copy is fresh, then one question for all who ask", () => {
    for (let ticket = 0; ticket < 100; ticket++) read(ticket);
    expect(asked).toEqual([{ cell: "shown", timeoutUs: timeoutUs / 2 }]);
    originSays(10);
    expect(new Set(Array.from({ length: 100 }, (_, ticket) => answer(ticket)))).toEqual(new Set([10]));
    nowUs = ttlUs - 1;
    read(100);
    expect(answer(100)).toBe(10);
    expect(asked).toHaveLength(1);
    nowUs = ttlUs;
    read(101);
    expect(answer(101)).toBe(undefined);
    expect(asked).toHaveLength(2);
  });

  it("a question for each cell", () => {
    read(1, "shown");
    read(2, "other");
    expect(asked.map(({ cell }) => cell)).toEqual(["shown", "other"]);
  });

  it("nothing for a write of a register, one question for what changes a value that it does not have", () => {
    commit(1, "shown", "write", 5);
    expect(answer(1)).toBe("committed");
    expect(asked).toEqual([]);
    commit(2, "tags", "add", "new");
    expect(answer(2)).toBe(undefined);
    expect(asked.map(({ cell }) => cell)).toEqual(["tags"]);
  });
});

describe("writes", () => {
  it("add to what the origin has, not to nothing", () => {
    commit(1, "tags", "add", "new");
    originSays(setType.apply(setType.initial({}), { name: "add", args: ["old"] }).state, "tags");
    expect(answer(1)).toBe("committed");
    expect(describeState(setType, machine.peek("tags"))).toBe("{new, old}");
  });

  it("are not replaced by an answer that was asked for before them", () => {
    read(1);
    commit(2, "shown", "write", 5);
    originSays(10);
    expect([answer(1), answer(2)]).toEqual([5, "committed"]);
    nowUs = ttlUs;
    read(3);
    originSays(10);
    expect(answer(3)).toBe(10);
  });

  it("conflict with a version that was replaced meanwhile, not with one that was only confirmed", () => {
    read(1);
    originSays(10);
    const { version } = replies.get(1) as Extract<Reply, { kind: "value" }>;
    nowUs = ttlUs;
    read(2);
    originSays(10);
    commit(3, "shown", "write", 11, version);
    expect(answer(3)).toBe("committed");
    commit(4, "shown", "write", 12, version);
    expect(answer(4)).toBe("conflict");
  });
});

describe("an origin that does not answer", () => {
  it("leaves what there is to be served, and asked for again by the next", () => {
    read(1);
    originSays(10);
    nowUs = ttlUs;
    read(2);
    originFails();
    expect(answer(2)).toBe(10);
    read(3);
    expect(answer(3)).toBe(undefined);
    expect(asked).toHaveLength(3);
  });

  it("makes reads and changes of a copy that is not there unavailable, with the reason", () => {
    read(1);
    originFails();
    const reason = "it has no copy, and its origin did not answer (no leader is known)";
    expect(replies.get(1)).toEqual({ kind: "unavailable", reason });
    commit(2, "tags", "add", "new");
    originFails("tags");
    expect(replies.get(2)).toEqual({ kind: "unavailable", reason });
  });

  it("does not keep a commit asking for ever, however short the copies live", () => {
    const operation = { name: "add", args: ["new"] };
    const mutations = ["tags", "shown"].map((cell) => ({
      cell,
      operation: { ...operation, name: cell === "tags" ? "add" : "update" },
    }));
    machine.request(1, { kind: "commit", id: 1, expected: [], mutations, seen: [], timeoutUs }, effects);
    nowUs += ttlUs;
    originSays(setType.initial({}), "tags");
    nowUs += ttlUs;
    originSays("old", "shown");
    expect(answer(1)).toBe("committed");
    expect(asked).toHaveLength(2);
  });
});

it("a read weakened below the cell's level takes the copy at hand, however old", () => {
  read(1);
  originSays(10);
  nowUs = 10 * ttlUs;
  machine.request(2, { kind: "read", cell: "shown", seen: [], local: true, timeoutUs }, effects);
  expect(answer(2)).toBe(10);
});
