import childProcess from "node:child_process";
import cluster from "node:cluster";
import crypto from "node:crypto";
import dgram from "node:dgram";
import dns from "node:dns";
import fs from "node:fs";
import http from "node:http";
import http2 from "node:http2";
import https from "node:https";
import net from "node:net";
import process from "node:process";
import tls from "node:tls";
import workerThreads from "node:worker_threads";
import zlib from "node:zlib";
import { activeHost } from "./host.js";
import { type Patch, replaceFunction } from "./patch.js";

/** User code reached for something that no seed can repeat. */
export class OutsideSimulationError extends Error {
  override readonly name = "OutsideSimulationError";
  readonly code = "FAULTLINE_OUTSIDE_SIMULATION";

  /** `what` is what was called: `fs.readFileSync`. */
  constructor(
    readonly what: string,
    because: string,
  ) {
    super(`\`${what}\` was called in a simulated schedule, but ${because}.`);
  }
}

const because = {
  files: "files are not part of the simulation: import the data as a module, or pass it in",
  network:
    "the network is not part of the simulation: pass in what makes the request, and give the scenario one that answers",
  processes: "other processes and threads are not part of the simulation: pass in what they compute",
  exit: "the process belongs to the simulation: throw an error instead",
  threads: "its answer arrives at a time that no seed can repeat: use the synchronous form",
  subtle: "its answer arrives at a time that no seed can repeat: use the synchronous functions of node:crypto",
};

/** Everything through which code could reach the machine. */
export function forbiddenPatches(): readonly Patch[] {
  const functionsOf = (module: object) => Object.keys(module).filter((key) => /^[a-z]/.test(key));
  const asynchronous = (module: object, names: readonly string[]) => names.filter((key) => `${key}Sync` in module);
  return [
    ...forbid(
      fs,
      "fs",
      functionsOf(fs).filter((key) => key !== "promises" && key !== "constants"),
      because.files,
    ),
    ...forbid(fs.promises, "fs.promises", functionsOf(fs.promises), because.files, "rejects"),
    ...forbid(globalThis, "", ["fetch", "WebSocket", "EventSource"], because.network, "rejects"),
    ...forbid(net.Socket.prototype, "net.Socket", ["connect"], because.network),
    ...forbid(net, "net", ["connect", "createConnection"], because.network),
    ...forbid(net.Server.prototype, "net.Server", ["listen"], because.network),
    ...forbid(tls, "tls", ["connect"], because.network),
    ...forbid(http, "http", ["request", "get"], because.network),
    ...forbid(https, "https", ["request", "get"], because.network),
    ...forbid(http2, "http2", ["connect"], because.network),
    ...forbid(dgram, "dgram", ["createSocket"], because.network),
    ...forbid(dns, "dns", namesWith(dns, /^(lookup|resolve|reverse)/), because.network),
    ...forbid(
      dns.promises,
      "dns.promises",
      namesWith(dns.promises, /^(lookup|resolve|reverse)/),
      because.network,
      "rejects",
    ),
    ...forbid(childProcess, "child_process", namesWith(childProcess, /^(spawn|exec|fork)/), because.processes),
    ...forbid(childProcess.ChildProcess.prototype, "child_process.ChildProcess", ["spawn"], because.processes),
    ...forbid(cluster, "cluster", ["fork"], because.processes),
    ...forbid(workerThreads, "worker_threads", ["Worker"], because.processes),
    ...forbid(process, "process", ["exit", "abort", "kill", "reallyExit"], because.exit),
    ...forbid(Object.getPrototypeOf(crypto.webcrypto.subtle), "crypto.subtle", subtleNames, because.subtle, "rejects"),
    ...forbid(crypto, "crypto", asynchronous(crypto, functionsOf(crypto)).filter(isThreaded), because.threads),
    ...forbid(zlib, "zlib", asynchronous(zlib, functionsOf(zlib)), because.threads),
  ];
}

const subtleNames = [
  "encrypt",
  "decrypt",
  "sign",
  "verify",
  "digest",
  "generateKey",
  "deriveKey",
  "deriveBits",
  "importKey",
  "exportKey",
  "wrapKey",
  "unwrapKey",
];
const namesWith = (module: object, pattern: RegExp) => Object.keys(module).filter((key) => pattern.test(key));
// `randomFill` has a `Sync` form too, but is virtual.
const isThreaded = (key: string) => !key.startsWith("random");

function forbid(
  target: object,
  owner: string,
  keys: readonly string[],
  why: string,
  failure: "throws" | "rejects" = "throws",
): readonly Patch[] {
  return keys.flatMap((key) => {
    const what = owner === "" ? key : `${owner}.${key}`;
    return replaceFunction(target, key, (real: (...args: unknown[]) => unknown) => {
      return function forbidden(this: unknown, ...args: unknown[]): unknown {
        const host = activeHost();
        const pass = () => (new.target === undefined ? Reflect.apply(real, this, args) : Reflect.construct(real, args));
        if (host === undefined || isOutput(owner, args)) return pass();
        const error = outsideError(what, why, forbidden);
        if (isModuleLoader(error)) return pass();
        host.forbidden(what, error);
        if (failure === "throws" || new.target !== undefined) throw error;
        const rejected = Promise.reject(error);
        // It has been reported; an unhandled rejection would report it once more.
        rejected.catch(() => {});
        return rejected;
      };
    });
  });
}

/** Deep call chains must not hide the user's line behind frames of Node and of libraries. */
function outsideError(what: string, why: string, caller: (...args: never[]) => unknown): OutsideSimulationError {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 50;
  const error = new OutsideSimulationError(what, why);
  Error.captureStackTrace(error, caller);
  Error.stackTraceLimit = limit;
  const line = userFrame(error);
  if (line !== undefined) error.message = error.message.replace("` was called", `\` was called at ${line}`);
  return error;
}

function userFrame(error: Error): string | undefined {
  for (const frame of frames(error)) {
    const position = /\(?([^()\s]+:\d+:\d+)\)?$/.exec(frame)?.[1];
    if (position !== undefined && !position.startsWith("node:") && !frame.includes("/node_modules/")) return position;
  }
  return undefined;
}

const frames = (error: Error): readonly string[] =>
  (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));

/** What the process prints goes through `fs` too, where it is a file. */
const isOutput = (owner: string, args: readonly unknown[]): boolean =>
  owner === "fs" && (args[0] === 1 || args[0] === 2);

/** In a test runner a module may be loaded while a schedule runs: `require` reads it through the public `fs`. */
const isModuleLoader = (error: Error): boolean => frames(error)[0]?.includes("node:internal/modules/") === true;
