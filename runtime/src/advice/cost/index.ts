export {
  type Availability,
  type AvailabilityModel,
  availabilityOf,
  documentAvailability,
} from "./availability.js";
export {
  type ConsistencyCost,
  type CostModel,
  type CostRequest,
  costOf,
  costsOf,
  type Distribution,
  documentCosts,
} from "./consistency-cost.js";
export { microcentsOf, usdPerMillionOperations } from "./cost.js";
export { documentPrices, type Prices } from "./prices.js";
