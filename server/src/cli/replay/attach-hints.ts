import type { Debuggable } from "../../replay/debug.js";

/** Where a debugger has to attach, and what then happens. */
export function attachHints({ url, stops }: Debuggable): string {
  const { host, port } = new URL(url);
  const places = stops.map(({ file, range }) => `${file}:${range.start.line}`);
  const stopped =
    places.length === 0
      ? "Nothing failed, so it stops where you set a breakpoint"
      : `It stops at ${[...new Set(places)].join(", then at ")}`;
  return [
    `Waiting for a debugger at ${url}`,
    "",
    `  ${stopped}. Virtual time stands still meanwhile.`,
    `  VS Code   Faultline: Debug Seed, or a launch configuration { "type": "node", "request": "attach", "port": ${port} }`,
    `  Chrome    open chrome://inspect, add ${host} under Configure, then inspect`,
    "  Ctrl-C ends it. Node cannot take rights from a process that is debugged: this one may reach files.",
    "",
  ].join("\n");
}
