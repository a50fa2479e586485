export {
  Configurations,
  type FileConfiguration,
  isConfigurationFile,
  type Regions,
  unconfigured,
  usualSchedules,
} from "./configurations.js";
export { nearest } from "./nearest.js";
export { type ConfigurationProblem, pathText } from "./problems.js";
export { configurationFile, packageFile, readConfiguration } from "./read.js";
export { type Configuration, configurationSchema, type Severities } from "./schema.js";
