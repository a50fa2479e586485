export { microcentsOf, usdPerMillionOperations } from "./cost.js";
export { documentPrices, type Prices } from "./prices.js";
