import { describe, expect, it } from "vitest";
import { Nemesis } from "../simulation/nemesis.js";
import { findRegion, type Region } from "../simulation/network/regions.js";
import type { Port } from "../simulation/port.js";
import type { Process } from "../simulation/process.js";
import { World } from "../simulation/world.js";
import {
  bindFault,
  bridge,
  cut,
  delay,
  duplication,
  type Fault,
  isolateLeader,
  reordering,
  slowRegion,
} from "./index.js";

const names = ["nyc", "london", "tokyo", "sydney", "dublin"];
const regions = names.map((name) => findRegion(name) as Region);

/** Notes what it hears and when; some lead. */
class Listener implements Process<number> {
  readonly heard: { readonly from: number; readonly message: number; readonly atMs: number }[] = [];
  constructor(
    private readonly world: World,
    private readonly leads: () => boolean,
  ) {}
  start(): void {}
  receive(from: number, message: number): void {
    this.heard.push({ from, message, atMs: this.world.nowUs / 1000 });
  }
  timeout(): void {}
  isLeader(): boolean {
    return this.leads();
  }
}

function worldOf(faults: readonly Fault[], { seed = 1, leaders = [] as number[], count = 5 } = {}) {
  const world = new World({ seed, regions: regions.slice(0, count) });
  const listeners: Listener[] = [];
  const ports = world.add<number, Port<number>>({
    name: "listener",
    replicaCount: count,
    create: (replica) => {
      listeners[replica] = new Listener(world, () => leaders.includes(replica));
      return listeners[replica];
    },
    effects: (port) => port,
  });
  const story: string[] = [];
  const nemesis = new Nemesis(world, ({ phase, text }) => story.push(`${phase} ${text}`));
  for (const fault of faults) {
    const window = { fromMs: fault.fromMs, untilMs: fault.untilMs };
    nemesis.schedule(bindFault(fault, world), window);
  }
  const runUntil = (ms: number) => {
    world.scheduler.after(ms * 1000 - world.nowUs, () => {});
    while (world.scheduler.nextUs <= ms * 1000) world.scheduler.step();
  };
  /** Everybody sends to everybody; who hears whom, as `nyc→london`. */
  const heard = () => {
    for (const { heard: list } of listeners) list.length = 0;
    for (const from of ports) for (const to of ports) if (from !== to) from.send(to.replica, 0);
    runUntil(world.nowUs / 1000 + 1_000);
    return new Set(listeners.flatMap(({ heard: list }, to) => list.map(({ from }) => `${names[from]}→${names[to]}`)));
  };
  const send = (count_: number, from = 0, to = 1) => {
    for (let i = 0; i < count_; i++) ports[from]?.send(to, i);
    runUntil(world.nowUs / 1000 + 2_000);
    return listeners[to]?.heard ?? [];
  };
  return { world, nemesis, ports, story, runUntil, heard, send, fired: () => Object.fromEntries(nemesis.firedCounts) };
}

const links = (count: number) =>
  names
    .slice(0, count)
    .flatMap((from, i) => names.slice(0, count).flatMap((to, j) => (i === j ? [] : [`${from}→${to}`])));
const window = { fromMs: 0, untilMs: 1_500 };

describe("cut", () => {
  it("drops one direction, lets the other pass, and both again when it is healed", () => {
    const { heard, runUntil, fired, story } = worldOf([cut("nyc", "london", window)], { count: 3 });
    const reached = heard();
    expect(links(3).filter((link) => !reached.has(link))).toEqual(["nyc→london"]);
    runUntil(2_000);
    expect(heard().size).toBe(6);
    expect(fired()).toEqual({ cut: 1 });
    expect(story[0]).toBe("start nyc → london");
  });

  it("holds until the last of two that overlap has ended", () => {
    const twice = [cut("nyc", "london", window), cut("nyc", "london", { fromMs: 1_000, untilMs: 4_000 })];
    const { heard, runUntil, fired } = worldOf(twice, { count: 3 });
    runUntil(2_000);
    expect(heard().has("nyc→london")).toBe(false);
    runUntil(4_500);
    expect(heard().has("nyc→london")).toBe(true);
    expect(fired()).toEqual({ cut: 1 }); // nothing was sent while the first one was on
  });
});

