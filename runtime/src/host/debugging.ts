import { Session, url, waitForDebugger } from "node:inspector";
import type { StopPoint } from "./protocol.js";

/** How breakpoints ask: a name of this page's own on `globalThis`, where user code would not look. */
const question = "faultline: is this where to stop?";

/**
 * Says where a debugger can attach, waits for one, and has it stop at these points. Breakpoints belong to a session of
 * this process, so that every debugger stops there, and in the user's frame: no statement of ours is on the stack. The
 * condition is asked on the same thread, so nothing moves meanwhile, virtual time included. Answers with what is to be
 * told how to ask for the operation that comes next.
 */
export function awaitDebugger(
  stops: readonly StopPoint[],
  fileName: string,
  announce: (url: string) => void,
): (nextOperation: () => number) => void {
  const address = url();
  if (address === undefined) throw new Error("No debugger can attach: the inspector could not be started.");
  const session = new Session();
  session.connect();
  session.post("Debugger.enable");
  let nextOperation = () => -1;
  Object.defineProperty(globalThis, question, {
    value: (...operations: readonly number[]) => operations.includes(nextOperation()),
    configurable: true,
  });
  // A path is shown to debuggers as the address of a file.
  const urlRegex = `(?:${escaped(fileName)}|${escaped(encodeURI(fileName))})$`;
  for (const [first, ...others] of byPosition(stops)) {
    const operations = [first, ...others].flatMap(({ operation }) => operation ?? []);
    const condition = `globalThis[${JSON.stringify(question)}](${operations.join(", ")})`;
    session.post("Debugger.setBreakpointByUrl", {
      urlRegex,
      lineNumber: first.line - 1,
      columnNumber: first.column - 1,
      ...(operations.length === 0 ? {} : { condition }),
    });
  }
  announce(address);
  waitForDebugger();
  return (ask) => {
    nextOperation = ask;
  };
}

/** A position can have one breakpoint, also where several operations are invoked from it. */
function byPosition(stops: readonly StopPoint[]): readonly (readonly [StopPoint, ...StopPoint[]])[] {
  const groups = new Map<string, [StopPoint, ...StopPoint[]]>();
  for (const stop of stops) {
    const key = `${stop.line}:${stop.column}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [stop]);
    else group.push(stop);
  }
  return [...groups.values()];
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
