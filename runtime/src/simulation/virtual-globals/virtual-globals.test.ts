import { AsyncLocalStorage } from "node:async_hooks";
import childProcess from "node:child_process";
import crypto from "node:crypto";
import dgram from "node:dgram";
import dns from "node:dns";
import fs, { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import http from "node:http";
import net from "node:net";
import process from "node:process";
import timers from "node:timers";
import timersPromises from "node:timers/promises";
import { promisify } from "node:util";
import { Worker } from "node:worker_threads";
import zlib from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  activeFakeTimers,
  epochMs,
  holdVirtualGlobals,
  installVirtualGlobals,
  OutsideSimulationError,
} from "./index.js";
import { realSetImmediate } from "./real.js";
import { TestingHost } from "./testing/testing-host.js";

let host: TestingHost;
let restore: () => void;

beforeEach(() => {
  host = new TestingHost();
  restore = installVirtualGlobals(host);
});

afterEach(() => {
  restore();
});

describe("clocks", () => {
  it("start at the epoch and move with virtual time only", async () => {
    expect(Date.now()).toBe(Date.UTC(2026, 0, 1));
    expect(new Date().toISOString()).toBe("2026-01-01T00:00:00.000Z");
    expect(performance.now()).toBe(0);
    expect(performance.timeOrigin).toBe(epochMs);
    await host.pass(1500.25);
    expect(Date.now()).toBe(epochMs + 1500);
    expect(performance.now()).toBe(1500.25);
    expect(process.uptime()).toBe(1.50025);
    expect(process.hrtime()).toEqual([1, 500_250_000]);
    expect(process.hrtime([1, 0])).toEqual([0, 500_250_000]);
    expect(process.hrtime.bigint()).toBe(1_500_250_000n);
  });

  it("leave dates that are given alone, and what is a date", () => {
    const date = new Date(0);
    expect(date.getTime()).toBe(0);
    expect(Date.parse("1970-01-01T00:00:01Z")).toBe(1000);
    expect(date instanceof Date).toBe(true);
    expect(date.constructor).toBe(Date);
    class Deadline extends Date {}
    expect(new Deadline() instanceof Deadline).toBe(true);
    expect(new Deadline().getTime()).toBe(epochMs);
    // biome-ignore lint/style/useConsistentBuiltinInstantiation: called without `new`, `Date` answers a text.
    expect(Date()).toBe(new Date().toString());
  });

  it("time marks and measures, which the next schedule does not see", async () => {
    performance.mark("start");
    await host.pass(20);
    expect(performance.mark("end").startTime).toBe(20);
    expect(performance.measure("whole", "start").duration).toBe(20);
    expect(performance.measure("part", { start: 5 }).duration).toBe(15);
    restore();
    restore = installVirtualGlobals(new TestingHost());
    expect(performance.getEntriesByType("mark")).toEqual([]);
  });
});

describe("zone and locale", () => {
  it("are the same on every machine", () => {
    const date = new Date(Date.UTC(2026, 5, 1, 15, 4, 5));
    expect(date.toLocaleString()).toBe("6/1/2026, 3:04:05 PM");
    expect(date.toLocaleTimeString(undefined, { hour: "2-digit" })).toBe("03 PM");
    expect(date.toLocaleDateString("de-DE", { timeZone: "Asia/Tokyo" })).toBe("2.6.2026");
    expect(Intl.DateTimeFormat().resolvedOptions()).toMatchObject({ locale: "en-US", timeZone: "UTC" });
    expect(new Intl.NumberFormat().format(1234.5)).toBe("1,234.5");
    expect((1234.5).toLocaleString()).toBe("1,234.5");
    expect(new Intl.DateTimeFormat() instanceof Intl.DateTimeFormat).toBe(true);
  });
});

describe("randomness", () => {
  it("is drawn from the seed", () => {
    expect([Math.random(), Math.random()]).toEqual([0.1, 0.2]);
    expect(crypto.randomInt(10)).toBe(3);
    expect(crypto.randomInt(100, 200)).toBe(140);
    expect([...crypto.randomBytes(2)]).toEqual([128, 153]);
    expect([...globalThis.crypto.getRandomValues(new Uint8Array(2))]).toEqual([179, 204]);
    expect(globalThis.crypto.randomUUID()).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    const buffer = new Uint16Array(3);
    crypto.randomFillSync(buffer, 1, 1);
    expect([buffer[0], buffer[2]]).toEqual([0, 0]);
    expect(() => crypto.randomInt(5, 5)).toThrow(RangeError);
  });

  it("answers callbacks later", async () => {
    const sizes: number[] = [];
    crypto.randomBytes(4, (_error, bytes) => sizes.push(bytes.length));
    crypto.randomFill(new Uint8Array(3), (_error, bytes) => sizes.push(bytes.byteLength));
    expect(sizes).toEqual([]);
    await host.pass(0);
    expect(sizes).toEqual([4, 3]);
  });
});

