/**
 * What helps to choose a level: what kind of data something is, what levels cost, how long light takes, and what is given up
 * when the network splits. Pure functions and tables; every figure says where it is from and may be replaced.
 */

export { type Level, levels } from "../levels.js";
export * from "./cap/index.js";
export * from "./classification/index.js";
export * from "./cost/index.js";
export * from "./latency/index.js";
export * from "./questions/index.js";
export * from "./spectrum/index.js";
