/** Event sourcing as typed data: what happened, and how one decides what happens. The rules know it by origin. */
export { type Decider, decider } from "./decider.js";
export type { Event } from "./event.js";
