/**
 * What a child process is started with: reads the opening and the host's text from standard input, and lets the host read
 * the rest line by line. Waiting blocks the process: between two commands nothing of the user's may run.
 */
export const bootstrap = `"use strict";
const { readSync } = require("node:fs");
const { concat, allocUnsafe } = Buffer;
const { wait } = Atomics;
const pause = new Int32Array(new SharedArrayBuffer(4));
const chunk = allocUnsafe(1048576);
const read = () => {
  for (;;) {
    try {
      return readSync(0, chunk, 0, chunk.length, null);
    } catch (error) {
      if (error.code === "EOF") return 0;
      if (error.code !== "EAGAIN") throw error;
      wait(pause, 0, 0, 1);
    }
  }
};
let rest = allocUnsafe(0);
const take = (end) => {
  const taken = rest.subarray(0, end);
  rest = rest.subarray(end);
  return taken.utf8Slice(0, end);
};
const more = () => {
  const count = read();
  if (count > 0) rest = concat([rest, chunk.subarray(0, count)]);
  return count > 0;
};
const nextLine = () => {
  for (let from = 0; ; ) {
    const end = rest.indexOf(10, from);
    if (end >= 0) return take(end + 1);
    from = rest.length;
    if (!more()) return undefined;
  }
};
const { token, hostBytes } = JSON.parse(nextLine());
while (rest.length < hostBytes) if (!more()) process.exit(0);
const host = { exports: {} };
require("node:vm")
  .compileFunction(take(hostBytes), ["exports", "require", "module"], { filename: "faultline-host.cjs" })
  .call(host.exports, host.exports, require, host);
void host.exports.runHost({ token, nextLine });
`;
