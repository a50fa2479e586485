/** How often an `update` is tried before it throws `ConflictError`. */
export const updateAttempts = 16;

/** How often a transaction is run before it throws `ConflictError`. */
export const transactionAttempts = 8;

/** The longest wait before the next attempt: doubles up to a second, so that many contenders spread out. */
export const backOffMs = (attempt: number): number => Math.min(10 * (1 << attempt), 1000);
