import type { Observer } from "./deployment.js";

/** For deployments that nobody watches. */
export const silentObserver: Observer = {
  callStarted: () => -1,
  callEnded: () => {},
  invoked: () => -1,
  completed: () => {},
  transactionBegun: () => -1,
  transactionRetried: () => {},
  transactionEnded: () => {},
};
