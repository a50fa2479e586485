/**
 * Command query responsibility segregation as typed data: which methods change state, which only answer, and what is
 * derived for answering. The rules judge by it; nothing of it changes what a method does.
 */
export { Command } from "./command.js";
export { type Projection, projection } from "./projection.js";
export { Query } from "./query.js";
export { ReadModel, type ReadModelAnnotation } from "./read-model.js";