describe("bridge", () => {
  it("leaves one region that reaches both halves, which do not reach each other", () => {
    const { heard, fired, nemesis, story } = worldOf([bridge("tokyo")]);
    const reached = heard();
    const halves = [
      ["nyc", "london"],
      ["sydney", "dublin"],
    ] as const;
    const across = halves[0].flatMap((left) => halves[1].flatMap((right) => [`${left}→${right}`, `${right}→${left}`]));
    expect(
      links(5)
        .filter((link) => !reached.has(link))
        .sort(),
    ).toEqual(across.sort());
    nemesis.healAll();
    expect(heard().size).toBe(20);
    expect(fired()).toEqual({ bridge: 1 });
    expect(story[0]).toBe("start nyc, london │ sydney, dublin, both reach tokyo");
  });
});

describe("isolateLeader", () => {
  it("cuts off whoever leads when its window opens, each alone, and no one else", () => {
    const leaders = [0];
    const { heard, runUntil, story, fired } = worldOf([isolateLeader({ fromMs: 500, untilMs: 1_800 })], {
      count: 3,
      leaders,
    });
    leaders.splice(0, 1, 1, 2);
    runUntil(600);
    leaders.splice(0, 2, 0);
    expect([...heard()]).toEqual([]);
    expect(story).toEqual(["start london │ tokyo │ nyc"]);
    runUntil(2_000);
    expect(heard().size).toBe(6);
    expect(fired()).toEqual({ isolateLeader: 1 });
  });

  it("does nothing where nobody leads, and does not count", () => {
    const { heard, nemesis, story, fired } = worldOf([isolateLeader()], { count: 3 });
    expect(heard().size).toBe(6);
    nemesis.healAll();
    expect([story, fired()]).toEqual([["start nobody leads", "end nobody leads"], { isolateLeader: 0 }]);
  });
});

describe("duplication", () => {
  it("delivers its share of the messages twice, and none when it has ended", () => {
    const { send, nemesis, fired } = worldOf([duplication(0.5)]);
    const during = send(1_000).length;
    expect(during).toBeGreaterThan(1_400);
    expect(during).toBeLessThan(1_600);
    nemesis.healAll();
    expect(send(1_000).length).toBe(during + 1_000);
    expect(fired()).toEqual({ duplication: 1 });
  });

  it("does not count when it doubled nothing", () => {
    const { send, nemesis, fired } = worldOf([duplication(0)]);
    expect(send(100).length).toBe(100);
    nemesis.healAll();
    expect(fired()).toEqual({ duplication: 0 });
  });
});

describe("reordering", () => {
  const overtaken = (heard: readonly { readonly message: number }[]) =>
    heard.filter(({ message }, at) => heard.slice(0, at).some((earlier) => earlier.message > message + 50)).length;

  it("holds some messages back, so that later ones overtake them", () => {
    const apart = ({ ports, world, runUntil }: ReturnType<typeof worldOf>) => {
      for (let i = 0; i < 300; i++) {
        ports[0]?.send(1, i);
        runUntil(world.nowUs / 1000 + 1);
      }
    };
    const calm = worldOf([]);
    apart(calm);
    expect(overtaken(calm.send(0))).toBe(0);
    const disturbed = worldOf([reordering(0.3, 300)]);
    apart(disturbed);
    expect(overtaken(disturbed.send(0))).toBeGreaterThan(20);
    disturbed.nemesis.healAll();
    expect(disturbed.fired()).toEqual({ reordering: 1 });
  });

  it("counts only once a message was overtaken", () => {
    const { send, nemesis, fired } = worldOf([reordering(1, 300)]);
    expect(send(1).length).toBe(1);
    nemesis.healAll();
    expect(fired()).toEqual({ reordering: 0 });
  });
});

