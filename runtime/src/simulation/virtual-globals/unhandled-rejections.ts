import process from "node:process";

/**
 * Tells of errors that reach nobody: promises that were rejected unheard, and what callbacks of ticks and microtasks
 * throw. `what` says which, in words. Answers with a function that stops telling.
 */
export function onUnhandledRejection(listener: (reason: unknown, what: string) => void): () => void {
  const rejected = (reason: unknown): void => listener(reason, "a promise was rejected and nobody handled it");
  const thrown = (error: unknown): void => listener(error, "an error was thrown and nobody caught it");
  process.on("unhandledRejection", rejected);
  process.on("uncaughtException", thrown);
  return () => {
    process.off("unhandledRejection", rejected);
    process.off("uncaughtException", thrown);
  };
}
