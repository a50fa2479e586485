import process from "node:process";

/** Tells of promises that were rejected with nobody to hear it. Answers with a function that stops telling. */
export function onUnhandledRejection(listener: (reason: unknown) => void): () => void {
  const handler = (reason: unknown): void => listener(reason);
  process.on("unhandledRejection", handler);
  return () => {
    process.off("unhandledRejection", handler);
  };
}