describe("delay", () => {
  const arrivalMs = (from: number, to: number, ...faults: readonly Fault[]) =>
    worldOf(faults, { count: 3 }).send(1, from, to)[0]?.atMs as number;

  it("is on all links, or on those from a region, to one, or both; delays add up", () => {
    const added = (from: number, to: number, ...faults: readonly Fault[]) =>
      Math.round((arrivalMs(from, to, ...faults) - arrivalMs(from, to)) * 1000) / 1000;
    expect(added(0, 1, delay(100))).toBe(100);
    expect(added(0, 1, delay(100, { from: "nyc" }))).toBe(100);
    expect(added(1, 0, delay(100, { from: "nyc" }))).toBe(0);
    expect(added(1, 0, delay(100, { to: "nyc" }))).toBe(100);
    expect(added(0, 2, delay(100, { from: "nyc", to: "london" }))).toBe(0);
    expect(added(0, 1, delay(100), delay(50, { from: "nyc", to: "london" }))).toBe(150);
  });

  it("counts where a message was delayed, and only there", () => {
    const { send, nemesis, fired } = worldOf([delay(100, { from: "tokyo" }), delay(10, { to: "london" })]);
    send(1);
    nemesis.healAll();
    expect(fired()).toEqual({ delay: 1 });
  });
});

describe("slowRegion", () => {
  it("stretches the links of its region, and no others, until it ends", () => {
    const tookMs = (from: number, to: number, atMs: number) => {
      const { send, runUntil } = worldOf([slowRegion("london", 4, window)], { count: 3 });
      runUntil(atMs);
      return (send(1, from, to)[0]?.atMs as number) - atMs;
    };
    for (const [from, to, times] of [
      [0, 1, 4],
      [1, 0, 4],
      [0, 2, 1],
    ] as const)
      expect(tookMs(from, to, 0) / tookMs(from, to, 1_600)).toBeCloseTo(times, 2);
  });
});

it("the new kinds are plain data, say what is wrong with them, and give the same bytes for the same seed", () => {
  const all = [
    cut("nyc", "london", window),
    bridge("tokyo", window),
    isolateLeader(window),
    duplication(0.3, window),
    reordering(0.3, 50, window),
    delay(20, { from: "nyc", ...window }),
    slowRegion("tokyo", 3, window),
  ];
  expect(JSON.parse(JSON.stringify(all))).toEqual(all);
  const story = (seed: number) => {
    const { send } = worldOf(JSON.parse(JSON.stringify(all)) as Fault[], { seed, leaders: [2] });
    return JSON.stringify(send(200, 1, 0));
  };
  expect(story(1)).toBe(story(1));
  expect(story(1)).not.toBe(story(2));

  const three = new World({ seed: 1, regions: regions.slice(0, 2) });
  expect(() => cut("nyc", "nyc")).toThrow(/cut: from and to are both "nyc"; name two regions/);
  expect(() => cut("nyc", 3 as never)).toThrow(/cut: it takes two regions/);
  expect(() => bindFault(cut("nyc", "tokyo"), three)).toThrow(/no region "tokyo" here: nyc, london/);
  expect(() => bindFault(bridge("nyc"), three)).toThrow(/bridge: it needs at least three regions/);
  expect(() => bridge(7 as never)).toThrow(/bridge: region is 7; it has to be a region's name/);
  expect(() => duplication(30)).toThrow(/duplication: duplicationRatio is 30; it has to be a number from 0 to 1/);
  expect(() => reordering(0.5, 0)).toThrow(/reordering: heldMs is 0; it has to be a number of milliseconds above 0/);
  expect(() => delay(-5)).toThrow(/delay: delayMs is -5/);
  expect(() => delay(5, { from: "nyc", to: "nyc" })).toThrow(/delay: from and to are both "nyc"/);
  expect(() => delay(5, { between: "nyc" } as never)).toThrow(/delay: there is no "between" in a fault's window/);
  expect(() => slowRegion("nyc", 0.5)).toThrow(/slowRegion: factor is 0.5; it has to be a number above 1/);
  expect(() => bindFault({ fault: "delay", delayMs: 5, fromMs: 0, toMs: 3 }, three)).toThrow(
    /delay: there is no "toMs"/,
  );
});
