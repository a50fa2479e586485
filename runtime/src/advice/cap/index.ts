export { type CapChoice, type CapEntry, capChoices, capOf, type LevelCap } from "./cap.js";
export {
  type Otherwise,
  type Pacelc,
  type PacelcEntry,
  type Partitioned,
  pacelc,
  pacelcSystems,
} from "./pacelc.js";
