export { type Category, type CategoryId, categories, categoryOf } from "./categories.js";
export { type Classification, classify, type Evidence, mentions, type Subject } from "./classify.js";
