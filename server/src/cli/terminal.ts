import process from "node:process";
import picocolors from "picocolors";

/** Respects `NO_COLOR`, `FORCE_COLOR` and pipes. */
export function isColored(stream: NodeJS.WriteStream): boolean {
  if (process.env["FORCE_COLOR"] !== undefined) return picocolors.isColorSupported;
  return stream.isTTY === true && picocolors.isColorSupported; // a pipe says undefined, which is no answer
}

/** A pipe has no width, and some terminals say 0: reports that are kept are made for a wide window. */
export function terminalWidth(stream: NodeJS.WriteStream): number {
  return stream.isTTY && stream.columns > 0 ? Math.max(60, stream.columns) : 120;
}
