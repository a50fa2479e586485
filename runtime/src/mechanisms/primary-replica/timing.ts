/** Heartbeats are as frequent as a second's detection needs; they also bring what was lost. */
export const heartbeatUs = 250_000;

/** A replica that has not answered so many heartbeats in a row is silent: after a good second. */
export const silentBeats = 4;

/** A primary is suspected after a silence between this and `detectionUs + detectionSpreadUs`. */
export const detectionUs = 1_000_000;
export const detectionSpreadUs = 2_000_000;

/** A request that has found no primary, or was refused, is sent again. */
export const retryUs = 500_000;