describe("timers", () => {
  it("fire in virtual time, in order, with their arguments", async () => {
    const fired: string[] = [];
    setTimeout((name: string) => fired.push(name), 20, "late");
    timers.setTimeout(() => fired.push("early"), 10);
    setImmediate((name: string) => fired.push(name), "immediate");
    const interval = setInterval(() => fired.push("tick"), 8);
    await host.pass(17);
    clearInterval(interval);
    await host.pass(100);
    expect(fired).toEqual(["immediate", "tick", "early", "tick", "late"]);
  });

  it("have Node's handles", async () => {
    let fired = 0;
    const timeout = setTimeout(() => fired++, 10);
    expect([timeout.hasRef(), timeout.unref().hasRef(), timeout.ref().hasRef()]).toEqual([true, false, true]);
    await host.pass(9);
    timeout.refresh();
    await host.pass(9);
    expect(fired).toBe(0);
    await host.pass(1);
    expect(fired).toBe(1);
    timeout.refresh();
    await host.pass(10);
    expect(fired).toBe(2);
    const id = Number(setTimeout(() => fired++, 10));
    clearTimeout(id);
    clearTimeout(String(Number(setTimeout(() => fired++, 10))));
    setTimeout(() => fired++, 10).close();
    setTimeout(() => fired++, 10)[Symbol.dispose]();
    clearImmediate(setImmediate(() => fired++));
    clearTimeout(undefined);
    await host.pass(50);
    expect([fired, host.pending]).toEqual([2, 0]);
    expect(() => setTimeout("code" as never)).toThrow(TypeError);
  });

  it("keep the context in which they were set", async () => {
    const storage = new AsyncLocalStorage<string>();
    const seen: (string | undefined)[] = [];
    storage.run("mine", () => {
      setTimeout(() => seen.push(storage.getStore()), 5);
      setImmediate(() => seen.push(storage.getStore()));
      void timersPromises.setTimeout(5).then(() => seen.push(storage.getStore()));
    });
    storage.run("other", () => setTimeout(() => seen.push(storage.getStore()), 6));
    await host.pass(10);
    expect(seen).toEqual(["mine", "mine", "mine", "other"]);
  });

  it("report what their callbacks throw", async () => {
    const error = new Error("in a callback");
    setTimeout(() => {
      throw error;
    }, 1);
    await host.pass(5);
    expect(host.thrown).toEqual([error]);
  });

  it("come as promises", async () => {
    const seen: unknown[] = [];
    void timersPromises.setTimeout(10, "value").then((value) => seen.push(value));
    void timers.promises.setImmediate("now").then((value) => seen.push(value));
    void promisify(setTimeout)(5, "promisified").then((value) => seen.push(value));
    void timersPromises.scheduler.wait(7).then(() => seen.push("waited"));
    const controller = new AbortController();
    void timersPromises.setTimeout(8, "never", { signal: controller.signal }).catch((error) => seen.push(error.name));
    await host.pass(6);
    controller.abort();
    await host.pass(10);
    expect(seen).toEqual(["now", "promisified", "AbortError", "waited", "value"]);
  });

  it("come as an iterator that keeps ticks for a busy consumer", async () => {
    const ticks: number[] = [];
    void (async () => {
      for await (const value of timersPromises.setInterval(10, "tick")) {
        expect(value).toBe("tick");
        ticks.push(Date.now() - epochMs);
        if (ticks.length === 1) await timersPromises.setTimeout(25);
        if (ticks.length === 4) return;
      }
    })();
    await host.pass(100);
    expect(ticks).toEqual([10, 35, 35, 40]);
    expect(host.pending).toBe(0);
  });

  it("abort signals", async () => {
    const signal = AbortSignal.timeout(50);
    await host.pass(49);
    expect(signal.aborted).toBe(false);
    await host.pass(1);
    expect(signal.reason).toMatchObject({ name: "TimeoutError" });
  });
});

