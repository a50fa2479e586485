import fs from "node:fs";
import process from "node:process";

// The named exception to "nothing ambient": the functions as they were before anything was patched. The driver of a
// simulation yields to the event loop with them, and the host writes its protocol.
export const realSetImmediate: typeof setImmediate = setImmediate;
export const realSetTimeout: typeof setTimeout = setTimeout;
export const realClearTimeout: typeof clearTimeout = clearTimeout;
export const realWriteSync: typeof fs.writeSync = fs.writeSync;
export const realExit: (code?: number) => never = process.exit.bind(process);

/** Wall time in milliseconds since the process started: for measuring, never for deciding. */
export const realNowMs: () => number = performance.now.bind(performance);