describe("what lies outside", () => {
  const outside: Readonly<Record<string, () => unknown>> = {
    "fs.readFileSync": () => readFileSync("package.json"),
    "fs.createReadStream": () => fs.createReadStream("package.json"),
    "net.connect": () => net.connect(1),
    "net.Socket.connect": () => new net.Socket().connect(1),
    "http.get": () => http.get("http://127.0.0.1:1"),
    "dgram.createSocket": () => dgram.createSocket("udp4"),
    "dns.lookup": () => dns.lookup("localhost", () => {}),
    "child_process.spawn": () => childProcess.spawn("true"),
    "worker_threads.Worker": () => new Worker("", { eval: true }),
    "process.exit": () => process.exit(0),
    "process.kill": () => process.kill(process.pid, 0),
    "crypto.pbkdf2": () => crypto.pbkdf2("a", "b", 1, 1, "sha1", () => {}),
    "zlib.gzip": () => zlib.gzip("a", () => {}),
  };
  for (const [what, call] of Object.entries(outside))
    it(`${what} throws, and is reported although it is caught`, () => {
      expect(call).toThrow(OutsideSimulationError);
      expect(host.reported.map((each) => each.what)).toEqual([what]);
      // The line of this file, as the test runner names it.
      expect(host.reported[0]?.error.message).toMatch(
        new RegExp(
          `^\`${what}\` was called at \\S*virtual-globals\\.test\\.ts:\\d+:\\d+ in a simulated schedule, but `,
        ),
      );
    });

  const promised: Readonly<Record<string, () => Promise<unknown>>> = {
    fetch: () => fetch("http://127.0.0.1:1"),
    "fs.promises.readFile": () => readFile("package.json"),
    "dns.promises.lookup": () => dns.promises.lookup("localhost"),
    "crypto.subtle.digest": () => globalThis.crypto.subtle.digest("SHA-1", new Uint8Array()),
  };
  for (const [what, call] of Object.entries(promised))
    it(`${what} rejects, and is reported although it is caught`, async () => {
      await expect(call()).rejects.toThrow(OutsideSimulationError);
      expect(host.reported.map((each) => each.what)).toEqual([what]);
    });

  it("is what would not be repeatable, and nothing else", () => {
    expect(crypto.createHash("sha1").update("a").digest("hex")).toHaveLength(40);
    expect(zlib.gunzipSync(zlib.gzipSync("a")).toString()).toBe("a");
    expect(host.reported).toEqual([]);
  });
});

describe("installing", () => {
  it("restores every property as it was", () => {
    restore();
    const watched = [
      globalThis,
      Math,
      Intl,
      process,
      crypto,
      fs,
      fs.promises,
      timers,
      timersPromises,
      net,
      zlib,
      Date.prototype,
      String.prototype,
    ];
    const before = watched.map((object) => Object.getOwnPropertyDescriptors(object));
    const zone = process.env["TZ"];
    installVirtualGlobals(new TestingHost())();
    for (const [index, object] of watched.entries()) {
      const after: Record<PropertyKey, unknown> = Object.getOwnPropertyDescriptors(object);
      for (const key of Reflect.ownKeys(after))
        expect(after[key], String(key)).toEqual(Reflect.get(before[index] ?? {}, key));
      expect(Reflect.ownKeys(after)).toEqual(Reflect.ownKeys(before[index] ?? {}));
    }
    expect(process.env["TZ"]).toBe(zone);
    expect(fs.existsSync("package.json")).toBe(true);
  });

  it("acts as the real functions between schedules of a hold", async () => {
    const release = holdVirtualGlobals();
    restore();
    expect(Math.abs(Date.now() - epochMs)).toBeGreaterThan(0);
    expect(JSON.parse(readFileSync("package.json", "utf8"))).toHaveProperty("workspaces");
    await new Promise((resolve) => setTimeout(resolve, 1));
    expect(crypto.randomBytes(8)).not.toEqual(crypto.randomBytes(8));
    release();
  });

  it("nests: the host before is active again", () => {
    const inner = installVirtualGlobals(new TestingHost());
    inner();
    inner();
    Math.random();
    expect(Math.random()).toBe(0.2);
  });

  it("leaves the driver its way to yield", async () => {
    await new Promise((resolve) => realSetImmediate(resolve));
    expect(host.pending).toBe(0);
  });

  it("sees the fake timers of test runners", () => {
    expect(activeFakeTimers()).toBeUndefined();
  });
});
